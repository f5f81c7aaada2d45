"""Whose month is kept, and which."""

from datetime import date

import numpy as np

from accidental_transfers.evaluation.vocabulary import BILLS, ENTITY_TYPES
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.spec import JobSpec
from accidental_transfers.statistics.month import (
    Bill,
    Choice,
    Month,
    Payments,
    most_usual,
    only_owed,
)
from accidental_transfers.statistics.share import total
from tests.samples import default_sample
from tests.statistics.people_by_hand import OWED
from tests.statistics.support import share_of


def chosen(first_day: date, *customers: tuple[list[int], list[int]]) -> Choice | None:
    """Choose among customers, each given by the days of its bills and of its other payments."""
    days = [sorted([(day, True) for day in bills] + [(day, False) for day in others])
            for bills, others in customers]  # fmt: skip
    flat = [each for own in days for each in own]
    return most_usual(
        Payments(
            first_day=first_day,
            customer=np.repeat(np.arange(len(days)), [len(own) for own in days]),
            day=np.array([day for day, _ in flat], np.int64),
            starts=np.append(0, np.cumsum([len(own) for own in days])),
            owed=np.flatnonzero([is_bill for _, is_bill in flat]),
        )
    )


MARCH = date(2023, 3, 1)


def test_the_first_with_a_usual_number_of_bills_wins() -> None:
    ends = [0, 30]
    found = chosen(MARCH, ([3] * 9, ends), ([3] * 15, ends), ([3] * 14, ends), ([3] * 13, ends))
    assert found
    assert (found.customer, found.first, found.last, found.is_whole) == (2, 0, 30, True)
    assert len(found.owed) == 14
    assert len(found.rows) == 16


def test_the_nearest_wins_where_nobody_is_usual() -> None:
    ends = [0, 30]
    found = chosen(MARCH, ([3] * 9, ends), ([3] * 16, ends), ([3] * 10, ends))
    assert found
    assert found.customer == 1


def test_a_whole_month_beats_a_usual_number_of_bills() -> None:
    found = chosen(MARCH, ([3] * 12, [0, 29]), ([], [0, 30]))
    assert found
    assert (found.customer, found.is_whole) == (1, True)


def test_the_first_whole_month_is_shown_even_if_another_has_more_days() -> None:
    # From 2 January: February 2023 is whole and has 28 days, of January there are 30.
    found = chosen(date(2023, 1, 2), ([40], [0, 95]))
    assert found
    assert (found.first, found.last, found.is_whole) == (30, 57, True)


def test_without_a_whole_month_most_days_are_shown() -> None:
    found = chosen(date(2023, 1, 25), ([2, 20], [0, 30]))
    assert found
    assert (found.first, found.last, found.is_whole) == (7, 30, False)
    assert len(found.owed) == 1


def test_customers_without_rows_are_nobody_s_example() -> None:
    assert chosen(MARCH) is None
    assert chosen(MARCH, ([], []), ([], [])) is None
    found = chosen(MARCH, ([], []), ([1], [1]), ([], []))
    assert found
    assert (found.customer, found.first, found.last) == (1, 1, 1)


def test_bills_are_what_is_never_bought() -> None:
    assert only_owed() == OWED
    owing = {entry.entity_type for entry in reference().owed.obligations} | {
        service.entity_type for service in reference().owed.services.values()
    }
    assert only_owed() <= owing
    known = {entity.name for entity in reference().entity_types}
    judged = {name for purpose in BILLS for name in ENTITY_TYPES[purpose]} & known
    assert judged <= only_owed()


def test_the_usual_number_of_bills_is_that_of_the_default() -> None:
    rows = default_sample().rows
    january = rows[rows["timestamp"].dt.month == 1]
    bills = january["entity_type"].isin(OWED).groupby(january["customer_id"]).sum()
    assert 0.35 < (bills < 12).mean() < 0.6
    assert 0.6 < (bills <= 14).mean() < 0.85


def month(customer: str, bills: int, is_whole: bool = True) -> Month:
    bill = Bill(date="2024-01-02", entity_type="Rent", payee="A", cents=1, label="")
    return Month(customer=customer, home="", first="2024-01-01", last="2024-01-31",
                 is_whole=is_whole, owed=[bill] * bills, others={})  # fmt: skip


def test_adding_up_keeps_the_first_of_the_most_usual() -> None:
    counted = share_of(JobSpec.parse({"customers": 1, "end_date": "2024-01-01"}), 1, 1)
    months = [None, month("a", 10), month("b", 12), month("c", 13), month("d", 14, False)]
    shares = [counted.model_copy(update={"month": each}) for each in months]
    for order, winner in ((shares, "b"), (shares[::-1], "c")):
        kept = total(order).month
        assert kept
        assert kept.customer == winner
