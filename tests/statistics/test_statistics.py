"""Statistics that slices add up to: equal to those of the whole, and to a plain loop over rows."""

import csv
import io
import math
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accidental_transfers import DatasetSpec
from accidental_transfers.model.accidents import ACCIDENTS, kind_names_of
from accidental_transfers.statistics.from_frames import statistics_from_csv
from accidental_transfers.statistics.naming import named
from accidental_transfers.statistics.share import Share, total
from accidental_transfers.statistics.statistics import Statistics, amount_bins
from accidental_transfers.statistics.tally import statistics_of
from tests.samples import USUAL, Dataset, fixed, text_of
from tests.statistics.people_by_hand import cents_of, month_by_hand, network_by_hand
from tests.statistics.support import share_of, written

SPECS: dict[str, dict[str, Any]] = {
    "two blocks, a week that begins on a Thursday": {
        "customers": 40, "start_date": "2023-06-01", "end_date": "2023-06-17",
    },
    "many accidents": {"preset": "dense", "customers": 12, "end_date": "2024-02-10"},
    "the optional accident": {
        "customers": 9, "end_date": "2024-01-31", "wrong_payee_accident_probability": fixed(0.1),
    },
    "over new year, no accidents": {
        "customers": 5, "start_date": "2023-12-28", "end_date": "2024-01-03",
        "accident_probability": fixed(0), "high_amount_accident_probability": fixed(0),
        "mistyped_entity_accident_probability": fixed(0), "lookalikes": 0.0,
    },
    "hardly any rows": {
        "customers": 9, "end_date": "2024-01-01", "daily_transactions": fixed(0.3),
    },
}  # fmt: skip
SLICED = DatasetSpec.parse(
    {"preset": "dense", "customers": 40, "seed": "slices", "end_date": "2024-01-09"}
)


@cache
def dataset_of(name: str) -> Dataset:
    return Dataset(DatasetSpec.parse(SPECS[name]))


@pytest.fixture(params=list(SPECS))
def dataset(request: pytest.FixtureRequest) -> Dataset:
    return dataset_of(request.param)


def plain(statistics: Statistics) -> dict[str, Any]:
    """What a CSV file alone can tell: cities without states, and without what never occurs."""
    told = statistics.model_dump()
    cities: dict[str, Counter[str]] = defaultdict(Counter)
    for city, counts in told["by_city"].items():
        cities[city.split(",")[0]].update(counts)
    told["by_city"] = {city: dict(counts) for city, counts in cities.items()}
    return {name: occurring(value) for name, value in told.items()}


def occurring(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    told = {key: occurring(each) for key, each in value.items()}
    return {key: each for key, each in told.items() if each not in (0, {}, [], [[0] * 24] * 7)}


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def bin_of(cents: int) -> int:
    """The bin whose edges are 10 ** (k / 10), by whole numbers alone."""
    return next(k for k in range(200) if 10**k <= cents**10 < 10 ** (k + 1))


def label_of(row: dict[str, str]) -> str | None:
    return next((each.name for each in ACCIDENTS if row.get(each.column) == "True"), None)


def counted_by_hand(dataset: Dataset) -> dict[str, Any]:
    """Loop over the three files' rows."""
    homes = {str(each.Index): str(each.home_city) for each in dataset.customers.itertuples()}
    rows = rows_of(dataset.csv)
    return {
        "rows": len(rows),
        "customers": len(homes),
        "home_rows": sum(row["city"] == homes[row["customer_id"]] for row in rows),
        **rows_by_hand(rows, list(homes.values())),
        **amounts_by_hand(rows),
        **customers_by_hand(rows, list(homes), [each.name for each in dataset.spec.accidents]),
        **network_by_hand(rows, dict(dataset.customers["own_number"])),
        "month": month_by_hand(rows, homes),
        **truth_by_hand(dataset),
    }


def rows_by_hand(rows: list[dict[str, str]], homes: list[str]) -> dict[str, Any]:
    names = ("by_date", "by_entity_type", "by_city", "labels_by_week")
    counts: dict[str, Any] = {name: defaultdict(Counter) for name in names}
    by_hour: dict[str, list[list[int]]] = defaultdict(lambda: [[0] * 24 for _ in range(7)])
    by_label: Counter[str] = Counter()
    merchants: Counter[str] = Counter()
    people: Counter[str] = Counter()
    for home in homes:
        counts["by_city"][home]["home_customers"] += 1
    for row in rows:
        kind, label = row["transaction_type"], label_of(row)
        time = datetime.fromisoformat(row["timestamp"])
        counts["by_date"][row["timestamp"][:10]][kind] += 1
        counts["by_entity_type"][kind][row["entity_type"]] += 1
        counts["by_city"][row["city"]]["rows"] += 1
        by_hour[kind][time.weekday()][time.hour] += 1
        if row["recipient_entity"].startswith("user_"):
            people["payments"] += 1
        else:
            merchants[row["recipient_entity"]] += 1
        if label:
            by_label[label] += 1
            counts["labels_by_week"][str(time.date() - timedelta(time.weekday()))][label] += 1
    also = {"by_label": by_label, "merchants": merchants, "people": people}
    return counts | {"by_weekday_hour": by_hour, **also}


def amounts_by_hand(rows: list[dict[str, str]]) -> dict[str, Any]:
    amounts: dict[str, Any] = defaultdict(lambda: defaultdict(Counter))
    money: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        kind, cents = row["transaction_type"], cents_of(row)
        money[kind]["sum"] += cents
        money[kind]["largest"] = max(cents, money[kind]["largest"])
        for name in filter(None, ("all", label_of(row))):
            amounts[kind][name][bin_of(cents)] += 1
    return {"amounts": amounts, "cents": money}


def customers_by_hand(
    rows: list[dict[str, str]], customers: list[str], labels: list[str]
) -> dict[str, Any]:
    own: dict[str, list[dict[str, str]]] = {customer: [] for customer in customers}
    for row in rows:
        own[row["customer_id"]].append(row)
    return {
        "rows_per_customer": Counter(map(len, own.values())),
        "labels_per_customer": {
            name: Counter(sum(label_of(row) == name for row in each) for each in own.values())
            for name in labels
        },
        "spending_per_customer": Counter(
            bin_of(sum(map(cents_of, each))) for each in own.values() if each
        ),
    }


def truth_by_hand(dataset: Dataset) -> dict[str, Any]:
    rows = rows_of(dataset.csv)
    place = {row["transaction_id"]: number for number, row in enumerate(rows)}
    groups: dict[str, list[int]] = defaultdict(list)
    kinds: dict[str, str] = {}
    for told in rows_of(text_of(dataset.table.write_accidents_csv)):
        groups[told["group"]].append(place[told["transaction_id"]])
        kinds[told["group"]] = told["kind"]
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    examples: dict[str, Any] = defaultdict(list)
    for group, members in sorted(groups.items(), key=lambda item: item[1]):
        kind = kinds[group]
        by_kind[kind].update(events=1, rows=len(members))
        customer = rows[members[0]]["customer_id"]
        around = range(max(members[0] - 2, 0), min(members[-1] + 3, len(rows)))
        if len(examples[kind]) < 3:
            examples[kind].append(
                [
                    {**rows[number], "is_example": number in members}
                    for number in around
                    if rows[number]["customer_id"] == customer
                ]
            )
    return {"by_kind": by_kind, "examples": examples}


@pytest.mark.slow
def test_every_number_is_what_a_loop_over_the_rows_counts(dataset: Dataset) -> None:
    counted = plain(statistics_of(dataset.table.blocks))
    by_hand = counted_by_hand(dataset)
    assert counted.keys() == by_hand.keys()
    for name, value in by_hand.items():
        assert counted[name] == occurring(value), name


@pytest.mark.slow
def test_a_csv_file_and_its_companions_tell_the_same(dataset: Dataset, tmp_path: Path) -> None:
    file = written(dataset, tmp_path)
    assert plain(statistics_from_csv(file)) == plain(statistics_of(dataset.table.blocks))


@cache
def share(first: int, last: int) -> Share:
    return share_of(SLICED, first, last)


def statistics(counted: Share) -> Statistics:
    return named(counted, SLICED.start_date, SLICED.accidents)


slicings = st.sets(st.integers(1, SLICED.customers - 1), max_size=8).map(
    lambda cuts: [0, *sorted(cuts), SLICED.customers]
)


@pytest.mark.slow
def test_shares_add_up_to_what_a_loop_over_the_rows_counts() -> None:
    edges = [0, 1, 2, 13, 14, 39, 40]
    added = total(share(first + 1, last) for first, last in pairwise(edges))
    counted, by_hand = plain(statistics(added)), counted_by_hand(Dataset(SLICED))
    assert counted.keys() == by_hand.keys()
    for name, value in by_hand.items():
        assert counted[name] == occurring(value), name


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(edges=slicings)
def test_shares_of_any_slicing_add_up_to_the_whole(edges: list[int]) -> None:
    added = total(share(first + 1, last) for first, last in pairwise(edges))
    whole = share(1, SLICED.customers)
    assert added.model_dump_json() == whole.model_dump_json()
    told = statistics(whole)
    assert statistics(added).model_dump_json() == told.model_dump_json()
    assert told.rows > 1_000
    assert all(len(found) == 3 for found in told.examples.values())
    assert told.month
    assert len(told.numbers) > 100


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(first=st.integers(1, 38), second=st.integers(1, 38))
def test_neighbours_may_be_added_up_in_any_grouping(first: int, second: int) -> None:
    one, two = sorted({first, second, 39})[:2]
    a, b, c = share(1, one), share(one + 1, two), share(two + 1, 40)
    left, right = total([total([a, b]), c]), total([a, total([b, c])])
    assert left.model_dump_json() == right.model_dump_json() == share(1, 40).model_dump_json()


def test_adding_up_changes_none_of_the_shares() -> None:
    before = share(1, 10).model_dump_json()
    total([share(1, 10), share(11, 20)])
    assert share(1, 10).model_dump_json() == before


@given(cents=st.integers(1, 10**11))
def test_a_bin_holds_what_lies_between_its_edges(cents: int) -> None:
    assert amount_bins(np.array([cents])) == [bin_of(cents)]


def test_amounts_at_the_edges_and_outside() -> None:
    cents = np.array([-5, 0, 1, 2, 9, 10, 99, 100, 65_535, 65_536, 2**31 - 1])
    expected = [-1, -1, 0, 3, 9, 10, 19, 20, *[math.floor(10 * math.log10(c)) for c in cents[-3:]]]
    assert amount_bins(cents).tolist() == expected


def test_every_name_is_there_in_the_vocabulary_s_order_even_where_nothing_happened() -> None:
    counted = statistics_of(dataset_of("over new year, no accidents").table.blocks)
    assert counted.by_label == {accident.name: 0 for accident in USUAL}
    assert counted.by_kind == {name: {"events": 0, "rows": 0} for name in kind_names_of(USUAL)}
    assert list(counted.by_date) == [str(date(2023, 12, 28 + day)) for day in range(4)] + [
        str(date(2024, 1, 1 + day)) for day in range(3)
    ]
    assert list(counted.merchants) == sorted(counted.merchants)
    assert sum(counted.by_type.values()) == counted.rows
