"""What measuring a line of the scorecard gives: a value, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sized
from dataclasses import dataclass, field
from typing import TypeVar

from accidental_transfers.errors import NotComputableError

Found = TypeVar("Found", bound=Sized)


@dataclass(frozen=True)
class Reading:
    """A value that has more to tell.

    Attributes
    ----------
    value
        What is judged.
    also
        The same item read in other ways, or in parts.
    limit
        The upper limit, where it depends on what was measured.
    note
        What the value belongs to.
    """

    value: float
    also: Mapping[str, float] = field(default_factory=dict)
    limit: float | None = None
    note: str = ""


Measure = Callable[..., float | Reading]
"""Takes a dataset and, where a line is about a part of it, the part's name."""


def enough(found: Found, least: int, what: str) -> Found:
    """Hand values on if there are enough for a statistic.

    Raises
    ------
    NotComputableError
        If there are fewer than ``least``.
    """
    if len(found) < least:
        raise NotComputableError(f"{len(found)} {what}; at least {least} are needed")
    return found
