"""The calendar against the real one: clock changes, leap days, paydays."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from accidental_transfers import DatasetSpec
from accidental_transfers.dataset.generate import simulate
from accidental_transfers.model.calendar import (
    BEYOND_BILLS,
    MONTH_END_LIFT,
    calendar,
    is_clock_change,
)
from accidental_transfers.model.facts.files import US_ZONES
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.holidays import factors
from accidental_transfers.model.months import PAYDAY_SHARES, PAYDAY_WEIGHTS, PAYDAYS
from tests.samples import BURST, LABELS, fixed

YEARS = range(2007, 2038)  # as far as the time zone database is explicit
BANK = [type_.name for type_ in reference().transaction_types].index("Bank Transfer")


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(day) for day in range((date(year + 1, 1, 1) - first).days)]


def goes_forward(day: date, zone: ZoneInfo) -> bool:
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001
    offsets = [(midnight + timedelta(d)).replace(tzinfo=zone).utcoffset() for d in (0, 1)]
    return offsets[0] < offsets[1]  # type: ignore[operator]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(US_ZONES))
def test_clocks_go_forward_when_and_where_they_do(name: str) -> None:
    zone = ZoneInfo(name)
    saves = replace(reference().cities[0], timezone=name).saves_daylight
    for year in YEARS:
        changes = [day for day in days_of(year) if goes_forward(day, zone)]
        expected = [day for day in days_of(year) if is_clock_change(day)] if saves else []
        assert changes == expected, year
        for day in changes:
            gap = datetime(day.year, day.month, day.day, 2, 30, tzinfo=zone)
            assert gap.astimezone(ZoneInfo("UTC")).astimezone(zone).hour == 3


def test_only_arizona_and_hawaii_keep_their_clocks() -> None:
    states = {city.state for city in reference().cities if not city.saves_daylight}
    assert states == {"AZ", "HI"}


def test_nobody_pays_in_the_hour_that_daylight_saving_skips() -> None:
    """10 March 2024, 600 customers with 200 payments: about 120,000 rows."""
    spec = DatasetSpec.parse(
        {
            "customers": 600,
            "start_date": "2024-03-10",
            "end_date": "2024-03-10",
            "daily_transactions": fixed(200),
            "accident_probability": fixed(0.1),
        }
    )
    saves = np.array([city.saves_daylight for city in reference().cities])
    hours = {True: np.zeros(24, int), False: np.zeros(24, int)}
    for table in simulate(spec, 1, spec.customers):
        for block in table.blocks:
            for saving in hours:
                there = saves[block.city] == saving
                hours[saving] += np.bincount(block.second[there] // 3600, minlength=24)
    assert hours[True].sum() > 90_000
    assert hours[True][2] == 0
    assert hours[True][3] > 400  # its own and those that the skipped hour moves there
    assert hours[False].sum() > 3_000
    assert hours[False][2] > 5
    assert (hours[True][[1, 4]] > 0).all()


@pytest.mark.parametrize("day", ["2024-03-09", "2024-03-11", "2023-03-10", "2024-11-03"])
def test_the_hour_is_there_on_every_other_day(day: str) -> None:
    spec = DatasetSpec.parse({"start_date": day, "end_date": day, "daily_transactions": fixed(200)})
    seconds = [block.second for table in simulate(spec, 1, 60) for block in table.blocks]
    assert np.bincount(np.concatenate(seconds) // 3600)[2] > 10


def test_every_clock_change_of_a_period_is_known() -> None:
    when = calendar(date(2023, 3, 1), 400)
    days = np.flatnonzero(when.clock_changes[:400])
    changes = [date(2023, 3, 1) + timedelta(int(day)) for day in days]
    assert [str(day) for day in changes] == ["2023-03-12", "2024-03-10"]


def test_a_leap_year_has_its_day() -> None:
    when = calendar(date(2024, 1, 1), 366)
    assert when.weight.shape == (len(PAYDAYS), 366, 4)
    # From December before to January after.
    assert when.months.length.tolist() == [31, 31, 29, *(31, 30, 31, 30, 31) * 2, 31]


def undisturbed(first: date, days: int) -> np.ndarray:
    """The weights without what holidays do to them: (paydays, days, transaction types)."""
    of_type, of_entity = factors(first, days)
    facts = reference()
    shares = np.zeros((len(facts.transaction_types), len(facts.entity_types)))
    for code, entity in enumerate(facts.entity_types):
        shares[entity.transaction_type, code] = entity.share
    shares /= shares.sum(axis=1, keepdims=True)
    weight: np.ndarray = calendar(first, days).weight / (of_type * (of_entity @ shares.T))
    return weight


@pytest.mark.slow
@pytest.mark.parametrize("first", [date(2024, 1, 1), date(2023, 11, 17), date(2020, 2, 29)])
def test_every_calendar_month_has_the_mean_1(first: date) -> None:
    """For each payday and type, wherever the period begins; holidays come on top."""
    dates = [first + timedelta(day) for day in range(800)]
    month = np.array([day.year * 12 + day.month for day in dates])
    weight = undisturbed(first, 800)
    for whole in np.unique(month)[1:-1]:
        mean = weight[:, month == whole].mean(axis=1)
        assert mean == pytest.approx(np.ones((len(PAYDAYS), 4)), abs=1e-12)


@pytest.mark.slow
@settings(max_examples=40)
@given(st.dates(date(2007, 1, 1), date(2090, 1, 1)), st.integers(0, 60), st.integers(1, 60))
@example(date(2038, 5, 1), 27, 1)
def test_a_days_weight_is_the_same_whatever_the_period(first: date, skip: int, days: int) -> None:
    long, short = calendar(first, 120), calendar(first + timedelta(skip), days)
    assert (short.weight == long.weight[:, skip : skip + days]).all()
    assert (short.clock_changes[:days] == long.clock_changes[skip : skip + days]).all()
    assert (short.paydays[:, :days] == long.paydays[:, skip : skip + days]).all()
    # A negative position is a day before the period.
    before = np.arange(-27, 0)
    assert (
        long.clock_changes[before] == calendar(first - timedelta(27), 27).clock_changes[:27]
    ).all()
    assert (long.paydays[:, before] == calendar(first - timedelta(27), 27).paydays[:, :27]).all()
    assert (short.ordinal == long.ordinal[skip : skip + days]).all()


def strength(first: date, days: int) -> np.ndarray:
    """How much more is paid on each day for the sake of paydays: (paydays, days)."""
    type_ = reference().transaction_types[BANK]
    dates = [first + timedelta(day) for day in range(days)]
    curve = [
        type_.weekdays[d.weekday()]
        * type_.month_days[d.day - 1] ** BEYOND_BILLS
        * (MONTH_END_LIFT if d.day >= 28 else 1)
        for d in dates
    ]
    weight: np.ndarray = undisturbed(first, days)[:, :, BANK] / np.array(curve)
    return weight


def test_paydays_are_when_americans_are_paid() -> None:
    first, days = date(2024, 1, 1), 366
    dates = [first + timedelta(day) for day in range(days)]
    # A month's mean is a constant of the month: what rises within one rises for a payday.
    rises = [
        {
            day
            for day, before, now in zip(dates[1:], own, own[1:], strict=False)
            if now > before * (1 + 1e-9) and day.day > 1
        }
        for own in strength(first, days)
    ]
    by_name = {
        name: [r for n, r in zip(PAYDAYS, rises, strict=True) if n == name] for name in PAYDAYS
    }
    fridays = {day for day in dates[1:] if day.weekday() == 4 and day.day > 1}
    month_ends = {day for day in dates if (day + timedelta(1)).day == 1}
    assert by_name["weekly"] == [fridays]
    one, other = by_name["biweekly"]
    assert one | other == fridays
    assert one & other == set()
    assert {
        (b - a).days
        for own in (one, other)
        for a, b in zip(sorted(own), sorted(own)[1:], strict=False)
    } <= {14, 28}
    assert by_name["monthly"] == [month_ends]
    assert by_name["semimonthly"] == [month_ends | {day for day in dates if day.day == 15}]


def test_the_paydays_of_the_months_are_the_ones_that_lift_the_days() -> None:
    when = calendar(date(2024, 1, 1), 366)
    fridays = [day for day in when.ordinal.tolist() if date.fromordinal(day).weekday() == 4]
    found = [[day for day in own.tolist() if day in when.ordinal] for own in when.months.paydays]
    assert found[0] == fridays
    assert sorted(found[1] + found[2]) == fridays
    assert [len(own) for own in found[3:]] == [24, 12]


@pytest.mark.slow
def test_paydays_move_payments_and_add_none() -> None:
    """Over ten years each rhythm leaves the mean at 1: a month's own mean is 1."""
    assert undisturbed(date(2014, 1, 1), 3652).mean(axis=1) == pytest.approx(
        np.ones((len(PAYDAYS), 4)), abs=1e-3
    )


@pytest.mark.slow
def test_both_ends_of_the_month_are_up() -> None:
    """Ten years, in which every day of the month falls on every weekday; bills come on top."""
    first, days = date(2014, 1, 1), 3652
    weight = np.array(PAYDAY_WEIGHTS) @ undisturbed(first, days).transpose(1, 0, 2)
    types = reference().transaction_types
    weekday = np.array([(first + timedelta(day)).weekday() for day in range(days)])
    number = np.array([(first + timedelta(day)).day for day in range(days)])
    adjusted = weight / np.array([type_.weekdays for type_ in types]).T[weekday]
    middle = adjusted[(number >= 9) & (number <= 26)].mean(axis=0)
    begin, end = (adjusted[chosen].mean(axis=0) / middle for chosen in (number <= 5, number >= 28))
    share = np.array([type_.share for type_ in types])
    assert begin @ share > 1.02
    assert end @ share > 1.02
    assert begin[BANK] > 1.15


def test_paydays_have_their_shares() -> None:
    assert sum(PAYDAY_WEIGHTS) == pytest.approx(1, abs=0.001)
    for name, share in PAYDAY_SHARES.items():
        own = [w for n, w in zip(PAYDAYS, PAYDAY_WEIGHTS, strict=True) if n == name]
        assert sum(own) == pytest.approx(share)


def test_a_burst_stays_together_where_the_clock_jumps() -> None:
    # Customer 509 pays at 02:59:5x on this day, with extra transactions after 03:00.
    spec = DatasetSpec.parse(
        {
            "customers": 520,
            "start_date": "2024-03-10",
            "end_date": "2024-03-10",
            "daily_transactions": fixed(200),
            "accident_probability": fixed(0.25),
        }
    )
    for table in simulate(spec, 480, 520):
        for block in table.blocks:
            truth = block.truth
            elapsed = block.second[truth.row] - block.second[truth.group]
            elapsed = elapsed[block.label[truth.row] == 1 + LABELS.index(BURST)]
            assert elapsed.min() >= 0
            # An hour more where a burst begins before the jump and goes on after it.
            assert ((elapsed <= 300) | ((elapsed > 3600) & (elapsed <= 3900))).all()
