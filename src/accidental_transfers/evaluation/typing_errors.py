"""How mistyped recipients differ from the intended ones."""

from __future__ import annotations

from collections import Counter

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.readings import Measure, Reading

SUBSTITUTION, TRANSPOSITION, TWO = "one digit", "two neighbours swapped", "two digits"
OTHER = "anything else"


def typing_error(typed: str, intended: str) -> str:
    """Name the slip that turns one text into the other.

    Only digits may differ, in one or two places; the lengths are the same.
    """
    if len(typed) != len(intended):
        return OTHER
    places = [
        place for place, pair in enumerate(zip(typed, intended, strict=True)) if _unlike(pair)
    ]
    if not all(typed[place].isdigit() and intended[place].isdigit() for place in places):
        return OTHER
    if len(places) == 1:
        return SUBSTITUTION
    if len(places) != 2:
        return OTHER
    first, second = places
    crossed = typed[first] == intended[second] and typed[second] == intended[first]
    return TRANSPOSITION if crossed and second == first + 1 else TWO


def _unlike(pair: tuple[str, str]) -> bool:
    return pair[0] != pair[1]


def _slips(data: Dataset) -> Counter[str]:
    rows = data.of_label("mistyped")
    rows = rows[(rows["recipient"].notna() & rows["original"].notna()).to_numpy()]
    if rows.empty:
        raise NotComputableError("no mistyped row has both recipients")
    return Counter(map(typing_error, rows["recipient"], rows["original"]))


def _share(data: Dataset, slip: str) -> float:
    slips = _slips(data)
    return slips[slip] / slips.total()


def _one_or_two_digits(data: Dataset) -> Reading:
    slips = _slips(data)
    return Reading(1 - slips[OTHER] / slips.total())


MEASURES: dict[str, Measure] = {"typing_error": _share, "one_or_two_digits": _one_or_two_digits}
