"""Parts of documents that are made from the code.

They stand between ``<!-- name -->`` and ``<!-- /name -->``, in YAML between ``# name`` and
``# /name``, and are never edited by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table as Markdown has it."""
    lines = [f"| {' | '.join(line)} |" for line in (head, *rows)]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:]])


MARKUP, YAML = "<!-- {} -->", 10 * " " + "# {}"
"""How comments are written, in YAML as deep as the columns of a table are."""


def price(dollars: float) -> str:
    """Write dollars with two figures that count, or cents."""
    decimals = 4 if dollars < 0.01 else 3 if dollars < 0.1 else 2
    return f"${dollars:,.{decimals}f}"


def with_parts(text: str, made: Mapping[str, str], comment: str = MARKUP) -> str:
    """Put generated parts into the text of a document; one that has no place yet comes last."""
    for name, part in made.items():
        begin, end = comment.format(name), comment.format(f"/{name}")
        before, _, rest = text.partition(f"{begin}\n")
        _, _, after = rest.partition(end)
        text = f"{before}{begin}\n{part}\n{end}{after}"
    return text
