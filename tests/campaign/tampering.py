"""States that somebody spoilt: every document and part of a run, in every way that has a name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from accidental_transfers.pipeline.keys import OutputKeys, RunKeys
from accidental_transfers.spec.files import CSV_FILES
from tests.campaign.scenarios import NEXT, RUN
from tests.campaign.world import World
from tests.pipeline.support import OUTPUT

Document = dict[str, Any]
KEYS, OTHERS = RunKeys(RUN), RunKeys(NEXT)
VICTIM = 1
"""The slice whose part or receipt is spoilt."""
HUGE = 10**30


@dataclass(frozen=True)
class Tampering:
    """A way to spoil what a run left, and what was spoilt."""

    target: str
    way: str
    spoil: Callable[[World], None]

    def __str__(self) -> str:
        return f"{self.target}: {self.way}"


def tamperings() -> list[Tampering]:
    """All of them."""
    return [*_of_plans(), *_of_items(), *_of_receipts(), *_of_parts(), *_of_outputs()]


def _of_plans() -> Iterator[Tampering]:
    for way, body in _documents_of_nobody().items():
        yield _body("plan", way, KEYS.plan, body)
    yield _copied("plan", "another run's", OTHERS.plan, KEYS.plan)
    changes: dict[str, Callable[[Document], Any]] = {
        "another run's name": lambda plan: plan.update(run=NEXT),
        "a name that is no name": lambda plan: plan.update(run="../x"),
        "another seed": lambda plan: plan["spec"].update(seed=76),
        "another last day": lambda plan: plan["spec"].update(end_date="2024-01-02"),
        "more customers": lambda plan: plan["spec"].update(customers=4),
        "far too many customers": lambda plan: plan["spec"].update(customers=HUGE),
        "another output": lambda plan: plan["spec"].update(output_key="data/elsewhere.csv"),
        "an output among the runs": lambda plan: plan["spec"].update(output_key="runs/x.csv"),
        "a field of a spec that nobody knows": lambda plan: plan["spec"].update(more=1),
        "an unknown field": lambda plan: plan.update(more=1),
        "no slices": lambda plan: plan.update(slices=[]),
        "slices in another order": lambda plan: plan["slices"].reverse(),
        "a slice too few": lambda plan: plan["slices"].pop(),
        "a slice twice": lambda plan: plan["slices"].append(plan["slices"][-1]),
        "slices that overlap": lambda plan: plan["slices"][1].update(first_customer=1),
        "a slice of nobody": lambda plan: plan["slices"][1].update(last_customer=1),
        "a slice of a huge number": lambda plan: plan["slices"][1].update(index=HUGE),
        "another dataset version": lambda plan: plan["identity"].update(dataset_version=99),
        "other code": lambda plan: plan["identity"].update(code_sha256="0" * 64),
        "another numpy": lambda plan: plan["identity"]["versions"].update(numpy="1.0"),
        "no identity": lambda plan: plan.pop("identity"),
        "no spec": lambda plan: plan.pop("spec"),
    }
    for way, change in changes.items():
        yield edited("plan", way, KEYS.plan, change)


def _of_items() -> Iterator[Tampering]:
    """The Map's items: what they say is sent to GenerateSlice, which makes the slices anew."""
    changes: dict[str, Callable[[list[Document]], Any]] = {
        "none": lambda items: items.clear(),
        "one too few": lambda items: items.pop(),
        "one twice": lambda items: items.append(items[0]),
        "another order": lambda items: items.reverse(),
        "another run's": lambda items: items[1].update(run=NEXT),
        "a run that was never planned": lambda items: items[1].update(run="never"),
        "another slice's customers": lambda items: items[1].update(first_customer=1),
        "a huge slice": lambda items: items[1].update(last_customer=HUGE),
        "an index beyond the plan": lambda items: items[1].update(index=3),
        "a negative index": lambda items: items[1].update(index=-1),
        "an unknown field": lambda items: items[1].update(more=1),
        "an item without a run": lambda items: items[1].pop("run"),
    }
    for way, change in changes.items():
        yield edited("items", way, KEYS.slices, change)


def _of_receipts() -> Iterator[Tampering]:
    key = KEYS.receipt(VICTIM)
    for way, body in _documents_of_nobody().items():
        yield _body("receipt", way, key, body)
    yield Tampering("receipt", "deleted", lambda world: world.bucket.delete(key))
    yield _copied("receipt", "another slice's", KEYS.receipt(2), key)
    yield _copied("receipt", "another run's", OTHERS.receipt(VICTIM), key)
    yield _copied("receipt", "one too many", key, KEYS.receipt(3))
    yield _body("receipt", "a file among them", f"{KEYS.receipts}notes.txt", b"hello")
    yield Tampering("receipt", "another slice's statistics", _other_statistics)
    changes: dict[str, Callable[[Document], Any]] = {
        "another run's name": lambda receipt: receipt.update(run=NEXT),
        "another slice's number": lambda receipt: receipt["slice"].update(index=2),
        "another plan": lambda receipt: receipt.update(plan="0" * 64),
        "other code": lambda receipt: receipt["identity"].update(code_sha256="0" * 64),
        "an unknown field": lambda receipt: receipt.update(more=1),
        "no statistics": lambda receipt: receipt.pop("statistics"),
        "statistics of nothing": lambda receipt: receipt.update(statistics={}),
    }
    for way, change in changes.items():
        yield edited("receipt", way, key, change)
    for way, change in _of_a_receipt_s_parts().items():
        yield edited("receipt", way, key, change)


def _of_a_receipt_s_parts() -> Mapping[str, Callable[[Document], Any]]:
    ways: dict[str, Callable[[Document], Any]] = {
        "a part too few": lambda receipt: receipt["parts"].pop("outcomes"),
        "a part too many": lambda receipt: receipt["parts"].update(more={}),
    }
    for file in CSV_FILES:
        numbers = {"a row more": 1, "a row less": -1, "10^30 rows": HUGE, "-10^30 rows": -HUGE}
        for way, more in numbers.items():
            ways[f"{way} of {file}"] = _counted(file, "rows", more)
        ways[f"a byte more of {file}"] = _counted(file, "bytes", 1)
        ways[f"10^30 bytes of {file}"] = _counted(file, "bytes", HUGE)
    ways["another checksum"] = _said("dataset", "crc32", "00000000")
    ways["no checksum"] = _said("dataset", "crc32", "")
    ways["another ETag"] = _said("dataset", "etag", '"00"')
    ways["rows that are text"] = _said("dataset", "rows", "20")
    ways["rows that are no number"] = _said("dataset", "rows", float("nan"))
    return ways


def _of_parts() -> Iterator[Tampering]:
    for file in CSV_FILES:
        key = KEYS.part(file, VICTIM)
        yield Tampering(file, "deleted", deleting(key))
        yield Tampering(file, "other bytes of the same size", rewriting(key, _flipped))
        yield Tampering(file, "truncated", rewriting(key, lambda body: body[: len(body) // 2]))
        yield Tampering(file, "a row too many", rewriting(key, lambda body: body + b"x,y\n"))
        yield _copied(file, "another slice's", KEYS.part(file, 2), key)
        yield _copied(file, "another run's", OTHERS.part(file, VICTIM), key)
        yield _copied(file, "one too many", key, KEYS.part(file, 3))
        yield Tampering(file, "the same bytes once more", rewriting(key, lambda body: body))


def _of_outputs() -> Iterator[Tampering]:
    output = OutputKeys(OUTPUT)
    for key in (output.dataset, *output.companions.values()):
        yield _body("output", f"a stranger's {key}", key, b"a stranger's")
        yield Tampering("output", f"{key} in the run's name", _in_the_run_s_name(key))
        yield Tampering("output", f"{key} deleted", deleting(key))


def _documents_of_nobody() -> Mapping[str, bytes]:
    return {
        "empty": b"",
        "no JSON": b"\xff\xfe{",
        "cut off": b'{"run": "r", "sl',
        "null": b"null",
        "a list": b"[]",
        "an object of nothing": b"{}",
        "a number without an end": b"9" * 5_000,
        "a very deep list": b"[" * 100_000,
    }


def _body(target: str, way: str, key: str, body: bytes) -> Tampering:
    return Tampering(target, way, lambda world: world.put(key, body))


def _copied(target: str, way: str, source: str, key: str) -> Tampering:
    return Tampering(target, way, lambda world: world.put(key, world.objects()[source].body))


def edited(target: str, way: str, key: str, change: Callable[[Any], Any]) -> Tampering:
    def edit(body: bytes) -> bytes:
        document = json.loads(body)
        change(document)
        return json.dumps(document).encode()

    return Tampering(target, way, rewriting(key, edit))


def rewriting(key: str, change: Callable[[bytes], bytes]) -> Callable[[World], None]:
    return lambda world: world.put(key, change(world.objects()[key].body))


def deleting(key: str) -> Callable[[World], None]:
    return lambda world: world.bucket.delete(key)


def _in_the_run_s_name(key: str) -> Callable[[World], None]:
    return lambda world: world.put(key, b"not the run's", run=RUN)


def _counted(file: str, name: str, more: int) -> Callable[[Document], None]:
    def change(receipt: Document) -> None:
        receipt["parts"][file][name] += more

    return change


def _said(file: str, name: str, value: Any) -> Callable[[Document], None]:
    return lambda receipt: receipt["parts"][file].update({name: value})


def _other_statistics(world: World) -> None:
    receipts = [json.loads(world.objects()[KEYS.receipt(index)].body) for index in (VICTIM, 2)]
    receipts[0]["statistics"] = receipts[1]["statistics"]
    world.put(KEYS.receipt(VICTIM), json.dumps(receipts[0]).encode())


def _flipped(body: bytes) -> bytes:
    """Other bytes, as many: a digit of an amount or a name differs; of nothing, nothing."""
    return bytes(byte ^ 1 if byte not in b"\n," else byte for byte in body)
