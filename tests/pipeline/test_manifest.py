"""The manifest says what the dataset turned out to be."""

import io
from typing import Any

import pandas as pd
import pytest

from accidental_transfers.pipeline.storage import Bucket
from accidental_transfers.spec import JobSpec
from accidental_transfers.statistics.compared import compared
from accidental_transfers.statistics.tally import statistics_of
from tests.pipeline.support import DENSE, manifest_of
from tests.samples import HIGH_AMOUNT, LABELS, PROBABILITIES, default_sample

TOLD_BY_NO_COLUMN = "mistyped_entity_accident_probability"


def published(bucket: Bucket, spec: dict[str, Any]) -> tuple[Any, dict[str, pd.DataFrame]]:
    """The manifest, and the files it is about."""
    manifest = manifest_of(bucket, spec)
    texts = {name: io.BytesIO(bucket.get(file["key"])) for name, file in manifest["files"].items()}
    return manifest, {name: pd.read_csv(text) for name, text in texts.items()}


def test_counts_are_those_of_the_files(bucket: Bucket) -> None:
    manifest, files = published(bucket, DENSE)
    rows, truth, counts = files["dataset"], files["accidents"], manifest["counts"]
    assert counts["transaction_type"] == rows["transaction_type"].value_counts().to_dict()
    assert list(counts["accident"].values()) == rows[LABELS].sum().tolist()
    events = truth[truth["position"] == 1]["kind"].value_counts()
    for kind, counted in counts["kind"].items():
        assert counted["rows"] == (truth["kind"] == kind).sum() > 0
        assert counted["events"] == events[kind]


def test_the_comparison_is_that_of_the_files(bucket: Bucket) -> None:
    manifest, files = published(bucket, DENSE)
    rates, shares = manifest["compared"]["rates"], manifest["compared"]["shares"]
    rows, truth = files["dataset"], files["accidents"]
    spec = JobSpec.parse(DENSE)
    extra = truth[truth["position"] > 1]["transaction_id"]
    payments = len(rows) - len(extra)
    first = truth[truth["position"] == 1].set_index("transaction_id")["kind"]
    bursts = first.isin(["duplicate", "split", "card_test"]).sum()
    home = rows["customer_id"].map(files["customers"].set_index("customer_id")["home_city"])
    expected = {
        "daily_transactions": payments / (9 * 31),
        "home_city_bias": (rows["city"] == home).mean(),
        "accident_probability": bursts / payments,
        "high_amount_accident_probability": rows[HIGH_AMOUNT].sum() / payments,
    }
    assert rates.keys() == {"daily_transactions", "home_city_bias", *PROBABILITIES}
    for name, rate in expected.items():
        assert rates[name]["realised"] == pytest.approx(rate, abs=1e-6), name
    # In no column is which numbers were entered.
    assert rates.keys() - expected.keys() == {TOLD_BY_NO_COLUMN}
    assert rates[TOLD_BY_NO_COLUMN]["requested"] > 0
    assert rates[TOLD_BY_NO_COLUMN]["realised"] is None
    assert rates["daily_transactions"]["requested"] == spec.daily_transactions.mean
    by_type = rows["transaction_type"].value_counts(normalize=True)
    for name, share in shares["transaction_type"].items():
        assert share["realised"] == pytest.approx(by_type[name], abs=1e-6)
    card = rows[rows["transaction_type"] == "Credit Card"]["entity_type"]
    for name, share in shares["entity_type"]["Credit Card"].items():
        assert share["realised"] == pytest.approx((card == name).mean(), abs=1e-6)


def test_a_dataset_turns_out_as_it_was_asked_for() -> None:
    """150 customers, of whom each has rates of its own: their mean varies by some percent.

    A number is mistyped with the probability that is asked for when it is new, at a third of it
    when it is known and typed all the same, and never when it is picked: of all payments by number
    that are one in seven.
    """
    sample = default_sample()
    found = compared(sample.spec, statistics_of(sample.table.blocks))
    for name, rate in found["rates"].items():
        if name == TOLD_BY_NO_COLUMN:
            continue
        accuracy = 0.25 if name.endswith("accident_probability") else 0.05
        assert rate["realised"] == pytest.approx(rate["requested"], rel=accuracy), name
    for name, share in found["shares"]["transaction_type"].items():
        assert share["realised"] == pytest.approx(share["requested"], abs=0.03), name
    for shares in found["shares"]["entity_type"].values():
        assert sum(share["requested"] for share in shares.values()) == pytest.approx(1, abs=1e-4)
        assert sum(share["realised"] for share in shares.values()) == pytest.approx(1, abs=1e-4)
