import numpy as np
import pandas as pd
import pytest

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import dataset
from accidental_transfers.evaluation.tasks.candidates import candidates
from accidental_transfers.evaluation.tasks.whom import (
    BLIND,
    NEAREST,
    ORACLE,
    RANKER,
    asked,
    gain_of_ranker,
    nearest,
    nearest_share,
    places,
    whom,
)
from tests.evaluation.foreign import line_of
from tests.evaluation.payees_of_a_list import weekly_dataset


def payment(day: int, recipient: str, **values: object) -> dict[str, object]:
    return line_of("a", f"2024-01-{day:02d} 12:00:00", recipient_entity=recipient, **values)


def history() -> list[dict[str, object]]:
    """Two numbers and a shop, then one that is typed wrongly; what comes later is not known yet."""
    return [
        payment(1, "user_1234", amount=20.0),
        payment(2, "user_9876", amount=20.0),
        payment(3, "Amazon"),
        payment(4, "user_1234", amount=24.0),
        payment(
            8, "user_1235",
            original_recipient_entity="user_1234", is_mistyped_entity_accident=True, amount=22.0,
        ),
        payment(9, "user_1236"),
    ]  # fmt: skip


def test_candidates_are_the_payees_that_were_paid_before_by_number() -> None:
    data = dataset(pd.DataFrame(history()))
    found = candidates(data, np.array([4]))
    features = found.features
    assert found.meant.tolist() == [True, False]
    assert features["distance"].tolist() == [1, 4]
    assert features["before"].tolist() == [2, 1]
    assert features["since"].tolist() == [4 * 86_400, 6 * 86_400]
    assert features["amount_over_last"].iloc[0] == pytest.approx(np.log(22 / 24))
    assert features["amount_over_mean"].iloc[0] == pytest.approx(
        np.log(22) - np.log([20, 24]).mean()
    )
    assert features["weekdays_apart"].tolist() == [4, 6]


def test_names_of_another_form_are_no_candidates() -> None:
    lines = [payment(1, "user_123"), payment(2, "user_12345"), payment(3, "x"), *history()[4:5]]
    assert not len(candidates(dataset(pd.DataFrame(lines)), np.array([3])).meant)


def test_a_place_is_counted_from_the_best_and_the_latest_wins_a_tie() -> None:
    found = candidates(dataset(pd.DataFrame(history())), np.array([4, 5]))
    # The last row goes to somebody new, who is meant: nobody known is right.
    assert places(found, nearest(found)).tolist() == [1, 0]
    assert places(found, -nearest(found)).tolist() == [2, 0]
    assert places(found, np.zeros(len(found.meant))).tolist() == [1, 0]


def test_amount_and_day_tell_whom_they_meant_where_numbers_do_not() -> None:
    """30 customers pay five people: a wrong one of them in some 200 of 1,950 payments."""
    data = weekly_dataset()
    found = {answer.by: answer.top for answer in whom(data, "wrong_payee")}
    first = {by: top[0].value for by, top in found.items() if top}
    assert first[ORACLE] == 1
    assert first[BLIND] == pytest.approx(0.25)
    assert first[NEAREST] < 0.45
    assert first[RANKER] > 0.9
    assert gain_of_ranker(data, "wrong_payee") == pytest.approx(first[RANKER] - first[NEAREST])
    assert nearest_share(data, "wrong_payee") < 0.45
    top = found[BLIND]
    assert top is not None
    assert top[1].value == pytest.approx(0.75)


def test_too_few_payments_leave_the_rules() -> None:
    data = weekly_dataset(customers=4)
    found = {answer.by: answer for answer in whom(data, "wrong_payee")}
    assert found[RANKER].top is None
    assert "at least 20 are needed" in found[RANKER].note
    assert found[NEAREST].top is not None
    with pytest.raises(NotComputableError, match="at least 20 are needed"):
        gain_of_ranker(data, "wrong_payee")
    with pytest.raises(NotComputableError, match="no row of the kind mistyped"):
        asked(data, "mistyped")


def test_the_label_is_enough_to_ask_whom_they_meant() -> None:
    """Where no companion tells the kinds."""
    found = asked(dataset(pd.DataFrame(history())), "mistyped")
    assert found.payments.tolist() == [4]
    assert found.meant.tolist() == [True, False]
