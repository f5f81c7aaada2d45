"""What follows accidents keeps the deadlines of `aftermath.json`, waking hours and banking days."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accidental_transfers import DatasetSpec, generate
from accidental_transfers.dataset.block import Block
from accidental_transfers.model.accidents import KIND_NAMES
from accidental_transfers.model.aftermath import outcomes
from accidental_transfers.model.aftermath_tables import BOUNCED
from accidental_transfers.model.aftermath_times import awake
from accidental_transfers.model.calendar import SECONDS_PER_DAY
from accidental_transfers.model.noticing import NEVER, noticed_and_sent_again
from tests.bank_days import DAY, is_open
from tests.samples import PROBABILITIES, Dataset, accident_sample, fixed

OFTEN: dict[str, Any] = dict.fromkeys(PROBABILITIES, fixed(0.2))
CARDS = ["Credit Card", "Online Purchase"]
MOST_DAYS = {"duplicate": 45, "high_amount": 45, "mistyped": 35, "wrong_payee": 35}
"""Days that an answer takes at most where no card was used; 20 banking days are 35 at most."""
DAYS = st.dates(date(2007, 1, 1), date(2099, 11, 30))


def often(customers: int) -> Block:
    """January of some customers to whom everything happens all the time."""
    spec = DatasetSpec.parse({"customers": customers, "end_date": "2024-01-31", **OFTEN})
    (block,) = generate(spec).blocks
    return block


def banking_days(first: pd.Timestamp, last: pd.Timestamp) -> int:
    """Count the open days after a day up to another one, by a plain loop."""
    day, count = first.date(), 0
    while day < last.date():
        day += DAY
        count += is_open(day)
    return count


def month_end(day: pd.Timestamp) -> pd.Timestamp:
    return day.normalize() + pd.offsets.MonthEnd(0)


def check_deadlines(told: pd.DataFrame) -> None:
    """Hold every row to the rules, as a bank's auditor would."""
    begun = told.groupby("group")["timestamp"].transform("min")
    # Noticed at the earliest with the last payment of an accident, and reported after it.
    assert not (told["noticed_at"] < told["timestamp"]).any()
    assert not (told["reported_at"] <= told["noticed_at"]).any()
    assert not (told["resolved_at"] <= told["timestamp"]).any()
    reported = told[told["reported_at"].notna()]
    card = reported["transaction_type"].isin(CARDS)
    after = reported["reported_at"].dt.normalize() - begun[reported.index].dt.normalize()
    assert (after[card] <= timedelta(120)).all()
    other = reported[~card & reported["kind"].isin(MOST_DAYS)]
    statement = begun[other.index].map(month_end)
    assert (other["reported_at"].dt.normalize() <= statement + timedelta(60)).all()
    # What bounces does so whether it was reported or not, and maybe before that.
    answered = reported[(reported["outcome"] != "bounced") & reported["resolved_at"].notna()]
    took = answered["resolved_at"].dt.normalize() - answered["reported_at"].dt.normalize()
    assert (took > timedelta(0)).all()
    assert (took <= timedelta(90)).all()
    for kind, days in MOST_DAYS.items():
        transfers = (answered["kind"] == kind) & ~answered["transaction_type"].isin(CARDS)
        assert (took[transfers] <= timedelta(days)).all(), kind
    check_banking_days(told, answered)


def check_banking_days(told: pd.DataFrame, answered: pd.DataFrame) -> None:
    bank = told["transaction_type"] == "Bank Transfer"
    for outcome, most in {"bounced": 2, "reversed": 5}.items():
        for _, row in told[bank & (told["outcome"] == outcome)].iterrows():
            assert 1 <= banking_days(row["timestamp"], row["resolved_at"]) <= most
    misdirected = answered[answered["kind"].isin(["mistyped", "wrong_payee"])]
    for _, row in misdirected.iterrows():
        assert 1 <= banking_days(row["reported_at"], row["resolved_at"]) <= 20


def check_hours(told: pd.DataFrame) -> None:
    reported, resolved = told["reported_at"].dropna(), told["resolved_at"].dropna()
    assert reported.dt.hour.between(7, 22).all()
    assert resolved.dt.hour.between(9, 16).all()
    assert all(is_open(day) for day in resolved.dt.date.unique())


@pytest.mark.slow
@settings(max_examples=30, derandomize=True)
@given(DAYS, st.integers(1, 40), st.integers(0, 2**63 - 1))
def test_no_deadline_is_broken(first: date, days: int, seed: int) -> None:
    """Any period of any year, with accidents all the time."""
    spec = {"customers": 3, "seed": seed, "start_date": str(first),
            "end_date": str(min(first + timedelta(days), date(2099, 12, 31))), **OFTEN}  # fmt: skip
    told = Dataset(DatasetSpec.parse(spec)).outcomes
    check_deadlines(told)
    check_hours(told)


@pytest.mark.slow
def test_no_deadline_is_broken_in_a_quarter() -> None:
    """Some 20,000 rows."""
    told = accident_sample().outcomes
    assert len(told) > 15_000
    check_deadlines(told)
    check_hours(told)


def test_an_event_is_noticed_when_its_first_payment_s_key_says() -> None:
    """So that the payments that follow, which are made by the same function, agree."""
    block = often(120)
    truth, told = block.truth, block.outcomes
    position = truth.row.searchsorted(told.row)
    # Few numbers are new.
    for kind, least in (("duplicate", 100), ("high_amount", 100), ("mistyped", 15)):
        chosen = (truth.kind[position] == KIND_NAMES.index(kind)) & (told.outcome != BOUNCED)
        first = truth.row.searchsorted(truth.group[position[chosen]])
        after, _ = noticed_and_sent_again(truth.kind[first], block.struck.key[first])
        noticed, begun = told.noticed[chosen], block.struck.second[first]
        assert ((noticed == NEVER) == (after == NEVER)).all()
        later = (after != NEVER) & (after > 300)  # when the last of a burst is over
        assert later.sum() > least
        np.testing.assert_array_equal(noticed[later], (begun + after)[later])


def test_outcomes_may_be_asked_for_any_payments_among_others() -> None:
    """Whoever asks for the truth of some rows alone is told the same."""
    block = often(12)
    truth, told = block.truth, block.outcomes
    single = np.flatnonzero(truth.kind == KIND_NAMES.index("mistyped"))[::2]
    assert len(single) > 5
    first_day = block.first_day.toordinal()
    alone = outcomes(block.struck.some(single), truth.some(single), block.customers, first_day)
    every = {row: place for place, row in enumerate(told.row.tolist())}
    place = [every[row] for row in alone.row.tolist()]
    for name in vars(alone):
        np.testing.assert_array_equal(getattr(alone, name), getattr(told, name)[place], name)


def test_nobody_reports_at_night_and_the_order_stays() -> None:
    """Each second of two days: what comes to mind at night is done between seven and nine."""
    seconds = np.arange(2 * int(SECONDS_PER_DAY))
    moved = awake(seconds)
    hour = moved // 3600 % 24
    assert hour.min() == 7
    assert hour.max() == 22
    assert (moved >= seconds).all()
    night = moved != seconds
    assert night.mean() == pytest.approx(8 / 24, abs=0.001)
    assert (np.diff(moved[night]) >= 0).all()
    assert (moved - seconds).max() <= 8 * 3600


def test_who_pays_again_is_put_off_by_as_long_as_the_night_is() -> None:
    """Each second of a day, in bed from one to seven."""
    seconds = np.arange(int(SECONDS_PER_DAY))
    moved = awake(seconds, bed=np.array(3600), made_up=1)
    night = (seconds >= 3600) & (seconds < 7 * 3600)
    np.testing.assert_array_equal(moved - seconds, night * 6 * 3600)
