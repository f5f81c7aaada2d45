"""Mistyped recipients, and new payees whose numbers are close to known ones."""

from collections.abc import Callable

import numpy as np
import pytest

from accidental_transfers.model.accidents.mistyped import ACCIDENT
from tests.model.accidents.striking import check_strikes_as_asked, of_kind
from tests.samples import Dataset, accident_sample, default_sample

NUMBER_ERRORS = {"substitution": 0.79, "transposition": 0.10, "two_substitutions": 0.11}


def differing_digits(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("sample", [default_sample, accident_sample], ids=["default", "often"])
def test_mistyped_recipients_strike_with_each_customers_own_probability(
    sample: Callable[[], Dataset],
) -> None:
    check_strikes_as_asked(sample(), ACCIDENT)


def test_typing_errors_have_the_shares_that_people_make_them_in() -> None:
    mistyped = of_kind(accident_sample(), "mistyped")
    shares = mistyped["typing_error"].value_counts(normalize=True)
    assert len(mistyped) > 1_200
    assert dict(shares) == pytest.approx(NUMBER_ERRORS, abs=0.045)


def test_a_mistyped_number_is_one_or_two_digits_off() -> None:
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
            case _:
                assert len(wrong) == 2


def test_the_wrong_number_is_not_paid_again() -> None:
    """But for the neighbour's, or a housemate's, whom the same customer pays as well."""
    sample = accident_sample()
    mistyped = of_kind(sample, "mistyped")
    others = sample.ordinary.groupby("customer_id")["recipient_entity"].agg(set)
    whom = zip(mistyped["customer_id"], mistyped["recipient_entity"], strict=True)
    assert np.mean([number in others[customer] for customer, number in whom]) < 0.01


def test_neighbours_are_new_payees_a_digit_or_two_from_a_known_one() -> None:
    sample = default_sample()
    found = of_kind(sample, "honest_neighbour")
    assert len(found) > 200
    people = sample.rows[sample.rows["recipient_entity"].str.startswith("user_")]
    known = people.groupby("customer_id")["recipient_entity"].unique()
    near = [
        any(0 < differing_digits(number, other) <= 2 for other in known[customer])
        for customer, number in zip(found["customer_id"], found["recipient_entity"], strict=True)
    ]
    # Some known payees are paid in no other row of the three months.
    assert np.mean(near) > 0.9
