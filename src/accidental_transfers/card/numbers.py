"""Numbers and names as people read them; the templates know these functions as filters."""

from __future__ import annotations

from collections.abc import Callable

_SHORT = ((10**9, "bn"), (10**6, "M"), (10**3, "k"))
_BYTES = ((10**9, "GB"), (10**6, "MB"), (10**3, "kB"))


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
    for power, unit in _BYTES:
        if byte_count >= power:
            return f"{byte_count / power:.3g} {unit}"
    return f"{byte_count} B"


def words(name: str) -> str:
    """Write a name of the data as words: ``high amount`` for ``high_amount``."""
    return name.replace("_", " ")


FILTERS: dict[str, Callable[..., str]] = {
    each.__name__: each for each in (count, short, percent, money, size, words)
}
"""By their names in templates; ``count`` stands in place of Jinja's, which counts items."""
