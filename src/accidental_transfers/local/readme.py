"""Write README's tables anew: `python -m accidental_transfers.local.readme`.

A table stands between ``<!-- name -->`` and ``<!-- /name -->`` and is never edited by hand.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from accidental_transfers.dataset.columns import COLUMNS
from accidental_transfers.spec import JobSpec

README = Path(__file__).resolve().parents[3] / "README.md"


def tables() -> dict[str, str]:
    """Make every generated table, by its name."""
    return {"columns": _columns(), "fields": _fields()}


def _columns() -> str:
    rows = ((f"`{each.name}`", each.type.name, each.meaning) for each in COLUMNS)
    return _table(("column", "type", "value"), rows)


def _fields() -> str:
    resolved = JobSpec().model_dump(mode="json")
    rows = (
        (f"`{name}`", f"`{json.dumps(resolved[name])}`", _marked_up(str(field.description)))
        for name, field in JobSpec.model_fields.items()
    )
    return _table(("field", "default", "allowed"), rows)


_NAMED = ("start_date", "end_date", "scheduled_time", "output_key", "lookalikes")
"""Fields that the descriptions of others name."""


def _marked_up(text: str) -> str:
    """Show values that stand in quotes, and the fields that a text names, as code."""
    text = re.sub(r"'([\w-]+)'", r'`"\1"`', text)
    return re.sub(rf"\{{\w+\}}|\b({'|'.join(_NAMED)})\b", r"`\g<0>`", text)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(line)} |" for line in (head, *rows)]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:]])


def with_tables(text: str) -> str:
    """Put the tables into the text of README."""
    for name, table in tables().items():
        begin, end = f"<!-- {name} -->\n", f"\n<!-- /{name} -->"
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        text = before + begin + table + end + after
    return text


def main() -> int:
    """Write the tables.

    Returns
    -------
    The exit status: 0.
    """
    README.write_text(with_tables(README.read_text("utf-8")), "utf-8")
    sys.stderr.write(f"{README}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
