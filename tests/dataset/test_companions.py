"""The companions: what they say, and that they agree with the dataset."""

import io

import pandas as pd
import pytest

from accidental_transfers import DatasetSpec
from accidental_transfers.dataset.generate import simulate
from accidental_transfers.model.accidents import parameters_of
from accidental_transfers.model.facts.reference import reference
from tests.dataset.datasets import SPECS, dataset_of
from tests.samples import (
    BURST,
    HIGH_AMOUNT,
    LABEL_OF_KIND,
    MISTYPED,
    PROBABILITIES,
    Dataset,
    fixed,
    text_of,
)

ACCIDENT_COLUMNS = [
    "transaction_id", "kind", "group", "position", "intended_amount", "intended_recipient",
    "typing_error",
]  # fmt: skip
LABELS_OF_VERSION_1 = {
    "duplicate": BURST,
    "split": BURST,
    "card_test": BURST,
    "high_amount": HIGH_AMOUNT,
    "mistyped": MISTYPED,
}
SIZES = {
    "duplicate": (2, 4),
    "split": (2, 4),
    "card_test": (2, 4),
    "high_amount": (1, 1),
    "mistyped": (1, 1),
    "honest_repeat": (2, 4),
    "honest_split": (2, 3),
    "small_charges": (2, 4),
    "honest_large": (1, 1),
    "honest_neighbour": (1, 2),
    "wrong_payee": (1, 1),
    "honest_switch": (1, 1),
    "sent_again": (1, 1),
}
"""The transactions of a group: fewest, most."""


@pytest.fixture(params=list(SPECS))
def dataset(request: pytest.FixtureRequest) -> Dataset:
    return dataset_of(request.param)


@pytest.mark.slow
def test_the_accidents_companion_tells_of_every_labelled_row_and_of_no_other(
    dataset: Dataset,
) -> None:
    text = text_of(dataset.table.write_accidents_csv)
    truth = pd.read_csv(io.StringIO(text), keep_default_na=False)
    assert list(truth.columns) == ACCIDENT_COLUMNS
    accidents = truth[~dataset.is_honest]
    labelled = dataset.rows[dataset.rows[dataset.labels].any(axis=1)]
    assert accidents["transaction_id"].tolist() == labelled["transaction_id"].tolist()
    assert not dataset.lookalikes[dataset.labels].any(axis=None)
    assert LABELS_OF_VERSION_1.items() <= LABEL_OF_KIND.items()
    for kind, own in dataset.accidents.groupby("kind"):
        assert own[LABEL_OF_KIND[str(kind)]].all()


@pytest.mark.slow
def test_groups_count_their_members_in_order_of_time(dataset: Dataset) -> None:
    truth = dataset.truth
    members = truth.groupby("group")
    assert (truth["position"] == members.cumcount() + 1).all()
    first = truth["position"] == 1
    assert (truth.loc[first, "group"] == truth.loc[first, "transaction_id"]).all()
    for constant in ("customer_id", "kind", "entity_type"):
        assert (members[constant].nunique() == 1).all(), constant
    kind, size = members["kind"].first(), members.size()
    for name, (least, most) in SIZES.items():
        assert size[kind == name].between(least, most).all(), name
    assert set(kind) <= SIZES.keys()
    # Each charge for a purchase, and each small charge, is meant by itself.
    own = kind.isin(["honest_split", "small_charges"])
    assert (members["intended_amount"].nunique()[~own] == 1).all()
    # Who pays a neighbour hours later may have travelled.
    assert (members["city"].nunique()[kind != "honest_neighbour"] == 1).all()


def test_every_customer_is_in_the_customers_companion_rows_or_not(dataset: Dataset) -> None:
    ids = [f"customer_{number:03d}" for number in range(1, dataset.spec.customers + 1)]
    assert dataset.customers.index.tolist() == ids
    own = [parameter.field for parameter in parameters_of(dataset.spec.accidents)]
    assert {*PROBABILITIES, "high_amount_multiplier"} <= set(own)
    ranged = ["daily_transactions", "home_city_bias", *own]
    assert list(dataset.customers.columns) == ["home_city", "home_state", "own_number", *ranged]
    assert dataset.customers["own_number"].str.fullmatch(r"user_\d{10}").all()
    assert dataset.customers["own_number"].is_unique
    for name in ranged:
        allowed = getattr(dataset.spec, name)
        # Written with six decimals.
        assert dataset.customers[name].between(allowed.min - 5e-7, allowed.max + 5e-7).all(), name


def test_the_customers_companion_keeps_tiny_probabilities() -> None:
    spec = {"customers": 20, "end_date": "2024-01-02", "accident_probability": fixed(1e-7)}
    dataset = Dataset(DatasetSpec.parse(spec))
    assert (dataset.customers["accident_probability"] == 1e-7).all()


def test_the_lines_of_the_customers_companion_are_what_one_would_write_by_hand() -> None:
    spec = DatasetSpec.parse({"customers": 1_010, "end_date": "2024-01-01"})
    (table,) = simulate(spec, 990, 1_010)
    (block,) = table.blocks
    lines = text_of(table.write_customers_csv).splitlines()[1:]
    assert len(lines) == 21
    for position, (number, line) in enumerate(zip(range(990, 1_011), lines, strict=True)):
        fields = line.split(",")
        assert fields[0] == f"customer_{number:03d}"
        assert fields[1] == reference().cities[block.customers.home[position]].name
        assert fields[4] == f"{block.customers.daily_rate[position]:.6g}"
        assert fields[5] == f"{block.customers.home_bias[position]:.6g}"
