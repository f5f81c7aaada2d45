"""A dataset to be judged: read from CSV, validated, in order of customer and time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from accidental_transfers.dataset.columns import LABEL_COLUMNS, TRANSACTION_COLUMNS
from accidental_transfers.errors import DatasetFileError, NotComputableError
from accidental_transfers.evaluation.readings import enough

KINDS = ("burst", "high_amount", "mistyped")
"""The kinds of accident, in the order of their columns."""
CARD, ONLINE, P2P, BANK = "Credit Card", "Online Purchase", "Venmo/PayPal", "Bank Transfer"
PURCHASES, TRANSFERS = (CARD, ONLINE), (P2P, BANK)
FLAGS = {"true": True, "1": True, "1.0": True, "false": False, "0": False, "0.0": False}
REQUIRED = ("customer_id", "timestamp", "transaction_type", *LABEL_COLUMNS)
SECONDS_PER_DAY = 86_400
FIRST_LINE = 2
"""The header is a file's line 1."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Labelled transactions with what follows from each row alone.

    Attributes
    ----------
    rows
        In order of customer and time; rows of one second stay as in the file. Columns:
        ``customer`` (code), ``id``, ``second`` (local clock, since 1970), ``subsecond``, ``day``
        (since the first), ``hour``, ``weekday`` (Monday is 0), ``type``, ``amount``, ``cents``
        (-1 where unknown), ``log_amount`` (NaN unless above 0), a truth value per kind of
        accident, ``labelled``, ``city``, ``entity_type``, ``recipient``, ``original`` (the
        latter two with common categories), ``empty_fields`` and ``file_row``.
    first_day
        The day that ``day`` counts from.
    customer_ids
        Names of the customers: (codes,).
    accidents
        The companion with the truth about accidents, where there is one.
    customers
        The companion about the customers, where there is one.
    """

    rows: pd.DataFrame
    first_day: pd.Timestamp
    customer_ids: pd.Index
    accidents: pd.DataFrame | None = None
    customers: pd.DataFrame | None = None

    @property
    def days(self) -> int:
        """Days from the first to the last transaction, both included."""
        return int(self.rows["day"].max()) + 1

    @cached_property
    def honest(self) -> pd.DataFrame:
        """The rows without a label."""
        return self.rows[~self.rows["labelled"].to_numpy()]

    @cached_property
    def dates(self) -> pd.DatetimeIndex:
        """Every day of the period."""
        return pd.date_range(self.first_day, periods=self.days)

    def of_types(self, *types: str, least: int = 100) -> pd.DataFrame:
        """Give the unlabelled rows of some transaction types.

        Raises
        ------
        NotComputableError
            If they are fewer than ``least``.
        """
        found = self.honest[self.honest["type"].isin(types).to_numpy()]
        return enough(found, least, f"unlabelled rows of {' or '.join(types)}")

    def of_kind(self, kind: str, least: int = 20) -> pd.DataFrame:
        """Give the rows with one kind of label.

        Raises
        ------
        NotComputableError
            If they are fewer than ``least``.
        """
        return enough(self.rows[self.rows[kind].to_numpy()], least, f"rows labelled {kind}")

    @property
    def truth(self) -> pd.DataFrame:
        """The companion with the truth about accidents.

        Raises
        ------
        NotComputableError
            If it is not beside the dataset.
        """
        if self.accidents is None:
            raise NotComputableError("needs the companion .accidents.csv")
        return self.accidents


def companion(path: Path, name: str) -> Path:
    """Name a file beside the dataset: ``data.csv`` has ``data.accidents.csv``."""
    return path.with_name(f"{path.stem}.{name}")


def read_dataset(path: Path) -> Dataset:
    """Read a dataset and, where they exist, its companions.

    They are ``.accidents.csv`` and ``.customers.csv``, beside it.

    Any CSV with the twelve columns will do, in any order of rows and with any vocabulary.

    Raises
    ------
    DatasetFileError
        Naming the missing columns, or the line, the column and the value that cannot be read.
    """
    beside = (companion(path, name) for name in ("accidents.csv", "customers.csv"))
    companions = [_read_csv(file, None) if file.exists() else None for file in beside]
    return dataset(_read_csv(path, TRANSACTION_COLUMNS), *companions)


def dataset(
    frame: pd.DataFrame,
    accidents: pd.DataFrame | None = None,
    customers: pd.DataFrame | None = None,
) -> Dataset:
    """Validate a frame with the twelve columns and derive what the scorecard needs.

    Raises
    ------
    DatasetFileError
        As `read_dataset`.
    """
    missing = [name for name in TRANSACTION_COLUMNS if name not in frame.columns]
    if missing:
        raise DatasetFileError(f"missing columns: {', '.join(missing)}")
    if frame.empty:
        raise DatasetFileError("no transactions")
    for name in REQUIRED:
        _refuse(frame[name], frame[name].isna(), "is empty")
    rows, first_day = _derived(frame.reset_index(drop=True))
    order = np.lexsort((rows["second"], rows["customer"]))
    ids = pd.Index(pd.factorize(frame["customer_id"])[1])
    return Dataset(rows.take(order).reset_index(drop=True), first_day, ids, accidents, customers)


def _read_csv(path: Path, columns: tuple[str, ...] | None) -> pd.DataFrame:
    few = {"customer_id", "transaction_type", "city", "entity_type", *LABEL_COLUMNS}
    names = {"recipient_entity", "original_recipient_entity"}
    types: dict[str, str] = dict.fromkeys(TRANSACTION_COLUMNS, "str")
    types |= dict.fromkeys(few | names, "category")
    del types["amount"]
    wanted: Callable[[str], bool] | None = columns.__contains__ if columns else None
    try:
        # "None" or "NA" may well be somebody's name.
        return pd.read_csv(path, usecols=wanted, dtype=types, keep_default_na=False, na_values=[""])
    except (OSError, UnicodeError, pd.errors.EmptyDataError, pd.errors.ParserError) as error:
        raise DatasetFileError(f"{path}: {error}") from error


def _refuse(column: pd.Series, bad: pd.Series, why: str) -> None:
    if bad.any():
        row = int(bad.to_numpy().argmax())
        value = column.iloc[row]
        raise DatasetFileError(f"line {row + FIRST_LINE}: {column.name} {value!r} {why}")


def _derived(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.Timestamp]:
    time = _times(frame["timestamp"])
    second = time.to_numpy().astype("datetime64[s]").astype(np.int64)
    first_day = time.min().normalize()
    amount = _amounts(frame["amount"])
    recipient, original = _common(frame["recipient_entity"], frame["original_recipient_entity"])
    flags = {kind: _flags(frame[column]) for kind, column in zip(KINDS, LABEL_COLUMNS, strict=True)}
    with np.errstate(divide="ignore", invalid="ignore"):
        log_amount = np.where(amount > 0, np.log(amount), np.nan)
    rows = pd.DataFrame(
        {
            "customer": pd.factorize(frame["customer_id"])[0],
            "id": frame["transaction_id"].astype("str").to_numpy(),
            "second": second,
            "subsecond": time.dt.microsecond.to_numpy(),
            "day": second // SECONDS_PER_DAY - first_day.timestamp() // SECONDS_PER_DAY,
            "hour": time.dt.hour.to_numpy(),
            "weekday": time.dt.day_of_week.to_numpy(),
            "type": _texts(frame["transaction_type"]),
            "amount": amount,
            "cents": np.where(np.isnan(amount), -1, np.rint(amount * 100)).astype(np.int64),
            "log_amount": log_amount,
            **flags,
            "labelled": np.logical_or.reduce(list(flags.values())),
            "city": _texts(frame["city"]),
            "entity_type": _texts(frame["entity_type"]),
            "recipient": recipient,
            "original": original,
            "empty_fields": frame[list(TRANSACTION_COLUMNS)].isna().sum(axis=1).to_numpy(),
            "file_row": np.arange(len(frame)),
        }
    )
    return rows.astype({"day": np.int64}), first_day


def _times(column: pd.Series) -> pd.Series:
    if not pd.api.types.is_datetime64_any_dtype(column):
        try:
            time = pd.to_datetime(column.astype("str"), format="ISO8601", errors="coerce")
        except ValueError as error:  # several offsets in one file
            raise DatasetFileError(f"timestamp: {error}") from error
        _refuse(column, time.isna(), "is no time such as 2024-01-31 08:15:42")
        column = time
    return column.dt.tz_localize(None)  # the local clock, whatever its offset


def _amounts(column: pd.Series) -> npt.NDArray[np.float64]:
    numbers = pd.to_numeric(column, errors="coerce").astype(np.float64)
    _refuse(column, (numbers.isna() & column.notna()) | np.isinf(numbers), "is no amount")
    return np.asarray(numbers, np.float64)


def _flags(column: pd.Series) -> npt.NDArray[np.bool_]:
    texts = column.astype("category")
    meaning = [FLAGS.get(str(text).lower()) for text in texts.cat.categories]
    unclear = np.array([each is None for each in meaning])[texts.cat.codes]
    _refuse(column, pd.Series(unclear), "is neither True nor False")
    return np.array(meaning, dtype=bool)[texts.cat.codes]


def _texts(column: pd.Series) -> pd.Categorical:
    return pd.Categorical(column).rename_categories(str)


def _common(*columns: pd.Series) -> list[pd.Categorical]:
    """Give several columns the same categories, so that their codes can be compared."""
    given = [_texts(column) for column in columns]
    both = pd.api.types.union_categoricals(given, ignore_order=True)
    return [each.set_categories(both.categories) for each in given]
