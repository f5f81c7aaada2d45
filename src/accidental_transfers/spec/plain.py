"""What a notebook has at hand, in the words of the specification."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeAlias

import numpy as np

from accidental_transfers.model.parameters import Range

Whole: TypeAlias = int | np.integer[Any]
Number: TypeAlias = float | np.floating[Any] | np.integer[Any]
Day: TypeAlias = date | str | np.datetime64
"""A time at midnight, as pandas has days, is a date for type checkers."""
Interval: TypeAlias = Range | tuple[Number, Number] | Mapping[str, Number]


def plain(value: Any) -> Any:
    """Take numpy's scalars for Python's, and a pair for the two ends of a range.

    What is neither stays as it is, for the specification to accept or to refuse by name.

    Examples
    --------
    >>> plain(np.int64(50)), plain((8, np.float32(15)))
    (50, {'min': 8, 'max': 15.0})
    """
    if isinstance(value, np.datetime64):
        return value.astype("datetime64[us]").item()
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, tuple) and len(value) == 2:
        return dict(zip(("min", "max"), map(plain, value), strict=True))
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    return value
