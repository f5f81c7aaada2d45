"""Honest payments within moments: repeats, charges for one purchase, small charges."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest

from accidental_transfers import DatasetSpec
from accidental_transfers.model.accident import Happen
from accidental_transfers.model.chance import DETAIL_LANES
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.happened import done
from accidental_transfers.model.honest_bursts import (
    SMALL_CHARGES,
    often_repeated,
    repeat,
    small_charges,
    split,
)
from tests.model.lived import no_second_stands_out, usual
from tests.samples import LABELS, TYPES, Dataset, default_job

ENTITIES = [entity.name for entity in reference().entity_types]
CARD = [reference().type_names[type_] in TYPES[:2] for type_ in reference().type_of_entity]
TIPPED = ["Restaurant", "Personal Care", "Food Delivery"]
EVENTS = 20_000


def happened(happen: Happen, ready: np.ndarray) -> pd.DataFrame:
    """What becomes of some 20,000 payments: the charges, with what each was before."""
    payments, customers = usual().life.payments, usual().customers
    rows = np.flatnonzero(ready[payments.entity])[:EVENTS]
    assert len(rows) > 15_000
    lanes = np.random.default_rng(3).integers(0, 65_536, (len(rows), DETAIL_LANES), np.uint16)
    after, truth = done(payments, [happen(payments, customers, rows, lanes)])
    first, row = truth.group, truth.row
    assert (truth.intended_cents == after.cents[row]).all()
    assert (truth.intended_recipient == after.recipient[row]).all()
    found = pd.DataFrame({
        "group": first, "position": truth.position, "cents": after.cents[row],
        "whole": payments.cents[first], "second": after.second[row],
        "recipient": after.recipient[row], "city": after.city[row], "customer": after.customer[row],
        "entity": np.array(ENTITIES)[after.entity[row]],
    })  # fmt: skip
    assert (found.loc[found["position"] == 1, "second"].to_numpy() == payments.second[rows]).all()
    return found.sort_values(["group", "position"], ignore_index=True)


@cache
def repeats() -> pd.DataFrame:
    return happened(repeat, np.ones(len(ENTITIES), bool))


@cache
def splits() -> pd.DataFrame:
    return happened(split, np.array(CARD))


@cache
def small() -> pd.DataFrame:
    return happened(small_charges, np.isin(ENTITIES, SMALL_CHARGES))


def gaps(found: pd.DataFrame) -> "pd.Series[float]":
    """Seconds from one to the next, but for what a day's last second holds up."""
    gap = found.groupby("group")["second"].diff()
    held_up = found["second"] % 86_400 == 86_399
    return gap[gap.notna() & ~held_up]


def sizes(found: pd.DataFrame) -> list[float]:
    counts = found.groupby("group").size()
    return [float((counts == members).mean()) for members in (2, 3, 4)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sample", "median", "sigma"), [(repeats, 18, 1.25), (small, 22, 1.0)], ids=["repeat", "small"]
)
def test_gaps_are_lognormal_and_none_is_cut_off(
    sample: Callable[[], pd.DataFrame], median: float, sigma: float
) -> None:
    """Of 25,000 gaps and more: four sd of the median are 4 %, rounded to seconds."""
    gap = gaps(sample())
    assert len(gap) > 24_000
    assert gap.min() >= 1
    assert gap.median() == pytest.approx(median, abs=1)
    assert np.log(gap).std() == pytest.approx(sigma, abs=0.05)
    assert gap.max() > 20 * median
    no_second_stands_out(gap)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sample", "shares"),
    [(repeats, [0.78, 0.17, 0.05]), (small, [0.35, 0.40, 0.25])],
    ids=["repeat", "small"],
)
def test_there_are_one_to_three_more(
    sample: Callable[[], pd.DataFrame], shares: list[float]
) -> None:
    """Of 15,000 and more: four sd of a share are 0.016."""
    assert sizes(sample()) == pytest.approx(shares, abs=0.016)


@pytest.mark.slow
def test_a_repeat_is_the_same_again() -> None:
    found = repeats()
    assert (found["cents"] == found["whole"]).all()
    for same in ("recipient", "city", "customer", "entity"):
        assert (found.groupby("group")[same].nunique() == 1).all(), same


@pytest.mark.slow
def test_coffee_is_bought_again_twice_as_often_as_a_book() -> None:
    """Of the default job's 4,100: the rate at four kinds of places, over that elsewhere."""
    rows, truth = default_job().rows, default_job().truth
    first = truth[(truth["kind"] == "honest_repeat") & (truth["position"] == 1)]
    often = [name for name, ready in zip(ENTITIES, often_repeated(), strict=True) if ready == 1]
    assert often == ["Restaurant", "Fast Food", "Coffee Shop", "Transit"]
    tried = rows["entity_type"].isin(often).value_counts()
    struck = first["entity_type"].isin(often).value_counts()
    ratio = struck[True] / tried[True] / (struck[False] / tried[False])
    assert ratio == pytest.approx(2, rel=0.15)


def ways() -> pd.DataFrame:
    """For each split purchase: its charges, and by which way they came."""
    found = splits()
    of_one = found.groupby("group")
    charges = pd.DataFrame({
        "entity": of_one["entity"].first(), "whole": of_one["whole"].first(),
        "first": of_one["cents"].first(), "last": of_one["cents"].last(),
        "sum": of_one["cents"].sum(), "size": of_one.size(),
    })  # fmt: skip
    second = found[found["position"] == 2].set_index("group")["second"]
    charges["gap"] = second - found[found["position"] == 1].set_index("group")["second"]
    charges = charges[(charges["whole"] > 200) & (second % 86_400 != 86_399)]
    at_pump = charges["entity"] == "Gas Station"
    tenders = charges["sum"] == charges["whole"]
    charges["way"] = np.select([tenders, at_pump], ["tenders", "fuel"], "more")
    return charges


@pytest.mark.slow
def test_several_cards_pay_parts_that_add_up() -> None:
    found = ways()
    tenders = found[found["way"] == "tenders"]
    assert len(tenders) > 8_000
    assert tenders["size"].isin([2, 3]).all()
    assert (tenders["size"] == 3).mean() == pytest.approx(0.30, abs=0.02)
    assert (tenders[["first", "last"]] > 0).all(axis=None)
    assert tenders["gap"].median() == pytest.approx(12, abs=0.8)
    assert (found.loc[found["way"] != "tenders", "size"] == 2).all()


@pytest.mark.slow
def test_a_pump_asks_for_a_deposit_first() -> None:
    """A dollar, 50, 75 or 100; then what was taken: nearly one in five that are split."""
    found = ways()
    pump = found[found["entity"] == "Gas Station"]
    fuel = pump[pump["way"] == "fuel"]
    assert len(fuel) > 100
    assert set(fuel["first"]) == {100, 5_000, 7_500, 10_000}
    assert (fuel["last"] == fuel["whole"]).all()
    assert fuel["gap"].median() == pytest.approx(150, rel=0.15)
    assert len(fuel) / len(pump) == pytest.approx(0.10 / 0.55, abs=0.06)


@pytest.mark.slow
def test_a_tip_or_what_was_forgotten_follows_the_whole() -> None:
    """A tip is 15 to 25 %; what was forgotten costs 5 to 60 %."""
    found = ways()
    more = found[found["way"] == "more"]
    assert len(more) > 5_000
    assert (more["first"] == more["whole"]).all()
    part = more["last"] / more["whole"]
    assert part.between(0.04, 0.61).all()
    tipped = more["entity"].isin(TIPPED)
    # Elsewhere all was forgotten: evenly from 0.05 to 0.6, so that 0.18 are within a tip's.
    assert part[~tipped].between(0.15, 0.25).mean() == pytest.approx(0.18, abs=0.03)
    # There 0.20 of 0.45 were tips.
    assert part[tipped].between(0.148, 0.252).mean() == pytest.approx(0.55, abs=0.05)
    assert more.loc[~tipped, "gap"].median() == pytest.approx(40, rel=0.08)
    # Of 820, tips after 35 seconds and the rest after 40: four standard errors are 18 %.
    assert more.loc[tipped, "gap"].median() == pytest.approx(37.7, rel=0.18)


@pytest.mark.slow
def test_the_ways_have_their_shares_by_place() -> None:
    found = ways()
    tipped, pump = found["entity"].isin(TIPPED), found["entity"] == "Gas Station"
    for where, share in ((tipped, 0.45 / 0.90), (pump, 0.45 / 0.55), (~tipped & ~pump, 0.45 / 0.7)):
        assert (found["way"] == "tenders")[where].mean() == pytest.approx(share, abs=0.05)


@pytest.mark.slow
def test_small_charges_are_small_and_six_of_ten_runs_go_elsewhere() -> None:
    found = small()
    assert found["cents"].between(50, 500).all()
    assert found["cents"].mean() == pytest.approx(275, abs=4)
    for same in ("city", "customer", "entity"):
        assert (found.groupby("group")[same].nunique() == 1).all(), same
    several = found.groupby("group")["recipient"].nunique() > 1
    # Who goes elsewhere by popularity may find the same one.
    assert 0.48 < several.mean() < 0.61


def test_small_charges_are_where_they_surprise_nobody() -> None:
    """40 customers with twenty times as many: all of some 450 are of six kinds of merchants."""
    found = Dataset(DatasetSpec(customers=40, lookalikes=20)).lookalikes
    charges = found[found["kind"] == "small_charges"]
    assert len(charges) > 300
    assert set(charges["entity_type"]) <= set(SMALL_CHARGES)
    assert charges["amount"].between(0.5, 5).all()
    splits_ = found[found["kind"] == "honest_split"]
    assert set(splits_["transaction_type"]) == set(TYPES[:2])
    assert not found[LABELS].any(axis=None)
