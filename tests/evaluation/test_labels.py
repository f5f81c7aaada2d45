import numpy as np
import pandas as pd
import pytest

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import Dataset, dataset
from accidental_transfers.evaluation.labels import MEASURES, accident_starts
from accidental_transfers.evaluation.readings import Reading
from accidental_transfers.evaluation.scorecard import bands
from accidental_transfers.evaluation.typing_errors import (
    OTHER,
    SUBSTITUTION,
    TRANSPOSITION,
    TWO,
    typing_error,
)
from accidental_transfers.model.accidents import LABELS
from tests.evaluation.foreign import foreign_frame, line_of, with_high_amounts


def value(found: float | Reading) -> float:
    return found.value if isinstance(found, Reading) else found


def bursts(members: int = 2, accidents: int = 30) -> list[dict[str, object]]:
    """Every other day a burst of equal payments, 10 seconds apart; honest repeats as many."""
    lines = []
    for number in range(accidents):
        day = np.datetime64("2024-01-01T09:00:00") + np.timedelta64(2 * number, "D")
        for labelled in (True, False):
            start = day + np.timedelta64(0 if labelled else 1, "D")
            lines += [
                line_of(
                    "a",
                    str(start + np.timedelta64(10 * member, "s")),
                    is_accident_burst=labelled,
                    amount=20.0 + number,
                )
                for member in range(members)
            ]
    return lines


def built(lines: list[dict[str, object]], accidents: pd.DataFrame | None = None) -> Dataset:
    return dataset(pd.DataFrame(lines), accidents)


def test_a_burst_is_one_accident() -> None:
    data = built(bursts(members=3))
    assert len(accident_starts(data)) == 30
    assert value(MEASURES["bursts_complete"](data)) == 1
    # The second and the third repeat the one before, labelled or not.
    assert value(MEASURES["honest_repeats"](data)) == pytest.approx(1)


def test_a_burst_of_one_is_none() -> None:
    alone = [line_of("b", "2024-06-01 12:00:00", is_accident_burst=True)]
    assert value(MEASURES["bursts_complete"](built(bursts() + alone))) == pytest.approx(60 / 61)


def test_honest_amounts_are_compared_with_the_labelled_ones_of_their_type() -> None:
    frame = foreign_frame(types=("Credit Card", "Crypto"))
    data = dataset(with_high_amounts(frame))
    assert value(MEASURES["honest_large"](data)) == 0
    mixed = dataset(frame.assign(is_high_amount_accident=np.arange(len(frame)) % 50 == 0))
    # Labels at random: 90 % of the 49 honest ones per accident are above its 10th percentile.
    assert value(MEASURES["honest_large"](mixed)) == pytest.approx(44.1, rel=0.1)


def mistyped(number: int, **values: object) -> dict[str, object]:
    return line_of(
        "a",
        f"2024-01-01 00:{number // 60:02d}:{number % 60:02d}",
        transaction_type="Venmo/PayPal",
        entity_type="Friend",
        is_mistyped_entity_accident=True,
        **{
            "recipient_entity": f"user_9{number:03d}",
            "original_recipient_entity": f"user_8{number:03d}",
            **values,
        },
    )


def test_first_payments_are_counted_where_payees_are_typed() -> None:
    rows = [mistyped(number) for number in range(20)]
    rows += [
        line_of(
            "a",
            f"2024-01-02 00:{number % 60:02d}:00",
            transaction_type="Venmo/PayPal",
            entity_type="Friend" if number < 80 else "Shop",
            recipient_entity=f"user_{number % 40:05d}" if number < 80 else f"shop {number}",
        )
        for number in range(100)
    ]
    found = MEASURES["first_payments"](built(rows))
    assert isinstance(found, Reading)
    assert found.value == pytest.approx(40 / 20)
    assert list(found.also.values()) == [pytest.approx(60 / 20)]


def test_the_intended_recipient_is_another_and_differs_by_a_slip() -> None:
    good = [mistyped(number) for number in range(18)]
    same = mistyped(18, original_recipient_entity="user_9018")
    far = mistyped(19, original_recipient_entity="user_7777")
    data = built([*good, same, far])
    assert value(MEASURES["intended_known"](data)) == pytest.approx(19 / 20)


@pytest.mark.parametrize(
    ("typed", "intended", "expected"),
    [
        ("user_1234", "user_1235", SUBSTITUTION),
        ("user_1234", "user_1324", TRANSPOSITION),
        ("user_1234", "user_1432", TWO),
        ("user_1234", "user_9239", TWO),
        ("user_1234", "user_1234", OTHER),
        ("user_1234", "user_9999", OTHER),
        ("user_1234", "user_123", OTHER),
        ("user_1234", "uzer_1234", OTHER),
    ],
)
def test_slips_have_names(typed: str, intended: str, expected: str) -> None:
    assert typing_error(typed, intended) == expected


def test_prone_customers_are_told_from_even_chance() -> None:
    frame = foreign_frame(customers=100, days=30)  # 24,000 payments
    chance = np.random.default_rng(0).random(len(frame))
    even = dataset(frame.assign(is_high_amount_accident=chance < 0.03))
    assert value(MEASURES["prone"](even)) == pytest.approx(1, abs=0.35)
    few = frame["customer_id"].str[-1] == "7"
    prone = dataset(frame.assign(is_high_amount_accident=few & (chance < 0.3)))
    assert value(MEASURES["prone"](prone)) > 10


def test_a_week_without_labels_is_noticed() -> None:
    frame = with_high_amounts(foreign_frame(days=56), share=0.1)
    assert value(MEASURES["weekly"](dataset(frame))) < 0.2
    frame["is_high_amount_accident"] &= frame["timestamp"].dt.isocalendar().week % 2 == 0
    assert value(MEASURES["weekly"](dataset(frame))) > 0.9


def test_lookalikes_are_the_companions_unlabelled_rows() -> None:
    lines = bursts()
    labels = [bool(line["is_accident_burst"]) for line in lines]
    truth = pd.DataFrame(
        {
            "transaction_id": [line["transaction_id"] for line in lines],
            "kind": ["duplicate" if label else "honest_repeat" for label in labels],
        }
    )
    found = MEASURES["lookalikes"](built(lines, truth))
    assert isinstance(found, Reading)
    assert found.also == {"honest_repeat": 2.0}  # 60 rows, 30 accidents
    with pytest.raises(NotComputableError, match=r"companion .accidents.csv"):
        MEASURES["lookalikes"](built(lines))


def test_rows_with_two_labels_are_noticed() -> None:
    frame = foreign_frame()
    twice = frame.index < 84
    data = dataset(frame.assign(is_accident_burst=twice, is_high_amount_accident=twice))
    assert value(MEASURES["one_label"](data)) == pytest.approx(0.99)


def test_every_label_has_its_lines() -> None:
    found = {item["item"]: item["bands"] for section in bands() for item in section["items"]}
    for item, band in (
        ("share_of_label", [None, None]),
        ("best_raw", [None, 0.5]),
        ("best_history", [None, 0.85]),
    ):
        assert found[item] == dict.fromkeys(LABELS, band)
    assert list(found["labelled_share"]) == [""]


def test_who_is_paid_by_mistake_is_asked_of_every_accident_that_misdirects() -> None:
    """A payment to somebody who was not meant, without such a label, is found out."""
    rows = [mistyped(number) for number in range(20)]
    assert value(MEASURES["others_as_intended"](built([*rows, line_of("b", "2024-01-03")]))) == 1
    wrong = line_of(
        "b", "2024-01-03", is_accident_burst=True, original_recipient_entity="somebody else"
    )
    honest = [line_of("b", f"2024-01-0{day}") for day in (4, 5, 6)]
    assert value(MEASURES["others_as_intended"](built([*rows, wrong, *honest]))) == 0.75
    with pytest.raises(NotComputableError, match="0 rows labelled as paid to somebody else"):
        MEASURES["intended_known"](built([wrong, *honest]))
