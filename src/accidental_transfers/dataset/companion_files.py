"""Reading the companions beside a dataset's CSV, and finding the rows that they tell of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from accidental_transfers.dataset.parse import (
    optional_amounts,
    optional_times,
    require,
    require_columns,
)
from accidental_transfers.errors import DatasetFileError

if TYPE_CHECKING:
    import pandas as pd

NEEDED_OF_ACCIDENTS = ("transaction_id", "kind")
NEEDED_OF_CUSTOMERS = ("customer_id", "home_city")
NEEDED_OF_OUTCOMES = ("transaction_id", "label_known_at")
TIMES_OF_OUTCOMES = ("noticed_at", "reported_at", "label_known_at", "resolved_at")


def companion(path: Path, name: str) -> Path:
    """Name a file beside the dataset: ``data.csv`` has ``data.accidents.csv``."""
    return path.with_name(f"{path.stem}.{name}")


def read_accidents(path: Path, rows: pd.DataFrame) -> pd.DataFrame:
    """Read a companion about accidents: `Files.truth`.

    Raises
    ------
    DatasetFileError
        If it cannot be read or matched.
    """
    return matched(_read_texts(path), rows, str(path))


def read_customers(path: Path) -> pd.DataFrame:
    """Read a companion about customers.

    Raises
    ------
    DatasetFileError
        If it cannot be read, or lacks a column.
    """
    customers = _read_texts(path)
    require_columns(customers, NEEDED_OF_CUSTOMERS, str(path))
    return customers


def read_outcomes(path: Path, rows: pd.DataFrame) -> pd.DataFrame:
    """Read a companion about what followed: `Files.outcomes`.

    Raises
    ------
    DatasetFileError
        If it cannot be read or matched.
    """
    return matched_outcomes(_read_texts(path), rows, str(path))


def _read_texts(path: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, na_filter=False)
    except (OSError, ValueError) as error:
        raise DatasetFileError(f"{path} cannot be read: {error}") from error


def matched(truth: pd.DataFrame, rows: pd.DataFrame, name: str = "the companion") -> pd.DataFrame:
    """Find the rows that a companion about accidents tells of: `Files.truth`.

    A row that tells of no group is one of its own.

    Raises
    ------
    DatasetFileError
        If the companion, which the message calls ``name``, is another dataset's.
    """
    require_columns(truth, NEEDED_OF_ACCIDENTS, name)
    ids = truth["transaction_id"]
    alone = {column: own for column, own in (("group", ids), ("position", "1"))
             if column not in truth}  # fmt: skip
    row = _rows_of(ids, rows, name)
    return truth.assign(row=row, **alone).sort_values("row", ignore_index=True)


def matched_outcomes(
    outcomes: pd.DataFrame, rows: pd.DataFrame, name: str = "the companion"
) -> pd.DataFrame:
    """Find the rows that a companion about what followed tells of: `Files.outcomes`.

    Raises
    ------
    DatasetFileError
        If the companion, which the message calls ``name``, is another dataset's, or has a time
        or an amount that cannot be read.
    """
    require_columns(outcomes, NEEDED_OF_OUTCOMES, name)
    read = {
        column: optional_times(outcomes[column], name)
        for column in TIMES_OF_OUTCOMES
        if column in outcomes
    }
    if "recovered_amount" in outcomes:
        read["recovered_amount"] = optional_amounts(outcomes["recovered_amount"], name)
    row = _rows_of(outcomes["transaction_id"], rows, name)
    return outcomes.assign(row=row, **read).sort_values("row", ignore_index=True)


def _rows_of(ids: pd.Series, rows: pd.DataFrame, name: str) -> npt.NDArray[np.intp]:
    """Give the positions of the rows that have some ids."""
    import pandas as pd

    every = rows["transaction_id"]
    if len(every) and every.isna().all():
        raise DatasetFileError(f"{name} cannot be matched: the dataset has no transaction_id")
    named = np.flatnonzero(every.isin(ids))
    known = pd.Index(every.iloc[named])
    if not known.is_unique:
        raise DatasetFileError(f"{name} cannot be matched: transaction_id is not unique")
    position = known.get_indexer(pd.Index(ids))
    require(position >= 0, ids, name, "a transaction of the dataset")
    found: npt.NDArray[np.intp] = named[position]
    return found
