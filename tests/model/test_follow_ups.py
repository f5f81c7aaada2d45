"""What follows a payment to somebody who was not meant: it is put right, or made again."""

from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from accidental_transfers.model.accidents import kind_code
from accidental_transfers.model.calendar import SECONDS_PER_DAY, SECONDS_PER_HOUR
from accidental_transfers.model.meetings import FIRST, SECOND, THIRD
from accidental_transfers.model.payments import ENTERED
from accidental_transfers.model.slips import Slip
from tests.model.lived import Lived
from tests.samples import PROBABILITIES, fixed

MISTYPED = "mistyped_entity_accident_probability"
START, DAYS = date(2024, 1, 1), 121
SENT_AGAIN, WRONG = kind_code("sent_again"), kind_code("mistyped")
NOTHING: dict[str, Any] = {"lookalikes": 0, **dict.fromkeys(PROBABILITIES, fixed(0))}


def lives(
    customers: int, first: date = START, days: int = DAYS, chance: float = 0.25, **fields: Any
) -> Lived:
    """Customers who mistype one new number in four, and to whom nothing else happens."""
    period = {"start_date": str(first), "end_date": str(first + timedelta(days - 1))}
    return Lived.of(customers=customers, **period, **(NOTHING | {MISTYPED: fixed(chance)} | fields))


def told(lived: Lived) -> pd.DataFrame:
    """What is known of every row of an accident, and of what follows: all pay people."""
    truth, payments, met = lived.truth, lived.payments, lived.life.met
    row = truth.row
    is_new = row < len(met)
    of_met = np.where(is_new, row, 0)
    return pd.DataFrame({
        "row": row, "kind": truth.kind, "follow_up": truth.follow_up, "slip": truth.slip,
        "customer": payments.customer[row], "second": payments.second[row],
        "cents": payments.cents[row], "entity": payments.entity[row],
        "paid": lived.numbers(payments.recipient[row]),
        "meant": lived.numbers(truth.intended_recipient),
        "saves": lived.customers.saves_payees[payments.customer[row]],
        "entered": is_new & (payments.typed[row] == ENTERED),
        "payee": np.where(is_new, met.payee[of_met], 0),
        "position": np.where(is_new, met.position[of_met], -1),
    })  # fmt: skip


def beside(left: pd.DataFrame, right: pd.DataFrame, by: str, suffix: str) -> pd.DataFrame:
    """What is known of the same in another frame, whose index it is."""
    return left.merge(right, how="left", left_on=by, right_index=True, suffixes=("", suffix))


@cache
def many() -> Lived:
    """400 customers in four months: some 1,600 new numbers mistyped, and 800 known ones."""
    return lives(400)


@cache
def astray() -> pd.DataFrame:
    """What went to somebody else, beside what put it right, if anything did."""
    all_ = told(many())
    wrong = all_[all_["kind"] == WRONG]
    again = all_[all_["kind"] == SENT_AGAIN].set_index("row")
    assert len(wrong) > 2_000
    return beside(wrong, again, "follow_up", "_again")


def put_right() -> pd.DataFrame:
    found = astray()
    return found[found["follow_up"] >= 0]


@pytest.mark.slow
def test_who_notices_sends_the_same_amount_to_who_was_meant() -> None:
    found = put_right()
    assert len(found) > 1_400
    for same in ("customer", "cents", "entity", "meant"):
        assert (found[same] == found[f"{same}_again"]).all(), same
    assert (found["paid_again"] == found["meant"]).all()
    assert (found["paid"] != found["meant"]).all()
    assert (found["second_again"] > found["second"]).all()


@pytest.mark.slow
def test_three_in_four_new_numbers_are_put_right() -> None:
    """82 % are noticed, 90 % of these sent again; of some 1,500, four standard errors are 0.045.

    Those of the last 27 days may be put right after the period.
    """
    found = astray()
    early = (found["second"] < (DAYS - 27) * SECONDS_PER_DAY) & (found["slip"] != Slip.NONE)
    entered = found[early & found["entered"]]
    assert len(entered) > 900
    assert (entered["follow_up"] >= 0).mean() == pytest.approx(0.82 * 0.90, abs=0.055)
    # A known payee's is put right on the same day, or the customer leaves it.
    known = found[early & ~found["entered"]]
    assert len(known) > 400
    assert 0.35 < (known["follow_up"] >= 0).mean() < 0.65


@pytest.mark.slow
def test_it_takes_hours_and_sometimes_weeks_and_nobody_does_it_asleep() -> None:
    """Three hours to notice, a quarter of an hour to pay; put off from one at night to seven."""
    found = put_right()
    hours = (found["second_again"] - found["second"]) / SECONDS_PER_HOUR
    entered = found["entered"] & (found["slip"] != Slip.NONE)
    assert 2 < hours[entered].median() < 6.5
    assert (hours[entered] > 24).mean() > 0.05
    assert hours[entered].max() <= 28 * 24
    same_day = found["second_again"] // SECONDS_PER_DAY == found["second"] // SECONDS_PER_DAY
    assert same_day[~found["entered"] & (found["slip"] != Slip.NONE)].all()
    of_day = found["second_again"] % SECONDS_PER_DAY // SECONDS_PER_HOUR
    assert not of_day.between(1, 6).any()


@cache
def later() -> pd.DataFrame:
    """The second and third payments to those whose number went wrong, and what became of each."""
    life, payments = many().life, many().payments
    met = life.met
    first = astray()
    first = first[first["entered"] & (first["slip"] != Slip.NONE)]
    first = first.drop_duplicates("payee").set_index("payee")
    rows = np.flatnonzero(np.isin(met.payee, first.index) & np.isin(met.position, [SECOND, THIRD]))
    again = pd.DataFrame({
        "row": rows, "payee": met.payee[rows], "second_later": payments.second[rows],
        "number": payments.numbers_of(rows),
    })  # fmt: skip
    labelled = told(many()).set_index("row")[["kind", "meant", "slip"]]
    return beside(beside(again, first, "payee", "_first"), labelled, "row", "_own")


@pytest.mark.slow
def test_who_saved_a_wrong_number_picks_it_again_until_noticing() -> None:
    """Each is an accident, with the recipient who was meant; of some 500 later payments."""
    found = later()
    found = found[found["saves"]]
    picked = found["number"] == found["paid"]
    assert len(found) > 400
    assert 0.10 < picked.mean() < 0.6
    assert (found.loc[picked, "kind_own"] == WRONG).all()
    assert (found.loc[picked, "slip_own"] == Slip.NONE).all()
    assert (found.loc[picked, "meant_own"] == found.loc[picked, "meant"]).all()
    # The others have the right number: it was noticed before, and all later ones are right.
    assert (found.loc[~picked, "number"] == found.loc[~picked, "meant"]).all()
    assert found.loc[~picked, "kind_own"].isna().all()
    by_payee = found.sort_values("second_later").groupby("payee")["number"]
    right_then_wrong = by_payee.first().ne(by_payee.last()) & by_payee.last().isin(found["paid"])
    assert not right_then_wrong.any()


@pytest.mark.slow
def test_nobody_picks_it_after_it_was_put_right() -> None:
    found = later()
    known = found[found["saves"] & (found["follow_up"] >= 0)]
    after = known["second_later"] > known["second_again"]
    assert after.sum() > 150
    assert (known.loc[after, "number"] == known.loc[after, "meant"]).all()


@pytest.mark.slow
def test_who_types_every_number_types_the_right_one_the_next_time() -> None:
    """Or mistypes it anew."""
    found = later()
    found = found[~found["saves"]]
    assert len(found) > 100
    anew = found["slip_own"].fillna(0) > 0
    assert anew.mean() < 0.2
    assert (found.loc[~anew, "number"] == found.loc[~anew, "meant"]).all()


def paid(lived: Lived, begin: int, end: int, from_: int) -> list[tuple[Any, ...]]:
    """All payments of a part of a period, and what is known of each; seconds from ``from_`` on."""
    payments, truth = lived.payments, lived.truth
    number = np.zeros(len(payments), np.uint64)
    person = payments.recipient >= lived.first_person
    number[person] = payments.numbers_of(np.flatnonzero(person))
    kind = np.full(len(payments), -1)
    kind[truth.row] = truth.kind
    meant = number.copy()
    meant[truth.row] = lived.numbers(truth.intended_recipient)
    second = payments.second + from_
    chosen = (second >= begin) & (second < end)
    columns = (payments.customer, second, payments.cents, number, kind, meant)
    return sorted(zip(*(column[chosen].tolist() for column in columns), strict=True))


@cache
def whole(customers: int) -> Lived:
    return lives(customers)


@pytest.mark.slow
@settings(max_examples=30, derandomize=True)
@given(st.integers(0, DAYS - 1), st.integers(1, 45))
@example(31, 1)
@example(59, 2)
@example(30, 30)
def test_what_follows_from_before_the_period_is_there(first: int, days: int) -> None:
    """40 customers: a day is the same whenever a period begins, over midnights and months' ends."""
    days = min(days, DAYS - first)
    part = lives(40, START + timedelta(first), days)
    begin, end = (day * int(SECONDS_PER_DAY) for day in (first, first + days))
    assert paid(part, begin, end, begin) == paid(whole(40), begin, end, 0)


@pytest.mark.slow
def test_some_of_it_follows_from_before() -> None:
    """In March: what puts right a payment of February, and numbers that were saved wrong."""
    march = lives(1_000, date(2024, 3, 1), 31)
    found = told(march)
    # What lies before the period is known where something may follow it.
    found = found[found["second"] >= 0]
    again, wrong = found[found["kind"] == SENT_AGAIN], found[found["kind"] == WRONG]
    from_before = ~again["row"].isin(wrong["follow_up"])
    assert 5 < from_before.sum() < 0.1 * len(again)
    picked = wrong[(wrong["slip"] == Slip.NONE) & wrong["position"].isin([SECOND, THIRD])]
    here = wrong.loc[wrong["position"] == FIRST, "payee"]
    assert (~picked["payee"].isin(here)).sum() > 3


@pytest.mark.slow
def test_without_an_aftermath_nothing_follows_and_all_else_is_the_same() -> None:
    """The rows of accidents as they struck; but for wrong numbers that are picked again."""
    without = lives(400, aftermath="none")
    full, bare = many().payments, without.payments
    n = len(without.life.payments)
    assert len(bare) == n
    assert len(full) - n == (many().truth.kind == SENT_AGAIN).sum() > 1_000
    assert (without.truth.kind == WRONG).all()
    assert (without.truth.slip != Slip.NONE).all()
    for name in ("customer", "second", "cents", "entity", "city"):
        assert (getattr(full, name)[:n] == getattr(bare, name)).all(), name
    struck = many().truth.row[(many().truth.kind == WRONG) & (many().truth.slip != Slip.NONE)]
    assert sorted(struck.tolist()) == sorted(without.truth.row.tolist())


def test_where_nothing_goes_wrong_nothing_follows() -> None:
    """The twin without accidents."""
    twin = lives(100, chance=0)
    assert len(twin.truth) == 0
    assert len(twin.payments) == len(twin.life.payments)
