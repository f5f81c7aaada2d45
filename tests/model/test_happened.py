"""What happens is done to all payments at once, and the truth says just that."""

from dataclasses import replace

import numpy as np

from accidental_transfers.model.arrays import Int
from accidental_transfers.model.calendar import SECONDS_PER_DAY
from accidental_transfers.model.happened import Happened, done, single
from accidental_transfers.model.payments import PICKED, Payments
from accidental_transfers.model.recipients import recipients

SHOP, OTHER_SHOP = 3, 4
KNOWN, WRONG, THIRD = 1_234_567_890, 1_234_567_891, 1_111_111_111


def ints(*values: int) -> Int:
    return np.array(values, np.int64)


def drawn() -> Payments:
    """Three payments to shops, and one to somebody; the second is made just before midnight."""
    person = recipients().first_person
    return Payments(
        customer=np.zeros(4, np.int64),
        second=ints(100, int(SECONDS_PER_DAY) - 5, 200_000, 300_000),
        entity=np.zeros(4, np.uint8),
        city=np.zeros(4, np.uint8),
        cents=np.array([1_000, 2_000, 3_000, 4_000], np.int32),
        recipient=ints(SHOP, SHOP, SHOP, person),
        key=np.arange(4, dtype=np.uint64),
        typed=np.full(4, PICKED, np.uint8),
        number=np.array([KNOWN], np.uint64),
    )


def burst() -> Happened:
    """The second payment becomes three."""
    return Happened(
        base=ints(1, 1, 1),
        position=ints(0, 1, 2),
        after=ints(0, 3, 9),
        cents=ints(500, 700, 800),
        recipient=ints(SHOP, SHOP, OTHER_SHOP),
        kind=ints(1, 1, 1),
        intended_cents=np.full(3, 2_000, np.int32),
        first_kind=4,
    )


def astray(row: int, number: int, kind: int) -> Happened:
    meant = drawn().recipient[[row]]
    event = single(
        ints(row), drawn().cents[[row]], meant, np.array([number], np.uint64),
        intended_recipient=meant, slip=ints(2),
    )  # fmt: skip
    return replace(event, first_kind=kind)


def test_nothing_leaves_everything_as_it_was() -> None:
    payments, truth = done(drawn(), [])
    assert payments.cents.tolist() == drawn().cents.tolist()
    assert len(truth) == 0


def test_extra_transactions_follow_at_the_end_and_end_with_the_day() -> None:
    payments, truth = done(drawn(), [burst()])
    assert payments.cents.tolist() == [1_000, 500, 3_000, 4_000, 700, 800]
    assert payments.second[4:].tolist() == [SECONDS_PER_DAY - 2, SECONDS_PER_DAY - 1]
    assert payments.recipient[4:].tolist() == [SHOP, OTHER_SHOP]
    assert payments.key[4:].tolist() == [1, 1]
    assert truth.row.tolist() == [1, 4, 5]
    assert truth.kind.tolist() == [5, 5, 5]
    assert truth.group.tolist() == [1, 1, 1]
    assert truth.position.tolist() == [1, 2, 3]
    assert truth.intended_cents.tolist() == [2_000] * 3
    assert truth.intended_recipient.tolist() == [SHOP, SHOP, OTHER_SHOP]


def test_each_event_that_goes_astray_has_a_number_of_its_own() -> None:
    payments, truth = done(drawn(), [astray(3, WRONG, 7), burst(), astray(0, THIRD, 9)])
    first_person = recipients().first_person
    assert payments.number[payments.recipient[[3, 0]] - first_person].tolist() == [WRONG, THIRD]
    assert truth.row.tolist() == [3, 1, 4, 5, 0]
    assert truth.kind.tolist() == [7, 5, 5, 5, 9]
    assert truth.intended_recipient[[0, -1]].tolist() == [first_person, SHOP]
    assert truth.slip.tolist() == [2, 0, 0, 0, 2]


def test_what_was_drawn_stays_as_it_was() -> None:
    payments = drawn()
    done(payments, [astray(3, WRONG, 7), burst()])
    assert payments.cents.tolist() == drawn().cents.tolist()
    assert payments.recipient.tolist() == drawn().recipient.tolist()


def test_what_is_sent_again_stands_behind_the_extra_transactions() -> None:
    sent = drawn().some(ints(3))
    lost = replace(astray(3, WRONG, 7), follow_up=ints(6))
    again = replace(single(ints(6), sent.cents, sent.recipient), first_kind=9)
    payments, truth = done(drawn(), [lost, burst(), again], [sent])
    assert payments.cents.tolist() == [1_000, 500, 3_000, 4_000, 700, 800, 4_000]
    assert payments.numbers_of(ints(3, 6)).tolist() == [WRONG, KNOWN]
    assert truth.row.tolist() == [3, 1, 4, 5, 6]
    assert truth.kind.tolist() == [7, 5, 5, 5, 9]
    assert truth.follow_up.tolist() == [6, -1, -1, -1, -1]
