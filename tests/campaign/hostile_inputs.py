"""Events that nobody should send: each from the number it is drawn by, the same in every run."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Mapping
from typing import Any

from accidental_transfers.spec import JobSpec
from tests.campaign.scenarios import RUN, SPEC

DEEP: Any = []
for _ in range(400):
    DEEP = [DEEP]

JUNK: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 3, 5_000_001, 2**31, 2**63, 10**30, -(10**30), 10**400,
    0.0, -0.0, 0.5, 1e-320, 1e308, float("nan"), float("inf"), float("-inf"),
    "", " ", "0", "1", "-1", "NaN", "null", "é", "\0", "\ud800", "\u202e", "'; DROP TABLE",
    "{month}", "../x", "/", "a/b", "runs/x.csv", "data/x.csv", "data/{0}.csv",
    "data/{seed.__class__}.csv",
    "x" * 81, "x" * 20_000, "\n" * 50,
    "2024-01-01", "2024-02-30", "0000-00-00", "0001-01-01", "9999-12-31", "2024-W01-1", "20240101",
    "2024-01-01T00:00:00Z", "2024-01-01T24:00:00+99:99", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00", "last-month", "this-month", "yesterday", "replace", "fail",
    "dense", [], [[]], [None], [0, 1], {}, {"": None}, {"min": 1}, {"min": 2, "max": 1},
    {"max": 10**30}, {"min": float("nan"), "max": 0.5}, {"min": 0, "max": 0, "mean": 0}, DEEP,
    {str(number): number for number in range(300)}, list(range(1_000)),
)  # fmt: skip
"""Values at the edge of what JSON can say, or of what a field allows."""

NAMES = (
    "run", "spec", "started", "index", "first_customer", "last_customer", "resume", "", "$schema",
    "RUN", "run ", "__class__", "model_config", "identity", "plan", "é", "x" * 5_000,
    *JobSpec.model_fields,
)  # fmt: skip

EVENTS: Mapping[str, tuple[Any, ...]] = {
    "Plan": (
        {"run": "hostile", "spec": {}},
        {"run": "hostile", "spec": SPEC, "started": "2024-05-01T00:00:03.192Z"},
        {"run": "hostile", "spec": {"period": "last-month"}, "started": "2024-05-01T00:00:00Z"},
        {"run": "hostile", "spec": {"period": "last-month", "output_key": "data/{month}.csv"}},
        {"run": "hostile", "spec": {**SPEC, "if_exists": "fail", "dry_run": True}},
        {"run": "hostile", "spec": {"resume": RUN}},
    ),
    "GenerateSlice": (
        {"run": RUN, "index": 0, "first_customer": 1, "last_customer": 1},
        {"run": RUN, "plan": "0" * 64, "index": 0, "first_customer": 1, "last_customer": 1},
        {"run": "never", "index": 0, "first_customer": 1, "last_customer": 1},
    ),
    "ConcatenateParts": ({"run": RUN}, {"run": RUN, "plan": "0" * 64}, {"run": "never"}),
}
"""What is fit to be sent to each handler, to begin with."""


def hostile_event(state: str, number: int) -> Any:
    """Draw an event: seldom anything at all, else a fit one with one to four things wrong."""
    draw = random.Random(f"{state} {number}")
    event = copy.deepcopy(draw.choice(EVENTS[state]))
    if draw.random() < 0.01:
        return _junk(draw)
    for _ in range(draw.randint(1, 4)):
        _spoil(event, draw)
    return event


def _junk(draw: random.Random) -> Any:
    """Draw a value of its own, which may be spoilt in its turn."""
    return copy.deepcopy(draw.choice(JUNK))


def _spoil(event: dict[str, Any], draw: random.Random) -> None:
    """Change one thing in an event, or in an object inside it."""
    inside = [event, *(value for value in event.values() if isinstance(value, dict))]
    target = draw.choice(inside)
    draw.choice(_WAYS)(target, draw)


def _replace(target: dict[str, Any], draw: random.Random) -> None:
    if target:
        target[draw.choice(list(target))] = _junk(draw)


def _add(target: dict[str, Any], draw: random.Random) -> None:
    target[draw.choice(NAMES)] = _junk(draw)


def _remove(target: dict[str, Any], draw: random.Random) -> None:
    if target:
        del target[draw.choice(list(target))]


def _rename(target: dict[str, Any], draw: random.Random) -> None:
    if target:
        name = draw.choice(list(target))
        target[draw.choice([name.upper(), f"{name} ", name[::-1]])] = target.pop(name)


def _nest(target: dict[str, Any], draw: random.Random) -> None:
    if target:
        name = draw.choice(list(target))
        target[name] = draw.choice([[target[name]], {name: target[name]}, str(target[name])])


def _flood(target: dict[str, Any], draw: random.Random) -> None:
    """Add very many fields, once in a while: an input holds 28,000 of them."""
    if draw.random() < 0.05:
        target.update(dict.fromkeys(map(str, range(28_000)), 0))
    else:
        target.update({f"field{number}": _junk(draw) for number in range(8)})


_WAYS: tuple[Callable[[dict[str, Any], random.Random], None], ...] = (
    _replace, _replace, _replace, _add, _add, _add, _remove, _rename, _nest, _flood,
)  # fmt: skip
