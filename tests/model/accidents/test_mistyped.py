"""Mistyped recipients: whom they strike, how a number is wrong, and who types it again."""

from collections.abc import Callable

import numpy as np
import pytest

from accidental_transfers.model.accidents.mistyped import ACCIDENT
from accidental_transfers.model.payments import ENTERED, LATELY, PICKED, TYPED
from accidental_transfers.model.slips import Slip
from tests.model.accidents.striking import check_strikes_as_asked, of_kind
from tests.model.lived import Lived, often, usual
from tests.samples import accident_sample

NUMBER_ERRORS = {"substitution": 0.79, "transposition": 0.10, "two_substitutions": 0.11}
by_sample = pytest.mark.parametrize("lived", [usual, often], ids=["default", "often"])


@pytest.mark.slow
@by_sample
def test_mistyped_recipients_strike_with_each_customers_own_probability(
    lived: Callable[[], Lived],
) -> None:
    """New numbers at 1, numbers that are typed each time at 0.35, those of a list never."""
    check_strikes_as_asked(lived(), ACCIDENT)


@pytest.mark.slow
@by_sample
def test_only_new_payees_are_mistyped_or_those_of_who_never_saves_one(
    lived: Callable[[], Lived],
) -> None:
    """A number in a list has no typing error."""
    life, truth = lived(), lived().truth
    rows = truth.row[life.is_kind("mistyped") & (truth.slip != Slip.NONE)]
    drawn = life.life.payments
    never_saves = ~life.customers.saves_payees[drawn.customer[rows]]
    entered = drawn.typed[rows] == ENTERED
    assert (entered | never_saves).all()
    assert (drawn.typed[rows][~entered] == TYPED).all()
    # Both are there, about as often.
    assert 0.25 < entered.mean() < 0.75


@pytest.mark.slow
def test_who_types_every_number_mistypes_a_known_one_a_third_as_often() -> None:
    """Of 120 customers with the same probability: about a hundred of either."""
    life, truth = often(), often().truth
    drawn = life.life.payments
    tried = np.bincount(drawn.typed, minlength=4)
    rows = truth.row[life.is_kind("mistyped") & (truth.slip != Slip.NONE)]
    struck = np.bincount(drawn.typed[rows], minlength=4)
    assert struck[PICKED] == struck[LATELY] == 0
    typed, entered = (struck / tried)[[TYPED, ENTERED]]
    assert typed / entered == pytest.approx(0.35, rel=0.4)
    assert entered == pytest.approx(0.08, rel=0.4)


def test_typing_errors_have_the_shares_that_people_make_them_in() -> None:
    """Of some 230: four sd of a share are 0.11; who picks a wrong number types nothing."""
    mistyped = of_kind(accident_sample(), "mistyped")
    typed = mistyped.loc[mistyped["typing_error"] != "", "typing_error"]
    assert len(typed) > 200
    assert dict(typed.value_counts(normalize=True)) == pytest.approx(NUMBER_ERRORS, abs=0.11)


def test_a_mistyped_number_is_one_or_two_digits_off() -> None:
    """What is picked again has the error of its first payment, and is told none of its own."""
    for row in of_kind(accident_sample(), "mistyped").itertuples():
        intended, typed = str(row.intended_recipient), str(row.recipient_entity)
        wrong = [n for n in range(15) if intended[n] != typed[n]]
        swapped = [intended[n] for n in wrong] == [typed[n] for n in reversed(wrong)]
        assert len(typed) == len(intended) == 15
        assert typed.startswith("user_")
        match row.typing_error:
            case "substitution":
                assert len(wrong) == 1
            case "transposition":
                assert wrong == [wrong[0], wrong[0] + 1]
                assert swapped
            case "two_substitutions":
                assert len(wrong) == 2
            case _:
                assert 1 <= len(wrong) <= 2


def test_the_wrong_number_is_not_paid_otherwise() -> None:
    """But for the neighbour's, or a housemate's, whom the same customer pays as well."""
    sample = accident_sample()
    mistyped = of_kind(sample, "mistyped")
    others = sample.ordinary.groupby("customer_id")["recipient_entity"].agg(set)
    whom = zip(mistyped["customer_id"], mistyped["recipient_entity"], strict=True)
    assert np.mean([number in others[customer] for customer, number in whom]) < 0.01
