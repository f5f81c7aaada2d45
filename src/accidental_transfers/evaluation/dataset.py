"""A dataset to be judged: what was read, and what follows from each row alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from accidental_transfers.dataset.columns import COLUMNS, LABEL_COLUMNS
from accidental_transfers.dataset.companion_files import matched, matched_outcomes
from accidental_transfers.dataset.read import Files, files_of, read_files
from accidental_transfers.errors import DatasetFileError, NotComputableError
from accidental_transfers.evaluation.readings import enough
from accidental_transfers.model.accidents import LABELS

CARD, ONLINE, P2P, BANK = "Credit Card", "Online Purchase", "Venmo/PayPal", "Bank Transfer"
PURCHASES, TRANSFERS = (CARD, ONLINE), (P2P, BANK)
SHORT_NAMES = {
    "transaction_id": "id",
    "transaction_type": "type",
    "recipient_entity": "recipient",
    "original_recipient_entity": "original",
}
SECONDS_PER_DAY = 86_400


@dataclass(frozen=True, eq=False)
class Dataset:
    """Labelled transactions with what follows from each row alone.

    Attributes
    ----------
    rows
        In order of customer and time; rows of one time stay as in the file. Columns:
        ``customer`` (code), ``id``, ``second`` (local clock, since 1970), ``subsecond``, ``day``
        (since the first), ``hour``, ``weekday`` (Monday is 0), ``type``, ``amount``, ``cents``,
        ``log_amount`` (NaN unless above 0), a truth value for each label, ``labelled``,
        ``city``, ``entity_type``, ``recipient``, ``original`` (the latter two with the same
        categories), ``empty_fields`` and ``file_row``.
    first_day
        The day that ``day`` counts from.
    labels
        Of the accidents that are part of the dataset.
    missing
        Columns of the dataset that the file lacks.
    others
        Features that have no line of their own in the search for leaks, as categories of text.
    unknown
        The file's columns that are none of the dataset.
    customer_ids
        Names of the customers: (codes,).
    accidents
        The companion with the truth about accidents, where there is one.
    customers
        The companion about the customers, where there is one.
    outcomes
        The companion about what followed, where there is one.
    """

    rows: pd.DataFrame
    first_day: pd.Timestamp
    labels: tuple[str, ...]
    missing: tuple[str, ...]
    others: pd.DataFrame
    unknown: tuple[str, ...]
    customer_ids: pd.Index
    accidents: pd.DataFrame | None = None
    customers: pd.DataFrame | None = None
    outcomes: pd.DataFrame | None = None

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

    def needs(self, *columns: str) -> None:
        """Go on only if the file has some of the dataset's columns.

        Raises
        ------
        NotComputableError
            If it lacks one.
        """
        missing = [name for name in columns if name in self.missing]
        if missing:
            raise NotComputableError(f"needs the column {', '.join(missing)}")

    def of_types(self, *types: str, least: int = 100) -> pd.DataFrame:
        """Give the unlabelled rows of some transaction types.

        Raises
        ------
        NotComputableError
            If they are fewer than ``least``.
        """
        found = self.honest[self.honest["type"].isin(types).to_numpy()]
        return enough(found, least, f"unlabelled rows of {' or '.join(types)}")

    def of_label(self, label: str, least: int = 20) -> pd.DataFrame:
        """Give the rows with one label.

        Raises
        ------
        NotComputableError
            If they are fewer than ``least``, or the file lacks the label's column.
        """
        self.needs(LABEL_COLUMNS[LABELS.index(label)])
        return enough(self.rows[self.rows[label].to_numpy()], least, f"rows labelled {label}")

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

    @property
    def aftermath(self) -> pd.DataFrame:
        """The companion about what followed.

        Raises
        ------
        NotComputableError
            If it is not beside the dataset.
        """
        if self.outcomes is None:
            raise NotComputableError("needs the companion .outcomes.csv")
        return self.outcomes


def read_dataset(path: Path) -> Dataset:
    """Read a dataset and, where they exist, its companions, as `read_files` does.

    Raises
    ------
    DatasetFileError
        As `read_files`, or if there are no transactions.
    """
    return derived(read_files(path), str(path))


def dataset(
    frame: pd.DataFrame,
    accidents: pd.DataFrame | None = None,
    customers: pd.DataFrame | None = None,
    outcomes: pd.DataFrame | None = None,
) -> Dataset:
    """Take frames of the dataset's and its companions' columns for a dataset.

    Raises
    ------
    DatasetFileError
        As `read_dataset`.
    """
    files = files_of(frame)
    if accidents is not None:
        files = replace(files, truth=matched(accidents, files.rows))
    if outcomes is not None:
        files = replace(files, outcomes=matched_outcomes(outcomes, files.rows))
    return derived(replace(files, customers=customers), "the frame")


def derived(files: Files, name: str) -> Dataset:
    """Derive what the scorecard needs from what was read.

    Raises
    ------
    DatasetFileError
        If there are no transactions; ``name`` is what the message calls the file.
    """
    rows = files.rows
    if rows.empty:
        raise DatasetFileError(f"{name} has no transactions")
    time = rows["timestamp"]
    second = time.to_numpy().astype("datetime64[s]").astype(np.int64)
    amount, first_day = rows["amount"].to_numpy(), time.min().normalize()
    with np.errstate(divide="ignore", invalid="ignore"):
        log_amount = np.where(amount > 0, np.log(amount), np.nan)
    known = rows.drop(columns=["timestamp", "day", "customer_id"]).rename(columns=SHORT_NAMES)
    return Dataset(
        rows=known.assign(
            second=second,
            subsecond=time.dt.microsecond.to_numpy(),
            day=second // SECONDS_PER_DAY - int(first_day.timestamp()) // SECONDS_PER_DAY,
            hour=time.dt.hour.to_numpy(),
            weekday=time.dt.day_of_week.to_numpy(),
            log_amount=log_amount,
            labelled=rows[list(LABELS)].any(axis=1).to_numpy(),
        ),
        first_day=first_day,
        labels=tuple(accident.name for accident in files.accidents),
        missing=files.missing,
        others=_others(files),
        unknown=tuple(map(str, files.unknown.columns)),
        customer_ids=rows["customer_id"].cat.categories,
        accidents=files.truth,
        customers=files.customers,
        outcomes=files.outcomes,
    )


def _others(files: Files) -> pd.DataFrame:
    """Give the features for which the search for leaks has no lines of their own."""
    known = [
        column.name
        for column in COLUMNS
        if not (column.is_truth or column.is_searched_apart or column.name in files.missing)
    ]
    return pd.concat([files.rows[known], files.unknown], axis=1)
