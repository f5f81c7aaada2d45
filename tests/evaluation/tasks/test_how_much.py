import numpy as np
import pytest

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import dataset
from accidental_transfers.evaluation.tasks.how_much import (
    BLIND,
    BY_100,
    CHOICE,
    ORACLE,
    USUAL,
    how_much,
)
from accidental_transfers.evaluation.tasks.lines import MEASURES
from accidental_transfers.evaluation.tasks.slips import DOUBLED, HUNDREDTH, SLIPS, TENTH, one_slip
from tests.evaluation.foreign import value
from tests.evaluation.payees_of_a_list import weekly_payments, with_slips


def meant(paid: int) -> dict[int, str]:
    """The candidates of one amount, in cents, with the slips that explain them."""
    found = one_slip(np.array([paid]))
    return {int(cents): SLIPS[slip] for cents, slip in zip(found.cents, found.slip, strict=True)}


@pytest.mark.parametrize(
    ("paid", "expected"),
    [
        (158_200, {1_582: HUNDREDTH, 15_820: TENTH}),
        (158_210, {15_821: TENTH}),
        (158_217, {}),
        (188_217, {18_217: DOUBLED}),
        (155_500, {1_555: HUNDREDTH, 15_550: TENTH, 15_500: DOUBLED}),
        (1_100, {11: HUNDREDTH, 110: TENTH, 100: DOUBLED}),
        (7, {}),
    ],
)
def test_a_slip_of_one_key_is_undone(paid: int, expected: dict[int, str]) -> None:
    assert meant(paid) == expected


def test_what_was_meant_is_found_where_one_slip_explains_it() -> None:
    """Some 130 high amounts: a third a hundredfold, a third a tenfold, a third without a cause."""
    data = with_slips(weekly_payments(customers=30)[0])
    found = {answer.by: answer.right for answer in how_much(data)}
    assert all(found.values())
    right = {by: figure.value for by, figure in found.items() if figure}
    assert right[ORACLE] == pytest.approx(2 / 3, abs=0.1)
    assert right[BY_100] == pytest.approx(1 / 3, abs=0.1)
    assert right[BLIND] < right[BY_100] + right[ORACLE] / 4
    # Each payee gets the same amount every week: who looks at it knows what was meant.
    assert right[USUAL] > right[ORACLE] - 0.05
    assert right[CHOICE] > right[ORACLE] - 0.05
    assert value(MEASURES["slip_explained"](data)) == pytest.approx(2 / 3, abs=0.05)
    assert value(MEASURES["divided_by_100"](data)) == pytest.approx(1 / 3, abs=0.05)


def test_without_the_companion_nobody_knows_what_was_meant() -> None:
    rows, _ = weekly_payments(customers=3)
    with pytest.raises(NotComputableError, match=r"companion .accidents.csv"):
        how_much(dataset(rows))


def test_too_few_to_learn_from_leave_the_rules() -> None:
    found = {answer.by: answer for answer in how_much(with_slips(weekly_payments(customers=4)[0]))}
    assert found[CHOICE].right is None
    assert "at least 20 are needed" in found[CHOICE].note
    assert found[BY_100].right is not None
