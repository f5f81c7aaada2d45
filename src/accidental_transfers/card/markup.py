"""The small change of a page: tags, numbers as people read them, tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

_SHORT = ((10**9, "bn"), (10**6, "M"), (10**3, "k"))


def tag(name: str, content: str = "", **attributes: object) -> str:
    """Write an element; ``class_`` stands for ``class``, an underscore for a hyphen."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_attribute(value))}"'
        for key, value in attributes.items()
    )
    return f"<{name}{written}>{content}</{name}>"


def _attribute(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def count(number: float) -> str:
    """Write a whole number: ``949,488``."""
    return f"{number:,.0f}"


def short(number: float) -> str:
    """Write a round number in little space: ``20k``."""
    for size, unit in _SHORT:
        if number >= size:
            return f"{number / size:g}{unit}"
    return f"{number:g}"


def percent(share: float) -> str:
    """Write a share with three significant digits: ``1.28 %``."""
    return f"{share * 100:#.3g}".rstrip(".") + " %" if share else "0 %"


def money(cents: float) -> str:
    """Write cents as dollars: ``$1,234.56``."""
    return f"${cents / 100:,.2f}"


def size(byte_count: int) -> str:
    """Write bytes as people say them: ``131 MB``."""
    for power, unit in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if byte_count >= power:
            return f"{byte_count / power:.3g} {unit}"
    return f"{byte_count} B"


def words(name: str) -> str:
    """Write a name of the data as words: ``high amount`` for ``high_amount``."""
    return name.replace("_", " ")


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    numbers: Iterable[int] = (),
    prose: int | None = None,
) -> str:
    """Write a table that scrolls inside its own box.

    Parameters
    ----------
    head, rows
        Markup of the cells.
    numbers
        Positions of the columns that align to the right.
    prose
        Position of the column whose text may run over several lines.
    """
    classes = dict.fromkeys(numbers, "number")
    if prose is not None:
        classes[prose] = "prose"

    def cells(name: str, texts: Sequence[str]) -> str:
        return "".join(
            tag(name, text, class_=classes[position]) if position in classes else tag(name, text)
            for position, text in enumerate(texts)
        )

    body = "".join(tag("tr", cells("td", row)) for row in rows)
    whole = tag("thead", tag("tr", cells("th", head))) + tag("tbody", body)
    return scrolling(tag("table", whole))


def scrolling(content: str) -> str:
    """Put what may be wide into a box of its own that scrolls, by keyboard too."""
    return tag("div", content, class_="scroll", tabindex=0)


def code(text: str, language: str) -> str:
    """Show a piece of code."""
    return tag("h4", escape(language)) + tag("pre", tag("code", escape(text)), tabindex=0)


def figure(title: str, picture: str, caption: str = "", wide: bool = False) -> str:
    """Put a title over a picture and a caption under it."""
    head = tag("h3", title)
    foot = tag("figcaption", caption) if caption else ""
    return tag("figure", head + picture + foot, class_="wide" if wide else "half")


def section(name: str, title: str, lead: str, content: str) -> str:
    """Write a section with an anchor."""
    head = tag("h2", title) + (tag("p", lead, class_="lead") if lead else "")
    return tag("section", head + content, id=name)
