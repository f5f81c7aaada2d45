"""The small change of a picture: scales, axes and marks as plain SVG.

Pictures are drawn on a sheet of 400 units and scale with their column, so that their type is
readable on a telephone and on a desk.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import get_args

from markupsafe import Markup, escape

from accidental_transfers.model.accident import Marker

SHEET = 400.0
"""Width of every picture, in its own units."""

LEFT, RIGHT = 36.0, 394.0
"""Where plots begin, behind the names of their axis, and end."""

LETTER = 6.8
"""Mean width of a letter, in those units; generous, so that nothing is cut."""

Scale = Callable[[float], float]
SHAPES: tuple[Marker, ...] = get_args(Marker)

_OUTLINES: dict[Marker, str] = {
    "circle": "M-3 0A3 3 0 1 1 3 0A3 3 0 1 1-3 0Z",
    "triangle": "M0-3.6L3.4 2.6H-3.4Z",
    "square": "M-2.7-2.7H2.7V2.7H-2.7Z",
    "diamond": "M0-3.8L3.2 0L0 3.8L-3.2 0Z",
    "cross": "M-1.2-3.4H1.2V-1.2H3.4V1.2H1.2V3.4H-1.2V1.2H-3.4V-1.2H-1.2Z",
}


def linear(low: float, high: float, start: float, end: float) -> Scale:
    """Map a range of values onto a range of the sheet."""
    span = (high - low) or 1.0
    return lambda value: start + (value - low) / span * (end - start)


def logarithmic(low: float, high: float, start: float, end: float) -> Scale:
    """Map a range of positive values onto a range of the sheet by their logarithms."""
    scale = linear(math.log10(low), math.log10(high), start, end)
    return lambda value: scale(math.log10(value))


def nice_ticks(high: float, most: int = 4) -> list[float]:
    """Choose round whole numbers from 0 to at most ``high``: steps of 1, 2, 5, 10 and so on."""
    if high <= 0:
        return [0.0]
    power = math.pow(10, math.floor(math.log10(high / most)))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor * most >= high)
    step = max(step, 1.0)
    return [step * number for number in range(int(high / step) + 1)]


def decades(low: float, high: float) -> list[float]:
    """Give the powers of ten within a range."""
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    return [10.0**power for power in range(first, last + 1)]


def picture(height: float, marks: Iterable[Markup], label: str) -> Markup:
    """Put marks on a sheet; the label is what who cannot see it hears."""
    return _element(
        "svg",
        Markup("").join(marks),
        viewBox=f"0 0 {SHEET:g} {height:g}",
        role="img",
        aria_label=label,
    )


def text(x: float, y: float, content: str, anchor: str = "start", class_: str = "tick") -> Markup:
    """Write a line of text."""
    return _element("text", content, x=x, y=y, text_anchor=anchor, class_=class_)


def line(x1: float, y1: float, x2: float, y2: float, class_: str = "grid") -> Markup:
    """Draw a line."""
    return _element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def rectangle(
    x: float,
    y: float,
    width: float,
    height: float,
    title: str,
    class_: str = "mark",
    **more: float,
) -> Markup:
    """Draw a rectangle that says what it stands for when it is pointed at."""
    return _element(
        "rect", _element("title", title),
        x=x, y=y, width=max(width, 0.0), height=max(height, 0.0), class_=class_, **more,
    )  # fmt: skip


def circle(x: float, y: float, radius: float, title: str, class_: str = "mark") -> Markup:
    """Draw a circle that says what it stands for when it is pointed at."""
    return _element("circle", _element("title", title), cx=x, cy=y, r=radius, class_=class_)


def path(points: Iterable[tuple[float, float]], class_: str, closed: bool = False) -> Markup:
    """Draw a line through points."""
    d = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + ("Z" if closed else "")
    return _element("path", d=d, class_=class_)


def marker(x: float, y: float, shape: Marker, title: str, class_: str) -> Markup:
    """Draw a mark of a shape of its own, so that colour is not all that tells it apart."""
    return _element(
        "path", _element("title", title),
        d=_OUTLINES[shape], transform=f"translate({x:.1f} {y:.1f})", class_=class_,
    )  # fmt: skip


def _element(name: str, content: str = "", **attributes: float | str) -> Markup:
    """Write an element; ``class_`` stands for ``class``, an underscore for a hyphen."""
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    # Formatting by Markup itself escapes as well, but takes three times as long.
    return Markup(f"<{name}{written}>{escape(content)}</{name}>")  # noqa: S704


def _attribute(name: str, value: float | str) -> str:
    return f' {name.rstrip("_").replace("_", "-")}="{escape(_spelt(value))}"'


def _spelt(value: float | str) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
