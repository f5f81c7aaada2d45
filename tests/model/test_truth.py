"""The ground truth: it follows its rows wherever they go."""

from itertools import permutations

import numpy as np

from accidental_transfers.model.arrays import Int
from accidental_transfers.model.truth import Truth


def ints(*values: int) -> Int:
    return np.array(values, np.int64)


def single(*rows: int) -> Truth:
    row = ints(*rows)
    return Truth.of_single_rows(row, row * 100, row + 1_000, row % 3)


def pair(first: int, second: int) -> Truth:
    """Two transactions of one event."""
    return Truth(
        row=ints(first, second),
        kind=ints(0, 0),
        group=ints(first, first),
        position=ints(1, 2),
        intended_cents=ints(5, 5),
        intended_recipient=ints(9, 9),
        slip=ints(0, 0),
        follow_up=ints(second, -1),
    )


def test_single_rows_stand_for_themselves() -> None:
    truth = single(4, 2, 7)
    assert len(truth) == 3
    assert truth.group.tolist() == truth.row.tolist() == [4, 2, 7]
    assert set(truth.position.tolist()) == {1}
    assert set(truth.kind.tolist()) == {0}
    assert Truth.of_single_rows(ints(1), ints(1), ints(1)).slip.tolist() == [0]


def test_single_rows_are_of_the_kind_that_is_said() -> None:
    row = ints(4, 2)
    assert Truth.of_single_rows(row, row, row, kind=5).kind.tolist() == [5, 5]
    assert Truth.of_single_rows(row, row, row, kind=ints(3, 1)).kind.tolist() == [3, 1]


def test_joined_parts_come_one_after_the_other() -> None:
    joined = Truth.joined([single(4, 2), pair(0, 6)])
    assert joined.row.tolist() == [4, 2, 0, 6]
    assert joined.group.tolist() == [4, 2, 0, 0]
    assert joined.intended_cents.tolist() == [400, 200, 5, 5]
    assert len(Truth.joined([single(), single()])) == 0


def test_rows_without_a_place_are_left_out_and_what_followed_them_stays() -> None:
    truth = Truth.joined([single(3, 1), pair(0, 2), single(5)])
    moved = truth.moved(ints(-1, 1, -1, 0, 2, -1))
    assert moved.row.tolist() == moved.group.tolist() == [0, 1]
    assert moved.intended_cents.tolist() == [300, 100]


def test_it_follows_its_rows_to_any_places_and_stands_in_their_order() -> None:
    truth = Truth.joined([single(3, 1), pair(0, 2)])
    told = {row: each for row, *each in zip(
        truth.row.tolist(), truth.kind.tolist(), truth.position.tolist(),
        truth.intended_cents.tolist(), truth.slip.tolist(), strict=True)}  # fmt: skip
    for places in permutations(range(4)):
        moved = truth.moved(ints(*places))
        assert moved.row.tolist() == sorted(places)
        back = {place: row for row, place in enumerate(places)}
        for number, place in enumerate(moved.row.tolist()):
            row = back[place]
            fields = (moved.kind, moved.position, moved.intended_cents, moved.slip)
            assert [int(field[number]) for field in fields] == told[row]
            assert moved.group[number] == places[0 if row in (0, 2) else row]
            assert moved.follow_up[number] == (places[2] if row == 0 else -1)
