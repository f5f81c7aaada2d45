"""From a file's text to values, or a refusal that names the file, the line and the column."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from accidental_transfers.errors import DatasetFileError
from accidental_transfers.model.arrays import Bool

if TYPE_CHECKING:
    import pandas as pd

FLAGS = {"true": True, "1": True, "1.0": True, "false": False, "0": False, "0.0": False}
FIRST_LINE = 2
"""The header is a file's line 1."""
LARGEST_AMOUNT = 1e12
"""In dollars; sums of cents stay exact."""


def times(given: pd.Series, name: str) -> pd.Series:
    """Read times by the local clock, whatever its offset.

    Raises
    ------
    DatasetFileError
        Naming the first line that has no time.
    """
    import pandas as pd

    try:
        time = pd.to_datetime(given.astype("str"), format="ISO8601", errors="coerce")
    except ValueError as error:  # several offsets in one file
        raise DatasetFileError(f"{name}: timestamp: {error}") from error
    require(time.notna(), given, name, "a time like 2024-01-31 18:05:59")
    local: pd.Series = time.dt.tz_localize(None)
    return local


def optional_times(given: pd.Series, name: str) -> pd.Series:
    """Read times by the local clock of a column of text; empty ones stay without a value.

    Raises
    ------
    DatasetFileError
        Naming the first line that has something else.
    """
    import pandas as pd

    time = pd.to_datetime(given.where(given != ""), format="ISO8601", errors="coerce")
    require(time.notna() | (given == ""), given, name, "empty, or a time like 2024-01-31 18:05:59")
    return time


def optional_amounts(given: pd.Series, name: str) -> pd.Series[float]:
    """Read dollars of a column of text; empty ones are 0.

    Raises
    ------
    DatasetFileError
        Naming the first line that has no number up to `LARGEST_AMOUNT`.
    """
    return amounts(given.where(given != "", "0"), name)


def amounts(given: pd.Series, name: str) -> pd.Series[float]:
    """Read dollars.

    Raises
    ------
    DatasetFileError
        Naming the first line that has no number up to `LARGEST_AMOUNT`.
    """
    import pandas as pd

    amount = pd.to_numeric(given, errors="coerce").astype("float64")
    require(amount.abs() <= LARGEST_AMOUNT, given, name, "a number up to 10^12")
    return amount


def flags(given: pd.Series, name: str) -> Bool:
    """Read truth values.

    Raises
    ------
    DatasetFileError
        Naming the first line that has none of `FLAGS`.
    """
    texts = given.astype("category")
    meaning = [FLAGS.get(str(text).lower()) for text in texts.cat.categories]
    # The last one is an empty field's.
    clear = np.array([flag is not None for flag in meaning] + [False])
    codes = texts.cat.codes.to_numpy()
    require(clear[codes], given, name, "True or False")
    return np.array([bool(flag) for flag in meaning], np.bool_)[codes]


def require_columns(frame: pd.DataFrame, needed: Iterable[str], name: str) -> None:
    """Go on only if a frame has some columns.

    Raises
    ------
    DatasetFileError
        Naming those that are missing.
    """
    missing = [column for column in needed if column not in frame]
    if missing:
        raise DatasetFileError(
            f"{name} lacks the columns {', '.join(missing)}; "
            f"it has {', '.join(map(str, frame.columns))}"
        )


def require(fine: Any, given: pd.Series, name: str, allowed: str) -> None:
    """Go on only if every value is fine.

    Raises
    ------
    DatasetFileError
        Naming the first one that is not.
    """
    good = np.asarray(fine, np.bool_)
    if not good.all():
        row = int((~good).argmax())
        value = given.iloc[row]
        shown = str(value) if given.notna().iloc[row] else ""
        raise DatasetFileError(
            f"{name}, line {row + FIRST_LINE}: {given.name} is {shown!r}; allowed: {allowed}"
        )
