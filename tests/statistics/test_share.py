"""A receipt's counts: short, and refused where they cannot be a slice's."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pydantic import ValidationError

from accidental_transfers.spec import DatasetSpec
from accidental_transfers.statistics.counts import Counts, joined
from accidental_transfers.statistics.network import MOST_NUMBERS, SEVERAL, USE_BITS
from accidental_transfers.statistics.packing import (
    LARGEST,
    TOO_LARGE,
    pack,
    pack_bytes,
    unpack,
    unpack_bytes,
)
from accidental_transfers.statistics.share import Share, total
from tests.statistics.support import share_of

SPEC = DatasetSpec.parse({"preset": "dense", "customers": 3, "end_date": "2024-01-09"})
EDGES = [0, 1, 254, 255, 256, 2**32 - 2, 2**32 - 1, 2**32, TOO_LARGE - 1]


@given(arrays(np.int64, st.integers(0, 99), elements=st.integers(0, TOO_LARGE - 1)))
def test_what_is_unpacked_was_packed(numbers: np.ndarray[Any, np.dtype[np.int64]]) -> None:
    assert unpack(pack(numbers)).tolist() == numbers.tolist()


def test_numbers_at_the_edges_of_their_widths_are_packed() -> None:
    assert unpack(pack(np.array(EDGES))).tolist() == EDGES


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\1\0\0",
        b"\2\0\0\0\1",
        b"\1\0\0\0\1\1",
        b"\1\0\0\0\xff",
        b"\1\0\0\0\xff" + b"\xff" * 4,
        b"\1\0\0\0\xff" + b"\xff" * 12,
        b"\1\0\0\0\xff" + b"\xff" * 4 + TOO_LARGE.to_bytes(8, "little"),
        b"\xff" * 4,
    ],
)
def test_bytes_that_are_no_numbers_are_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"buffer|bytes|numbers|offset"):
        unpack(pack_bytes(content))


@pytest.mark.parametrize(
    "text", ["", "é", "AAAA", "no base64", pack_bytes(b"12")[:-4], pack_bytes(bytes(LARGEST + 1))]
)
def test_texts_that_are_not_packed_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"zlib|cut off|ase64|ASCII|padding"):
        unpack_bytes(text)


@pytest.fixture(scope="module")
def share() -> Share:
    return share_of(SPEC, 1, 3)


def changed(share: Share, change: Callable[[Counts], object]) -> str:
    """A receipt's statistics with other counts."""
    counts = {name: array.copy() for name, array in share.counts.items()}
    change(counts)
    document = json.loads(share.model_dump_json())
    return json.dumps(document | {"counts": pack(joined(counts))})


def plus(name: str, place: int = 0) -> Callable[[Counts], object]:
    """Count something once more."""

    def change(counts: Counts) -> None:
        counts[name][place] += 1

    return change


CHANGES: dict[str, tuple[Callable[[Counts], object], str]] = {
    "a day's rows": (plus("day_type"), "rows by city"),
    "an hour's rows": (plus("weekday_hour_type"), "rows by weekday_hour_type"),
    "an entity type's rows": (plus("entity"), "rows by entity"),
    "an amount's rows": (plus("bin_label_type"), "rows by bin_label_type"),
    "a city's rows": (plus("city"), "rows by city"),
    "a merchant's payments": (plus("payments"), "rows by payments"),
    "customers": (plus("customers"), "customers by home"),
    "customers at home": (plus("home"), "customers by home"),
    "customers with rows": (plus("rows_per_customer", 20), "rows of customers"),
    "customers with payees": (plus("payees_per_customer"), "customers by payees_per_customer"),
    "pairs": (plus("payments_per_payee", 1), "payees of customers"),
    "a label's customers": (plus("burst_per_customer"), "customers by burst"),
    "a label's week": (plus("week_label", 1), "burst by week"),
    "a city too few": (lambda counts: counts.update(city=counts["city"][1:]), "city"),
    "half a day": (lambda counts: counts.update(day_type=counts["day_type"][1:]), "day_type"),
    "a merchant twice": (
        lambda counts: counts.update(
            merchant=np.append(counts["merchant"], counts["merchant"][-1:]),
            payments=np.append(counts["payments"], 0),
        ),
        "merchants",
    ),
    "a merchant who is none": (
        lambda counts: counts.update(
            merchant=np.append(counts["merchant"], 10**6), payments=np.append(counts["payments"], 0)
        ),
        "merchants",
    ),
}


@pytest.mark.parametrize(("change", "message"), CHANGES.values(), ids=CHANGES)
def test_counts_that_contradict_each_other_are_refused(
    share: Share, change: Callable[[Counts], object], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        Share.model_validate_json(changed(share, change))


@pytest.mark.parametrize(
    "uses",
    [
        [8 << USE_BITS | 1, 8 << USE_BITS | 2],
        [9 << USE_BITS | SEVERAL + 1],
        [1 << 40 << USE_BITS],
        list(range(0, 8 * (MOST_NUMBERS + 1), 8)),
    ],
    ids=["a number twice", "a use that there is not", "too large a number", "too many"],
)
def test_numbers_that_no_slice_keeps_are_refused(share: Share, uses: list[int]) -> None:
    numbers = pack(np.diff(np.array(uses), prepend=0))
    document = json.loads(share.model_dump_json()) | {"numbers": numbers}
    with pytest.raises(ValidationError, match="number"):
        Share.model_validate_json(json.dumps(document))


def test_examples_are_as_many_as_the_counts_say_or_refused(share: Share) -> None:
    for spoilt in (pack_bytes(b"{}"), pack_bytes(b'{"split": [[{"a": 1}]]}'), "AAAA"):
        with pytest.raises(ValueError, match=r"examples|split|zlib"):
            total([share.model_copy(update={"examples": spoilt})])


def test_examples_are_read_only_where_some_are_lacking(share: Share) -> None:
    unread = share.model_copy(update={"examples": "AAAA"})
    enough = total([share, share, share])
    assert all(len(found) == 3 for found in enough.unpacked_examples().values())
    assert total([enough, unread]).unpacked_examples() == enough.unpacked_examples()
