"""The companion about outcomes: of whom it tells, that it adds up, and what money is lost."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from accidental_transfers import DatasetSpec
from accidental_transfers.dataset.table import Table
from accidental_transfers.model.facts.reference import reference
from tests.dataset.datasets import NEVER, OFTEN, SPECS, dataset_of
from tests.samples import (
    HONEST_KINDS,
    LOOKALIKE_KINDS,
    MISTYPED,
    OUTCOME_TIMES,
    Dataset,
    accident_sample,
    default_job,
    fixed,
    text_of,
)

MISTYPED_FIELD = "mistyped_entity_accident_probability"
COLUMNS = [
    "transaction_id", "reason", "noticed_at", "reported_at", "label_known_at", "outcome",
    "resolved_at", "recovered_amount", "follow_up_transaction_id",
]  # fmt: skip
REASONS = {
    "duplicate": "DUPL", "split": "AM09", "card_test": "FRAD", "high_amount": "AM09",
    "mistyped": "AC03", "honest_repeat": "DUPL", "honest_large": "AM09", "honest_neighbour": "AC03",
}  # fmt: skip


def at_stake(told: pd.DataFrame) -> pd.Series:
    """The dollars that each row can lose, by what its kind means."""
    amount = told["amount"]
    first = (told["position"] == 1) & told["kind"].isin(["duplicate"])
    excess = told["kind"] == "high_amount"
    lost = amount.where(~excess, (amount - told["intended_amount"]).clip(lower=0))
    return lost.where(~(first | (told["kind"] == "split")), 0.0).round(2)


def accidents_of(dataset: Dataset) -> pd.DataFrame:
    told = dataset.outcomes
    told = told[~told["kind"].isin(HONEST_KINDS)]
    return told.assign(stake=at_stake(told), lost=at_stake(told) - told["recovered_amount"])


@cache
def often_mistyped() -> Dataset:
    """120 customers who mistype one number in four that they enter: some 510 in the quarter."""
    return Dataset(DatasetSpec.parse({"customers": 120, MISTYPED_FIELD: fixed(0.25)}))


@pytest.mark.parametrize("name", SPECS)
def test_it_tells_of_every_labelled_row_in_the_order_of_the_dataset(name: str) -> None:
    dataset = dataset_of(name)
    header, *lines = text_of(dataset.table.write_outcomes_csv).splitlines()
    assert header.split(",") == COLUMNS
    told = [line.split(",")[0] for line in lines]
    rows = dataset.rows
    position = dict(zip(rows["transaction_id"], range(len(rows)), strict=True))
    assert [position[each] for each in told] == sorted(position[each] for each in told)
    labelled = set(rows.loc[rows[dataset.labels].any(axis=1), "transaction_id"])
    assert labelled <= set(told)
    others = set(told) - labelled
    honest = set(dataset.truth["transaction_id"]) - labelled
    assert others <= honest - set(dataset.follow_ups["transaction_id"])
    disputed = dataset.outcomes["transaction_id"].isin(others)
    assert (dataset.outcomes.loc[disputed, "outcome"] == "refused").all()


@pytest.mark.slow
def test_some_look_alikes_are_disputed_and_refused() -> None:
    """Of 1,100 events of each kind at least: 1.5 to 4 %, as the facts say."""
    dataset = Dataset(DatasetSpec(customers=240, lookalikes=20))
    told = dataset.outcomes[dataset.outcomes["kind"].isin(HONEST_KINDS)]
    assert (told["outcome"] == "refused").all()
    assert (told["recovered_amount"] == 0).all()
    assert (told["label_known_at"] == told["resolved_at"]).all()
    assert (told.loc[told["kind"] == "honest_repeat", "position"] > 1).all()
    events = dataset.lookalikes.groupby("kind")["group"].nunique()
    assert set(events.index) == set(LOOKALIKE_KINDS)
    assert events.min() > 1_000
    for kind, count in events.items():
        expected = count * reference().aftermath.kinds[str(kind)].noticed.share
        disputed = told.loc[told["kind"] == kind, "group"].nunique()
        assert abs(disputed - expected) < 4 * expected**0.5, kind


@pytest.mark.slow
def test_every_reason_is_that_of_its_kind() -> None:
    for kind, told in accident_sample().outcomes.groupby("kind"):
        assert set(told["reason"]) == {REASONS.get(str(kind), told["reason"].iloc[0])}


def test_what_comes_back_is_what_can_be_lost_or_nothing_or_a_part_of_it() -> None:
    told = accidents_of(accident_sample())
    assert set(told["outcome"]) == {
        "returned", "refunded", "reversed", "recovered_in_part", "refused", "bounced", "stands",
        "not_reported", "never_noticed",
    }  # fmt: skip
    back = told["outcome"].isin(["returned", "refunded", "reversed", "bounced"])
    assert (told.loc[back, "recovered_amount"] == told.loc[back, "stake"]).all()
    part = told["outcome"] == "recovered_in_part"
    assert told.loc[part, "recovered_amount"].between(0, told.loc[part, "stake"]).all()
    assert 0.5 < (told.loc[part, "recovered_amount"] / told.loc[part, "stake"]).mean() < 0.75
    assert (told.loc[~back & ~part, "recovered_amount"] == 0).all()
    assert ((told["outcome"] == "stands") == (told["stake"] == 0)).all()


def test_what_was_meant_stands_and_only_the_rest_is_undone() -> None:
    told = accidents_of(accident_sample())
    outcomes = {str(kind): set(rows["outcome"]) for kind, rows in told.groupby("kind")}
    assert outcomes["split"] == {"stands"}
    assert outcomes["card_test"] == {"refunded"}
    duplicates = told[told["kind"] == "duplicate"]
    stands = duplicates["outcome"] == "stands"
    assert (stands == (duplicates["position"] == 1)).all()
    # All extra transactions of a duplicate end in the same way at the same time.
    extra = duplicates[~stands].groupby("group")
    assert (extra[["outcome", "noticed_at", "reported_at"]].nunique() <= 1).all(axis=None)


@pytest.mark.slow
def test_what_bounces_went_to_a_number_that_nobody_has() -> None:
    """Some 120 bounced. Of other wrong numbers, three of ten or more are somebody's."""
    dataset = often_mistyped()
    told = dataset.outcomes[dataset.outcomes["kind"] == "mistyped"]
    people = dataset.table.blocks[0].customers.population
    number = np.array([int(name[len("user_") :]) for name in told["recipient_entity"]], np.uint64)
    exists, bounced = people.exists(number), (told["outcome"] == "bounced").to_numpy()
    assert bounced.sum() > 50
    assert not exists[bounced].any()
    assert 0.3 < exists[~bounced].mean() < 0.6


def test_the_label_is_known_from_the_report_or_by_the_money_that_comes_back() -> None:
    told = accidents_of(accident_sample())
    first = told[["reported_at", "resolved_at"]].min(axis=1)
    pd.testing.assert_series_equal(told["label_known_at"], first, check_names=False)
    unknown = told["outcome"].isin(["never_noticed", "not_reported"])
    assert told.loc[unknown, "label_known_at"].isna().all()
    assert told.loc[~unknown & (told["stake"] > 0), "label_known_at"].notna().all()


@pytest.mark.slow
def test_part_of_the_money_is_never_recovered() -> None:
    """The default job: some 2,300 high amounts with nearly all the money, 2,200 mistyped.

    The error of the share is about 0.01 of all money and 0.03 of the mistyped.
    """
    told = accidents_of(default_job())
    lost = told.groupby("kind")["lost"].sum() / told.groupby("kind")["stake"].sum()
    assert 0.10 < told["lost"].sum() / told["stake"].sum() < 0.25
    assert 0.30 < lost["mistyped"] < 0.55
    assert lost["card_test"] == 0


@pytest.mark.slow
def test_of_the_mistyped_that_do_not_bounce_82_percent_are_noticed() -> None:
    """What bounces tells everybody."""
    told = accidents_of(default_job())
    mistyped = told[told["kind"] == "mistyped"]
    fact = reference().aftermath.kinds["mistyped"].noticed
    alone = mistyped[mistyped["outcome"] != "bounced"]
    # The error of a share of 0.82 of some 1,700 is 0.009.
    assert alone["noticed_at"].notna().mean() == pytest.approx(fact.share, abs=0.035)
    hours = (alone["noticed_at"] - alone["timestamp"]).dropna().dt.total_seconds() / 3600
    assert hours.median() == pytest.approx(fact.hours, rel=0.2)


def test_without_an_aftermath_there_is_only_the_header_and_what_was_paid_at_first() -> None:
    """Nothing is sent again, and a wrong number that was saved is not picked again."""
    spec = {"customers": 12, "end_date": "2024-01-31", **OFTEN}
    full, none = (Dataset(DatasetSpec.parse({**spec, "aftermath": each}))
                  for each in ("full", "none"))  # fmt: skip
    rows = full.rows[~full.rows["transaction_id"].isin(full.follow_ups["transaction_id"])]
    truth = full.truth
    picked = truth.loc[(truth["kind"] == "mistyped") & (truth["typing_error"] == ""),
                       "transaction_id"]  # fmt: skip
    right = rows["original_recipient_entity"]
    again = rows["transaction_id"].isin(picked)
    assert (again.sum(), len(full.rows) - len(rows)) > (0, 10)
    rows = rows.assign(
        recipient_entity=rows["recipient_entity"].where(~again, right),
        **{MISTYPED: rows[MISTYPED] & ~again},
    )
    by = ["customer_id", "timestamp", "amount", "recipient_entity"]
    first, alone = (each.drop(columns="transaction_id").sort_values(by).reset_index(drop=True)
                    for each in (rows, none.rows))  # fmt: skip
    pd.testing.assert_frame_equal(first, alone)
    assert text_of(none.table.write_outcomes_csv) == ",".join(COLUMNS) + "\n"
    assert len(full.outcomes) > 1_000


@pytest.mark.slow
def test_what_look_alikes_come_to_does_not_depend_on_accidents() -> None:
    """The twin law: but for the ids, the same disputes at the same times."""
    spec = {"customers": 60, "end_date": "2024-02-15", "lookalikes": 20, "seed": 3}
    told = []
    for probabilities in (OFTEN, NEVER):
        found = Dataset(DatasetSpec.parse({**spec, **probabilities})).outcomes
        found = found[found["kind"].isin(HONEST_KINDS)]
        names = ["timestamp", "kind", "amount", "reason", "outcome", *OUTCOME_TIMES]
        told.append(found[names].reset_index(drop=True))
    assert len(told[0]) > 50
    pd.testing.assert_frame_equal(told[0], told[1])


def test_a_payment_that_followed_is_named_by_its_id() -> None:
    """Of two that nothing followed, with the dataset's rows 7 and 40; the others keep theirs."""
    dataset = Dataset(DatasetSpec.parse({"customers": 12, "end_date": "2024-01-31", **OFTEN}))
    (block,) = dataset.table.blocks
    told, follow_up = block.outcomes, block.truth.follow_up.copy()
    places = np.flatnonzero(told.follow_up < 0)[[2, 4]]
    before = text_of(dataset.table.write_outcomes_csv).splitlines()[1:]
    follow_up[block.truth.row.searchsorted(told.row[places])] = 7, 40
    truth = replace(block.truth, follow_up=follow_up)
    text = text_of(Table([replace(block, truth=truth)], dataset.spec).write_outcomes_csv)
    ids = [line.split(",")[-1] for line in text.splitlines()[1:]]
    named = dataset.rows["transaction_id"].iloc[[7, 40]].tolist()
    assert [ids[place] for place in places] == named
    others = [line.split(",")[-1] for line in before]
    assert set(others) > {""}
    assert np.delete(ids, places).tolist() == np.delete(others, places).tolist()


def test_what_is_known_after_the_last_day_stays_known_after_it() -> None:
    dataset = accident_sample()
    end = dataset.rows["timestamp"].max()
    for name in OUTCOME_TIMES:
        assert (dataset.outcomes[name] > end).any(), name
