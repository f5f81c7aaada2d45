"""Counting what is in a dataset's frames: the slow way, for any vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from accidental_transfers.dataset.columns import columns_of
from accidental_transfers.dataset.read import Files, read_files
from accidental_transfers.model.accident import Accident
from accidental_transfers.model.accidents import kind_names_of
from accidental_transfers.model.arrays import Bool, Codes
from accidental_transfers.model.facts.reference import HOURS, reference
from accidental_transfers.statistics.network import by_number, kept
from accidental_transfers.statistics.people_of_frames import (
    PERSON_PATTERN,
    month_of_frames,
    ties_of_frames,
)
from accidental_transfers.statistics.statistics import (
    CONTEXT,
    EXAMPLES,
    Counts,
    Example,
    Histogram,
    Statistics,
    amount_bins,
    in_order,
)

if TYPE_CHECKING:
    import pandas as pd

WEEKDAYS = 7
UNKNOWN = "unknown"
"""An entity type that a file does not tell."""


def statistics_from_csv(path: Path) -> Statistics:
    """Count what is in a CSV file of the dataset's columns, and in its companions.

    The companions ``….accidents.csv`` and ``….customers.csv`` are read where they stand beside
    it. Without them, kinds are unknown, examples are those of the labels, and a customer's home
    is the most frequent city.

    Raises
    ------
    DatasetFileError
        Naming the file and the missing columns, or the line, the column and the value that
        cannot be read.
    """
    return statistics_of_files(read_files(path))


def statistics_of_files(files: Files) -> Statistics:
    """Count what is in a dataset and its companions."""
    rows = files.rows
    labels = [accident.name for accident in files.accidents]
    homes = _homes(files)
    counted = Statistics(
        rows=len(rows),
        customers=len(homes),
        home_rows=int(_is_at_home(rows, homes).sum()),
        by_date=_by_date(rows),
        by_weekday_hour=_by_weekday_hour(rows),
        by_entity_type=_by_entity_type(rows),
        by_city=_by_city(rows, homes),
        by_label={name: int(rows[name].sum()) for name in labels},
        by_kind=_by_kind(files),
        labels_by_week=_labels_by_week(rows, labels),
        amounts={name: _amounts(own, labels) for name, own in _by_type(rows)},
        cents={name: _money(own) for name, own in _by_type(rows)},
        **_recipients(rows),
        **_by_customer(rows, labels, list(homes.index)),
        **_ties(files, list(homes.index)),
        month=month_of_frames(rows, homes),
        examples=_examples(files),
    )
    return in_order(counted)


def _types(rows: pd.DataFrame) -> list[str]:
    return _ordered(rows["transaction_type"], [t.name for t in reference().transaction_types])


def _by_type(rows: pd.DataFrame) -> Iterable[tuple[str, pd.DataFrame]]:
    return ((name, rows[rows["transaction_type"] == name]) for name in _types(rows))


def _ordered(values: pd.Series[str], known: Sequence[str]) -> list[str]:
    """Give the values that occur, known ones first."""
    found = set(values.dropna().unique())
    return [name for name in known if name in found] + sorted(found - set(known))


def _homes(files: Files) -> pd.Series[str]:
    """Give everybody's home city by customer: what is told of them, else what is most usual."""
    if files.customers is not None:
        return files.customers.set_index("customer_id")["home_city"]
    cities = (
        files.rows.groupby(["customer_id", "city"], observed=True).size().reset_index(name="rows")
    )
    often = cities.sort_values("rows", ascending=False, kind="stable")
    homes = often.drop_duplicates("customer_id").set_index("customer_id")["city"].astype("str")
    return homes.reindex(files.rows["customer_id"].cat.categories)


def _is_at_home(rows: pd.DataFrame, homes: pd.Series[str]) -> Bool:
    import pandas as pd

    city, customer = rows["city"].cat, rows["customer_id"].cat
    home = city.categories.get_indexer(pd.Index(homes.reindex(customer.categories)))
    codes = city.codes.to_numpy()
    at_home: Bool = (codes == home[customer.codes]) & (codes >= 0)
    return at_home


def _by_date(rows: pd.DataFrame) -> dict[str, Counts]:
    import pandas as pd

    table = pd.crosstab(rows["day"], rows["transaction_type"])
    types = _types(rows)
    return {f"{day:%Y-%m-%d}": _named(table.loc[day], types) for day in table.index}


def _by_weekday_hour(rows: pd.DataFrame) -> dict[str, list[list[int]]]:
    counts = {}
    for name, own in _by_type(rows):
        hour = own["timestamp"].dt.day_of_week * HOURS + own["timestamp"].dt.hour
        weekly = np.bincount(hour, minlength=WEEKDAYS * HOURS)
        counts[name] = weekly.reshape(WEEKDAYS, HOURS).tolist()
    return counts


def _by_entity_type(rows: pd.DataFrame) -> dict[str, Counts]:
    known = [entity.name for entity in reference().entity_types]
    found = {}
    for name, own in _by_type(rows):
        entity = own["entity_type"]
        found[name] = _named(entity.value_counts(), _ordered(entity, known))
        # Types' rows are the sums over their entity types.
        if untold := int(entity.isna().sum()):
            found[name][UNKNOWN] = found[name].get(UNKNOWN, 0) + untold
    return found


def _by_city(rows: pd.DataFrame, homes: pd.Series[str]) -> dict[str, Counts]:
    visited, lived = rows["city"].value_counts(), homes.value_counts()
    return {
        str(city): {
            "rows": int(visited.get(city, 0)),
            "home_customers": int(lived.get(city, 0)),
        }
        for city in {*visited.index[visited > 0], *lived.index}
    }


def _by_kind(files: Files) -> dict[str, Counts]:
    truth = files.truth
    if truth is None:
        return {}
    known = kind_names_of(files.accidents)
    rows = truth["kind"].value_counts()
    events = truth.loc[truth["position"] == "1", "kind"].value_counts()
    return {
        name: {"events": int(events.get(name, 0)), "rows": int(rows.get(name, 0))}
        for name in (*known, *sorted(set(rows.index) - set(known)))
    }


def _labels_by_week(rows: pd.DataFrame, labels: list[str]) -> dict[str, Counts]:
    labelled = rows[rows[labels].any(axis=1)]
    monday = labelled["day"] - _days(labelled["day"].dt.day_of_week)
    table = labelled[labels].groupby(monday.dt.strftime("%Y-%m-%d")).sum()
    return {str(week): _named(table.loc[week], labels) for week in table.index}


def _days(count: pd.Series[int]) -> Any:
    import pandas as pd

    return pd.to_timedelta(count, unit="D")


def _amounts(rows: pd.DataFrame, labels: list[str]) -> dict[str, Histogram]:
    bins = amount_bins(rows["cents"].to_numpy())
    every = {"all": _histogram(bins)}
    return every | {name: _histogram(bins[rows[name].to_numpy()]) for name in labels}


def _money(rows: pd.DataFrame) -> Counts:
    return {"sum": int(rows["cents"].sum()), "largest": int(rows["cents"].max())}


def _recipients(rows: pd.DataFrame) -> dict[str, Any]:
    payments = rows["recipient_entity"].value_counts()
    payments = payments[payments > 0]
    is_person = payments.index.astype("str").str.fullmatch(PERSON_PATTERN).astype(bool)
    merchants = payments[~is_person]
    return {
        "merchants": _named(merchants, merchants.index),
        "people": {"payments": int(payments[is_person].sum())},
    }


def _by_customer(rows: pd.DataFrame, labels: list[str], customers: list[str]) -> dict[str, Any]:
    by_customer = rows.groupby("customer_id", observed=True)
    sums = by_customer[[*labels, "cents"]].sum()
    everybody = sums.reindex(customers, fill_value=0)
    counts = by_customer.size().reindex(customers, fill_value=0)
    return {
        "rows_per_customer": _histogram(counts),
        "labels_per_customer": {name: _histogram(everybody[name]) for name in labels},
        "spending_per_customer": _histogram(amount_bins(sums["cents"].to_numpy())),
    }


def _ties(files: Files, customers: list[str]) -> dict[str, Any]:
    found = ties_of_frames(files, customers)
    return {
        "payees_per_customer": _counts(found.payees),
        "payments_per_payee": _counts(found.times),
        "numbers": by_number(kept(found.uses)),
    }


def _examples(files: Files) -> dict[str, list[Example]]:
    truth = files.truth
    if truth is None:
        return {each.name: _labelled_examples(files, each) for each in files.accidents}
    found = {}
    for kind in kind_names_of(files.accidents):
        own = truth[truth["kind"] == kind]
        first = own.loc[own["position"] == "1", "group"][:EXAMPLES]
        found[kind] = [_example(files, own.loc[own["group"] == group, "row"]) for group in first]
    return found


def _labelled_examples(files: Files, accident: Accident) -> list[Example]:
    """Give the first examples of a label; where it may have several rows, neighbours are one."""
    rows = files.rows
    labelled = np.flatnonzero(rows[accident.name])
    customer = rows["customer"].to_numpy()[labelled]
    begins = (np.diff(labelled, prepend=-CONTEXT) > 1) | (np.diff(customer, prepend=-1) != 0)
    if not accident.most_extra_rows:
        begins[:] = True
    event = np.cumsum(begins)
    count = min(EXAMPLES, int(event.max(initial=0)))
    return [_example(files, labelled[event == number]) for number in range(1, count + 1)]


def _example(files: Files, members: Iterable[int]) -> Example:
    rows = files.rows
    belonging = sorted(int(row) for row in members)
    customer = rows["customer"].to_numpy()
    around = range(max(belonging[0] - CONTEXT, 0), min(belonging[-1] + CONTEXT + 1, len(rows)))
    return [
        {**_spelt_out(rows.iloc[row], files.accidents), "is_example": row in belonging}
        for row in around
        if customer[row] == customer[belonging[0]]
    ]


def _spelt_out(row: pd.Series[Any], accidents: Sequence[Accident]) -> dict[str, str]:
    """Write a row as the dataset's own CSV does."""
    told = row.drop("amount").dropna()
    written = {each.name: str(told.get(each.name, "")) for each in columns_of(accidents)}
    return written | {
        "amount": f"{row['cents'] / 100:.2f}",
        **{each.column: str(bool(row[each.name])) for each in accidents},
    }


def _histogram(values: Any) -> Histogram:
    found, counts = np.unique(np.asarray(values), return_counts=True)
    return {int(value): int(count) for value, count in zip(found, counts, strict=True)}


def _counts(counts: Codes) -> Histogram:
    return {value: int(counts[value]) for value in np.flatnonzero(counts).tolist()}


def _named(counts: pd.Series[int], names: Iterable[Any]) -> Counts:
    return {str(name): int(counts[name]) for name in names}
