"""The campaign of tampered lakes: a spoilt file or receipt is refused by name, or is harmless."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from accidental_transfers.pipeline.keys import OutputKeys
from tests.campaign.figures import Figures, Violation
from tests.campaign.judging import Found, judge_outcome
from tests.campaign.scenarios import NEXT, RUN
from tests.campaign.tampered import REFUSED
from tests.campaign.tampering import KEYS, OTHERS, VICTIM, Tampering, deleting, edited, rewriting
from tests.campaign.world import TINY, World, invoke, succeed
from tests.pipeline.support import OUTPUT

LAKE = {**TINY, "preset": "dense", "format": "parquet"}
OUTPUTS = OutputKeys(OUTPUT)
JANUARY = {"run": RUN, "month": "2024-01"}
FILES = {
    table: f"{OUTPUTS.folder(table, **JANUARY)}part-{VICTIM:05}.parquet"
    for table in ("transactions", "accidents", "outcomes")
}

Document = dict[str, Any]


def lake_tamperings() -> list[Tampering]:
    """All of them."""
    receipts = [
        edited("receipt", way, KEYS.receipt(VICTIM), change)
        for way, change in _of_receipts().items()
    ]
    return [*receipts, *_of_files()]


def _of_receipts() -> Mapping[str, Callable[[Document], Any]]:
    ways: dict[str, Callable[[Document], Any]] = {
        "no Parquet": lambda receipt: receipt.update(lake=[]),
        "a file too few": lambda receipt: receipt["lake"].pop(),
        "a file twice": lambda receipt: receipt["lake"].append(receipt["lake"][0]),
        "a file twice, without rows": lambda receipt: receipt["lake"].append(
            {**receipt["lake"][0], "rows": 0}
        ),
        "CSV as well": lambda receipt: receipt.update(parts={"dataset": {}}),
        "two tables exchanged": _exchanged,
    }
    for field, value in (
        ("table", "customers"),
        ("table", "payments"),
        ("month", "2024-02"),
        ("month", None),
        ("month", "January"),
        ("rows", 10**30),
        ("rows", -1),
        ("bytes", 1),
        ("crc32", "00000000"),
        ("crc32", ""),
        ("sha256", "none"),
        ("etag", '"00"'),
        ("version_id", "another"),
    ):
        ways[f"{field} {value}"] = _said(field, value)
    return ways


def _of_files() -> Iterator[Tampering]:
    for table, key in FILES.items():
        yield Tampering(table, "deleted", deleting(key))
        yield Tampering(table, "truncated", rewriting(key, lambda body: body[:-9]))
        yield Tampering(table, "other bytes", rewriting(key, lambda body: body[::-1]))
        others = key.replace(f"run={RUN}", f"run={NEXT}")
        yield Tampering(table, "another run's", _copying(others, key))
        yield Tampering(table, "the same bytes once more", rewriting(key, lambda body: body))
        # Nobody would be told of it by a receipt.
        later = key.replace("2024-01", "2024-02")
        yield Tampering(table, "one of another month", _copying(key, later))
    yield Tampering("receipt", "another run's", _copying(OTHERS.receipt(1), KEYS.receipt(1)))


def spoil_lakes(world: World, ways: Sequence[Tampering]) -> Figures:
    """Spoil a lake that is made in each way, and publish it."""
    figures, before = Figures(), world.save()
    world.restore(world.empty)
    world.made(NEXT, {**LAKE, "seed": "next"})
    world.made(RUN, LAKE)
    made = world.save()
    succeed("ConcatenateParts", world.join_of(RUN))
    expected = _named(world)
    for way in ways:
        world.restore(made)
        way.spoil(world)
        found = [Violation(*each, f"a lake, {way}") for each in _violations(world, expected)]
        figures.add(violations=found)
    world.restore(before)
    return figures


def _violations(world: World, expected: Mapping[str, Any]) -> Iterator[Found]:
    outcome = invoke("ConcatenateParts", world.join_of(RUN))
    yield from judge_outcome(outcome)
    if not outcome.succeeded:
        if world.find(OUTPUTS.manifest) is not None:
            yield REFUSED, "a manifest was published"
        return
    named = _named(world)
    if named.keys() != expected.keys():
        yield REFUSED, f"named are {named.keys() ^ expected.keys()}"
    for key, file in named.items():
        stands = world.find(key)
        if stands is None or (stands.version, stands.etag) != (file["version_id"], file["etag"]):
            yield REFUSED, f"{key} is not what the manifest says"
        if {**file, "version_id": "", "etag": ""} != {
            **expected[key],
            "version_id": "",
            "etag": "",
        }:
            yield REFUSED, f"{key} is not what was made"


def _named(world: World) -> dict[str, Any]:
    """The files of the manifest's lake, by key."""
    stands = world.find(OUTPUTS.manifest)
    assert stands is not None
    lake = json.loads(stands.body)["lake"]
    tables = [table for month in lake["months"].values() for table in month["tables"].values()]
    return {file["key"]: file for table in [*tables, lake["customers"]["files"]] for file in table}


def _said(field: str, value: Any) -> Callable[[Document], Any]:
    return lambda receipt: _of_table(receipt, "transactions").update({field: value})


def _exchanged(receipt: Document) -> None:
    first, second = (_of_table(receipt, table) for table in ("accidents", "outcomes"))
    first["table"], second["table"] = second["table"], first["table"]


def _of_table(receipt: Document, table: str) -> Document:
    return next(part for part in receipt["lake"] if part["table"] == table)


def _copying(source: str, key: str) -> Callable[[World], None]:
    return lambda world: world.put(key, world.objects()[source].body)
