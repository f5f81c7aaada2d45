"""Slips against the obvious way to tell them: comparing digit by digit."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accidental_transfers.model.arrays import Lanes
from accidental_transfers.model.slips import MISTYPE_LANES, Slip, mistype
from accidental_transfers.model.streams import child, lanes, seed_key

SAMPLE = 200_000
BESIDE = {
    "1": "24", "2": "135", "3": "26", "4": "157", "5": "2468", "6": "359",
    "7": "48", "8": "5790", "9": "68", "0": "8",
}  # fmt: skip
NUMBERS = st.integers(0, 10**10 - 1) | st.sampled_from([0, 1, 10**10 - 1, 1111111111, 1212121212])
LANES = st.lists(st.integers(0, 65_535), min_size=MISTYPE_LANES, max_size=MISTYPE_LANES)


def wrong_places(intended: str, typed: str) -> list[int]:
    return [place for place in range(10) if intended[place] != typed[place]]


def is_transposition(intended: str, typed: str) -> bool:
    wrong = wrong_places(intended, typed)
    return (
        len(wrong) == 2
        and wrong[1] == wrong[0] + 1
        and intended[wrong[0]] == typed[wrong[1]]
        and intended[wrong[1]] == typed[wrong[0]]
    )


@pytest.mark.slow
@given(st.lists(st.tuples(NUMBERS, LANES), min_size=1, max_size=20))
def test_a_typing_error_is_what_it_is_said_to_be(cases: list[tuple[int, list[int]]]) -> None:
    numbers = np.array([number for number, _ in cases], np.uint64)
    typed, errors = mistype(numbers, np.array([drawn for _, drawn in cases], np.uint16))
    for number, wrong, error in zip(numbers, typed, errors, strict=True):
        intended, mistyped = f"{number:010d}", f"{wrong:010d}"
        assert len(mistyped) == 10
        places = len(wrong_places(intended, mistyped))
        match Slip(error):
            case Slip.SUBSTITUTION:
                assert places == 1
            case Slip.TRANSPOSITION:
                assert is_transposition(intended, mistyped)
            case Slip.TWO_SUBSTITUTIONS:
                assert places == 2
            case other:
                pytest.fail(f"{other} is no slip")


def random_lanes(seed: int, rows: int) -> Lanes:
    return lanes(child(seed_key(seed), np.arange(rows)), MISTYPE_LANES).T


@pytest.fixture(scope="module")
def many() -> list[tuple[str, str, int]]:
    """200,000 random numbers, mistyped."""
    numbers = child(seed_key(1), np.arange(SAMPLE)) % np.uint64(10**10)
    typed, errors = mistype(numbers, random_lanes(2, SAMPLE))
    return [
        (f"{number:010d}", f"{wrong:010d}", error)
        for number, wrong, error in zip(
            numbers.tolist(), typed.tolist(), errors.tolist(), strict=True
        )
    ]


def test_errors_have_the_shares_that_people_make_them_in(many: Any) -> None:
    shares = np.bincount([error for *_, error in many], minlength=4) / SAMPLE
    # Four standard deviations of a share of 0.79 are 0.0036.
    assert shares == pytest.approx([0, 0.79, 0.10, 0.11], abs=0.004)


@pytest.mark.slow
def test_a_wrong_digit_is_a_key_beside_the_right_one_more_often_than_not(many: Any) -> None:
    substituted = [(i, t) for i, t, error in many if error == Slip.SUBSTITUTION]
    pairs = [(i[p], t[p]) for i, t in substituted for p in wrong_places(i, t)]
    for right, near in BESIDE.items():
        wrong = [other for digit, other in pairs if digit == right]
        share = sum(other in near for other in wrong) / len(wrong)
        # Of some 15,800: sd 0.004. The part that is not a neighbour's slip may hit one too.
        assert share == pytest.approx(0.6 + 0.4 * len(near) / 9, abs=0.016), right
        assert set(wrong) == set(BESIDE) - {right}


@pytest.mark.parametrize("error", [Slip.SUBSTITUTION, Slip.TWO_SUBSTITUTIONS])
def test_every_place_is_mistyped_alike(many: Any, error: Slip) -> None:
    places = [p for i, t, e in many if e == error for p in wrong_places(i, t)]
    shares = np.bincount(places, minlength=10) / len(places)
    assert shares == pytest.approx([0.1] * 10, abs=5 * (0.09 / len(places)) ** 0.5)


def test_every_pair_of_unlike_neighbours_is_swapped_alike(many: Any) -> None:
    swapped = [wrong_places(i, t)[0] for i, t, e in many if e == Slip.TRANSPOSITION]
    shares = np.bincount(swapped, minlength=9) / len(swapped)
    assert len(swapped) > 19_000
    assert shares == pytest.approx([1 / 9] * 9, abs=0.011)


def test_ten_equal_digits_are_not_swapped() -> None:
    numbers = np.repeat(np.array([int(str(digit) * 10) for digit in range(10)], np.uint64), 500)
    typed, errors = mistype(numbers, random_lanes(3, len(numbers)))
    assert (typed != numbers).all()
    assert (errors != Slip.TRANSPOSITION).all()


def test_nobody_mistyping_is_no_error() -> None:
    typed, errors = mistype(np.empty(0, np.uint64), np.empty((0, MISTYPE_LANES), np.uint16))
    assert (len(typed), len(errors)) == (0, 0)
