"""What is counted by codes: arrays that add up over slices, and what must agree in them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from accidental_transfers.model.accidents import KIND_NAMES, LABELS
from accidental_transfers.model.arrays import Int
from accidental_transfers.model.facts.reference import HOURS, reference
from accidental_transfers.model.recipients import recipients

WEEKDAYS = 7
LABEL_CODES = len(LABELS) + 1
"""The labels, and 0 for none."""
HISTOGRAMS = (
    "rows_per_customer",
    "spending_per_customer",
    "payees_per_customer",
    "payments_per_payee",
)
LABELS_PER_CUSTOMER = {name: f"{name}_per_customer" for name in LABELS}
"""The names of the labels' histograms."""

Counts = dict[str, Int]
"""Flat arrays by the names and in the order of `lengths`."""


@cache
def lengths() -> dict[str, tuple[int, bool]]:
    """Give how long each array is, and whether it may be any multiple of that.

    Several things that are counted at once follow each other, the last one fastest: days (from the
    first of the period), weekdays or weeks (from the Monday before), hours; bins of `amount_bins`;
    labels; transaction types. Of forty thousand merchants a slice pays a few thousand:
    ``merchant`` has the codes of those that are paid, and the code behind the last one for people;
    ``payments`` has how often.
    """
    facts = reference()
    types = len(facts.type_names)
    fixed = {
        "customers": 1,
        "home_rows": 1,
        "outcomes": 1,
        "weekday_hour_type": WEEKDAYS * HOURS * types,
        "entity": len(facts.entity_types),
        "city": len(facts.cities),
        "home": len(facts.cities),
        "cents": types,
        "largest": types,
        "kind_rows": len(KIND_NAMES),
        "kind_events": len(KIND_NAMES),
    }
    longer = {
        "day_type": types,
        "bin_label_type": LABEL_CODES * types,
        "week_label": LABEL_CODES,
        "merchant": 1,
        "payments": 1,
        **dict.fromkeys([*HISTOGRAMS, *LABELS_PER_CUSTOMER.values()], 1),
    }
    return {
        **{name: (length, False) for name, length in fixed.items()},
        **{name: (length, True) for name, length in longer.items()},
    }


def add(total: Counts, name: str, counts: Int) -> None:
    """Add counts, of which there may be more than before; of the largest, the larger stays."""
    before = total.get(name)
    if before is None:
        total[name] = counts.astype(np.int64)
    elif name == "largest":
        np.maximum(before, counts, out=before)
    elif len(before) < len(counts):
        total[name] = counts + np.pad(before, (0, len(counts) - len(before)))
    else:
        before[: len(counts)] += counts


def shaped(counts: Int, *shape: int) -> Int:
    """Lay out counts by what they count; those that did not occur are missing at the end.

    Parameters
    ----------
    shape
        Its first length may be -1: as long as is needed.
    """
    rest = int(np.prod(shape[1:]))
    first = -(-len(counts) // rest) if shape[0] < 0 else shape[0]
    return np.pad(counts, (0, first * rest - len(counts))).reshape(first, *shape[1:])


def paid(merchants: Int) -> Counts:
    """Give the merchants that are paid, from the payments to all of them and to people."""
    merchant = np.flatnonzero(merchants)
    return {"merchant": merchant, "payments": merchants[merchant]}


def joined(counts: Counts) -> Int:
    """Put all arrays behind each other, each behind its length; of codes, the steps."""
    steps = counts | {"merchant": np.diff(counts["merchant"], prepend=0)}
    return np.concatenate([part for name in lengths() for part in _measured(steps[name])])


def _measured(counts: Int) -> tuple[Int, Int]:
    return np.array([len(counts)]), counts


def parted(numbers: Int) -> Counts:
    """Take apart what `joined` put together.

    Raises
    ------
    ValueError
        Naming the array that is too short or too long, or the sums that contradict each other.
    """
    counts: Counts = {}
    sums = {}
    so_far = np.concatenate([[0], np.cumsum(numbers)])
    begin = 0
    for name, (length, is_longer) in lengths().items():
        found = int(numbers[begin]) if begin < len(numbers) else -1
        begin, stop = begin + 1, begin + 1 + found
        is_whole = found % length == 0 if is_longer else found == length
        if not is_whole or not begin <= stop <= len(numbers):
            expected = f"a multiple of {length}" if is_longer else f"{length}"
            raise ValueError(f"{name}: got {found} of {len(numbers)} counts, not {expected}")
        counts[name], sums[name] = numbers[begin:stop], int(so_far[stop] - so_far[begin])
        begin = stop
    if begin != len(numbers):
        raise ValueError(f"there are {len(numbers) - begin} numbers too many")
    _require_merchants(counts)
    counts["merchant"] = np.cumsum(counts["merchant"])
    _require_agreement(counts, sums)
    return counts


def _require_merchants(counts: Counts) -> None:
    """Refuse steps between codes that are none."""
    steps, most = counts["merchant"], recipients().first_person
    if len(steps) != len(counts["payments"]) or not steps[1:].all() or steps.sum() > most:
        raise ValueError(
            f"merchants: got {len(steps)} codes up to {steps.sum()} for {len(counts['payments'])} "
            f"counts; allowed: one of each, in order, up to {most}"
        )


def _require_agreement(counts: Counts, sums: Mapping[str, int]) -> None:
    """Refuse counts of the same things that have different sums."""
    wrong = [
        f"{what}: got {one:,}, not {other:,}"
        for what, (one, other) in {**_of_all(counts, sums), **_of_labels(counts, sums)}.items()
        if one != other
    ]
    if wrong:
        raise ValueError("; ".join(wrong))


def _of_all(counts: Counts, sums: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Give what must be as many as rows, customers or pairs of customer and payee."""
    rows, customers = sums["day_type"], sums["customers"]
    by_row = ("weekday_hour_type", "entity", "bin_label_type", "city", "payments")
    by_customer = ("home", "rows_per_customer", "payees_per_customer")
    return {
        **{f"rows by {name}": (sums[name], rows) for name in by_row},
        **{f"customers by {name}": (sums[name], customers) for name in by_customer},
        "rows of customers": (_weighted(counts["rows_per_customer"]), rows),
        "payees of customers": (
            _weighted(counts["payees_per_customer"]),
            sums["payments_per_payee"],
        ),
    }


def _of_labels(counts: Counts, sums: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Give what must be as many as rows with a label, or as customers."""
    types = len(reference().type_names)
    rows = counts["bin_label_type"].reshape(-1, LABEL_CODES, types).sum(axis=(0, 2)).tolist()
    by_week = counts["week_label"].reshape(-1, LABEL_CODES).sum(axis=0).tolist()
    pairs = {}
    for code, (label, name) in enumerate(LABELS_PER_CUSTOMER.items(), start=1):
        pairs[f"customers by {label}"] = (sums[name], sums["customers"])
        pairs[f"{label} of customers"] = (_weighted(counts[name]), rows[code])
        pairs[f"{label} by week"] = (by_week[code], rows[code])
    return pairs


def _weighted(histogram: Int) -> int:
    """Sum up what a histogram counts."""
    return int(np.arange(len(histogram)) @ histogram)
