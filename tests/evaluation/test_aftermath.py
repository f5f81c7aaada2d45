import numpy as np
import pandas as pd
import pytest

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.aftermath import DEADLINES, MEASURES, sent_again_after
from accidental_transfers.evaluation.dataset import Dataset, dataset
from accidental_transfers.evaluation.readings import Reading
from tests.evaluation.foreign import line_of

CUSTOMERS = 40


def mistyped(again: dict[int, str], noticed: int = 30) -> Dataset:
    """Forty customers mistype 100 dollars on 3 January at noon; some send them again.

    ``again`` says when, by customer. The first customers notice it, and get 60 dollars back.
    """
    lines, truth, outcomes = [], [], []
    for number in range(CUSTOMERS):
        customer, known = f"c{number:02d}", f"user_{number:02d}1"
        wrong = f"{customer}-wrong"
        values = {"transaction_type": "Venmo/PayPal", "amount": 100.0}
        lines.append(
            line_of(customer, "2024-01-03 12:00:00", transaction_id=wrong,
                    recipient_entity=f"user_{number:02d}2", original_recipient_entity=known,
                    is_mistyped_entity_accident=True, **values)
        )  # fmt: skip
        if number in again:
            lines.append(line_of(customer, again[number], recipient_entity=known, **values))
        truth.append({"transaction_id": wrong, "kind": "mistyped", "intended_amount": "100.00"})
        known_at = "2024-01-03 14:00:00" if number < noticed else ""
        outcomes.append(
            {
                "transaction_id": wrong,
                "noticed_at": known_at,
                "label_known_at": known_at,
                "outcome": "recovered_in_part" if known_at else "never_noticed",
                "recovered_amount": "60.00" if known_at else "",
            }
        )
    lines.append(line_of("z", "2024-01-20"))
    return dataset(pd.DataFrame(lines), pd.DataFrame(truth), outcomes=pd.DataFrame(outcomes))


def read(found: float | Reading) -> Reading:
    assert isinstance(found, Reading)
    return found


def test_a_payment_is_sent_again_to_whom_it_was_meant_for_within_a_day() -> None:
    soon = dict.fromkeys(range(20), "2024-01-04 11:59:00")
    late = dict.fromkeys(range(20, 25), "2024-01-04 12:01:00")
    data = mistyped(soon | late)
    found = read(MEASURES["sent_again"](data))
    assert found.value == pytest.approx(20 / 30)
    assert found.also == {"of all mistyped": 0.5, "noticed": 0.75}


def test_another_amount_or_somebody_else_is_nothing_sent_again() -> None:
    lines = [
        line_of("a", "2024-01-01 12:00:00", recipient_entity="x", original_recipient_entity="y"),
        line_of("a", "2024-01-01 12:10:00", recipient_entity="y", amount=11.0),
        line_of("a", "2024-01-01 12:20:00", recipient_entity="z"),
        line_of("b", "2024-01-01 12:30:00", recipient_entity="y"),
        line_of("a", "2024-01-01 13:00:00", recipient_entity="y"),
    ]
    data = dataset(pd.DataFrame(lines))
    assert sent_again_after(data, np.array([0])).tolist() == [3600]


def test_what_is_not_recovered_is_counted_in_dollars() -> None:
    data = mistyped({})
    found = read(MEASURES["never_recovered"](data, "mistyped"))
    assert found.value == pytest.approx((30 * 40 + 10 * 100) / 4000)
    assert read(MEASURES["never_recovered"](data, "all")).also == {"mistyped": found.value}
    with pytest.raises(NotComputableError, match="nothing was at stake in duplicate"):
        MEASURES["never_recovered"](data, "duplicate")


def test_without_the_companion_nothing_that_follows_is_known() -> None:
    data = dataset(pd.DataFrame([line_of("a", "2024-01-01")]))
    for item, parts in (("sent_again", ()), ("never_recovered", ("all",)), ("deadlines", ())):
        with pytest.raises(NotComputableError, match=r"needs the companion .outcomes.csv"):
            MEASURES[item](data, *parts)


def outcome(type_: str, paid: str, **values: str) -> Dataset:
    line = line_of("a", paid, transaction_type=type_, is_accident_burst=True)
    row = {"transaction_id": line["transaction_id"], "label_known_at": "", **values}
    return dataset(pd.DataFrame([line]), outcomes=pd.DataFrame([row]))


FRIDAY = "2024-01-12 10:00:00"
"""Before a weekend and Martin Luther King's Day, on which banks are closed."""


@pytest.mark.parametrize(
    ("type_", "values", "kept"),
    [
        # The third banking day after that Friday is Thursday the 18th.
        ("Bank Transfer", {"outcome": "bounced", "resolved_at": "2024-01-18 23:00:00"}, 1),
        ("Bank Transfer", {"outcome": "bounced", "resolved_at": "2024-01-19 01:00:00"}, 0),
        ("Bank Transfer", {"outcome": "reversed", "resolved_at": "2024-01-22 10:00:00"}, 1),
        ("Bank Transfer", {"outcome": "reversed", "resolved_at": "2024-01-23 10:00:00"}, 0),
        ("Credit Card", {"reported_at": "2024-05-11 10:00:00"}, 1),  # 120 days
        ("Credit Card", {"reported_at": "2024-05-12 10:00:00"}, 0),
        ("Venmo/PayPal", {"reported_at": "2024-04-12 10:00:00"}, 1),  # 91 days
        ("Venmo/PayPal", {"reported_at": "2024-04-13 10:00:00"}, 0),
        (
            "Venmo/PayPal",
            {"outcome": "refunded", "reported_at": FRIDAY, "resolved_at": "2024-02-27 09:00:00"},
            2 / 3,  # in order and reported in time, but a day late
        ),
        ("Credit Card", {"noticed_at": "2024-01-12 09:59:59"}, 0),  # before it happened
        (
            "Credit Card",
            {"noticed_at": "2024-01-12 12:00:01", "reported_at": "2024-01-12 12:00:00"},
            2 / 3,
        ),
    ],
)  # fmt: skip
def test_deadlines_are_counted_in_days_or_in_banking_days(
    type_: str, values: dict[str, str], kept: float
) -> None:
    found = read(MEASURES["deadlines"](outcome(type_, FRIDAY, **values)))
    assert found.value == pytest.approx(kept)
    assert set(found.also) <= set(DEADLINES)
    assert bool(found.note) == (kept < 1)


def test_times_that_are_empty_break_no_deadline() -> None:
    with pytest.raises(NotComputableError, match="no outcome has two times to compare"):
        MEASURES["deadlines"](outcome("Credit Card", FRIDAY, outcome="stands"))
