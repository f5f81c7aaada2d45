"""Parts of documents that are made from the code.

They stand between ``<!-- name -->`` and ``<!-- /name -->`` and are never edited by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table as Markdown has it."""
    lines = [f"| {' | '.join(line)} |" for line in (head, *rows)]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:]])


def with_parts(text: str, made: Mapping[str, str]) -> str:
    """Put generated parts into the text of a document; one that has no place yet comes last."""
    for name, part in made.items():
        begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, _, rest = text.partition(f"{begin}\n")
        _, _, after = rest.partition(end)
        text = f"{before}{begin}\n{part}\n{end}{after}"
    return text
