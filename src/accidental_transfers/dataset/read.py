"""Reading a dataset's CSV file, whoever made it, to count what is in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from accidental_transfers.dataset.columns import (
    ACCIDENT_COLUMNS,
    CUSTOMER_COLUMNS,
    LABEL_COLUMNS,
    TRANSACTION_COLUMNS,
)
from accidental_transfers.errors import DatasetFileError
from accidental_transfers.model.accidents import LABELS

if TYPE_CHECKING:
    import pandas as pd

FLAGS = {"true": True, "1": True, "1.0": True, "false": False, "0": False, "0.0": False}
FIRST_LINE = 2
"""The header is a file's line 1."""
LARGEST_AMOUNT = 1e12
"""In dollars; sums of cents stay exact."""


@dataclass(frozen=True, eq=False)
class Files:
    """A dataset's files as frames.

    Attributes
    ----------
    rows
        The columns of the dataset in order of customer (as they come) and time, with ``cents``,
        a truth value for each label, and ``day``, the midnight before.
    truth
        The companion about accidents, with ``row``, the position of its row; None without one.
    customers
        The companion about customers; None without one.
    """

    rows: pd.DataFrame
    truth: pd.DataFrame | None
    customers: pd.DataFrame | None


def read_files(path: Path) -> Files:
    """Read a dataset and the companions beside it.

    Raises
    ------
    DatasetFileError
        If one of them is not what it should be.
    """
    rows = _read_rows(path)
    accidents, customers = (
        path.with_name(f"{path.stem}.{name}.csv") for name in ("accidents", "customers")
    )
    return Files(
        rows=rows,
        truth=_read_truth(accidents, rows) if accidents.exists() else None,
        customers=_read(customers, CUSTOMER_COLUMNS) if customers.exists() else None,
    )


def _read(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, na_filter=False)
    except (OSError, ValueError) as error:
        raise DatasetFileError(f"{path} cannot be read: {error}") from error
    missing = [name for name in columns if name not in frame]
    if missing:
        raise DatasetFileError(
            f"{path} lacks the columns {', '.join(missing)}; it has {', '.join(frame.columns)}"
        )
    return frame[list(columns)]


def _read_rows(path: Path) -> pd.DataFrame:
    import pandas as pd

    rows = _read(path, TRANSACTION_COLUMNS)
    amount = pd.to_numeric(rows["amount"], errors="coerce")
    _require(amount.abs() <= LARGEST_AMOUNT, rows["amount"], path, "a number up to 10^12")
    time = pd.to_datetime(rows["timestamp"], format="ISO8601", errors="coerce")
    _require(time.notna(), rows["timestamp"], path, "a time like 2024-01-31 18:05:59")
    labels = {}
    for name, column in zip(LABELS, LABEL_COLUMNS, strict=True):
        flags = rows[column].str.lower().map(FLAGS)
        _require(flags.notna(), rows[column], path, "True or False")
        labels[name] = flags.astype(bool)
    rows = rows.assign(
        timestamp=time,
        day=time.dt.normalize(),
        cents=(amount * 100).round().astype("int64"),
        customer=pd.factorize(rows["customer_id"])[0],
        **labels,
    )
    return rows.sort_values(["customer", "timestamp"], kind="stable", ignore_index=True)


def _read_truth(path: Path, rows: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    truth = _read(path, ACCIDENT_COLUMNS)
    row = pd.Index(rows["transaction_id"])
    if not row.is_unique:
        raise DatasetFileError(f"{path} cannot be matched: transaction_id is not unique")
    position = pd.Series(row.get_indexer(truth["transaction_id"]), truth.index)
    _require(position >= 0, truth["transaction_id"], path, "a transaction of the dataset")
    return truth.assign(row=position).sort_values("row", ignore_index=True)


def _require(fine: pd.Series[bool], given: pd.Series[str], path: Path, allowed: str) -> None:
    """Refuse the first value that is not fine."""
    if not fine.all():
        row = int((~fine.to_numpy()).argmax())
        raise DatasetFileError(
            f"{path}, line {row + FIRST_LINE}: {given.name} is {given.iloc[row]!r}; "
            f"allowed: {allowed}"
        )
