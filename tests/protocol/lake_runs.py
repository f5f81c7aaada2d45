"""Runs that make a lake by the pipeline's own code: their slices, the join, and what follows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from accidental_transfers.dataset.lake import LakeFile
from accidental_transfers.errors import (
    DamagedPartError,
    OutputContestedError,
    OutputExistsError,
    StorageUnavailableError,
    UnknownRunError,
)
from accidental_transfers.pipeline import crc32
from accidental_transfers.pipeline.concatenate_parts import publish
from accidental_transfers.pipeline.failures import naming_failures
from accidental_transfers.pipeline.keys import OutputKeys, RunKeys
from accidental_transfers.pipeline.lake import Lake
from accidental_transfers.pipeline.parts import UNNAMED
from accidental_transfers.pipeline.publish import Output
from accidental_transfers.pipeline.receipts import LakePart, Ledger, StoredLakePart
from accidental_transfers.pipeline.run_plan import RunPlan, Slice
from accidental_transfers.pipeline.settle import settle
from accidental_transfers.pipeline.standing import require_place
from accidental_transfers.pipeline.storage import JSON, PARQUET, Bucket
from accidental_transfers.pipeline.streamed import StreamedObject
from accidental_transfers.spec import JobSpec
from tests.protocol.invariants import KEYS
from tests.protocol.runs import MOST_ATTEMPTS, Dead, Process, bucket_of, quick, run_identity
from tests.protocol.runs import run_statistics as statistics

SLICES = (
    Slice(index=0, first_customer=1, last_customer=1),
    Slice(index=1, first_customer=2, last_customer=2),
)
LAST_DAYS = {"2024-01": 31, "2024-02": 29, "2024-03": 31}
PIECE = 24
"""Bytes of a piece here: some files take one request, and some an upload."""
LAKE_OUTCOMES = ("success", "OutputExistsError", "OutputContestedError", "UnknownRunError", "dead")
"""How a run may end; what is unknown was given up."""


@dataclass
class Publisher(Process):
    """An attempt that a fault befalls while it publishes, or settles.

    Attributes
    ----------
    from_claim : tuple of int and str, or None
        As `Process.fault`, counted from the claim, which is 1.
    """

    from_claim: tuple[int, str] | None = None

    def _send(self, operation: Callable[..., Any], **request: Any) -> Any:
        if self.from_claim and "Body" in request and request["Key"] == KEYS.register:
            number, fault = self.from_claim
            self.fault, self.from_claim = (self.sent + number, fault), None
        return super()._send(operation, **request)


@dataclass
class LakeRun:
    """A run that makes some months as a lake.

    Attributes
    ----------
    outcome : str
        How its last attempt ended: one of `LAKE_OUTCOMES`, unless something is wrong.
    made : dict
        What the receipts say, by the index of the slice.
    """

    plan: RunPlan
    months: tuple[str, ...]
    outcome: str = ""
    attempts: int = 0
    is_planned: bool = False
    made: dict[int, list[StoredLakePart]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Of the run."""
        return self.plan.run

    def again(self) -> LakeRun:
        """Another execution of the same run, which knows nothing."""
        return LakeRun(self.plan, self.months)

    def redriven(self) -> LakeRun:
        """The same execution, which goes on days later without Plan, with what it made."""
        return LakeRun(self.plan, self.months, is_planned=True, made=dict(self.made))

    def attempt(self, process: Process) -> bool:
        """Do once what is left to do, and tell whether that was the last attempt."""
        self.attempts += 1
        try:
            with naming_failures():
                self._all(bucket_of(process))
        except (StorageUnavailableError, DamagedPartError) as error:
            self.outcome = "gave up"
            if isinstance(error, DamagedPartError):
                self.made.clear()  # as who resumes finds
            return self.attempts == MOST_ATTEMPTS
        except (OutputExistsError, OutputContestedError, UnknownRunError) as error:
            self.outcome = type(error).__name__
        except Dead:
            self.outcome = "dead"
        except Exception as error:  # noqa: BLE001 - the schedule reports whatever it is
            self.outcome = repr(error)
        else:
            self.outcome = "success"
        return True

    def make_slice(self, part: Slice, bucket: Bucket) -> list[StoredLakePart]:
        """Write the files of a slice."""
        files = [LakeFile("customers", None)]
        files += [
            LakeFile(table, month)
            for month in self.months
            for table in ("transactions", "outcomes")
        ]
        return [StoredLakePart(part, self._written(file, part, bucket)) for file in files]

    def _all(self, bucket: Bucket) -> None:
        if not self.is_planned:
            require_place(Output.look(bucket, self.plan.spec.output_key), self.plan)
            bucket.put(RunKeys(self.name).slices, b"[]", JSON)
            self.is_planned = True
        for part in SLICES:
            if part.index not in self.made:
                self.made[part.index] = self.make_slice(part, bucket)
        ledger = Ledger(statistics=statistics())
        ledger.lake += [each for part in SLICES for each in self.made[part.index]]
        publish(self.plan, ledger, bucket)
        settle(self.plan, bucket, _nowhere)

    def _written(self, file: LakeFile, part: Slice, bucket: Bucket) -> LakePart:
        key = OutputKeys(self.plan.spec.output_key).lake_file(file, self.name, part.index)
        stream = StreamedObject(bucket, key, PARQUET, UNNAMED)
        long = "and more " * 3 * (file.table == "transactions")
        stream.write(f"{self.name} {part.index} {file.table} {long}".encode())
        done = stream.finish()
        return LakePart(
            rows=1,
            bytes=done.size,
            crc32=crc32.to_hex(done.crc32),
            etag=done.written.etag,
            table=file.table,
            month=file.month,
            sha256=done.sha256,
            version_id=done.written.version_id,
        )


def make_lake_run(name: str, months: Sequence[str], **fields: object) -> LakeRun:
    """Plan a run of consecutive months."""
    spec = {
        "customers": len(SLICES),
        "start_date": f"{months[0]}-01",
        "end_date": f"{months[-1]}-{LAST_DAYS[months[-1]]}",
        "format": "parquet",
        **fields,
    }
    plan = RunPlan(run=name, spec=JobSpec.parse(spec), slices=SLICES, identity=run_identity())
    return LakeRun(plan, tuple(months))


def _nowhere(_: Lake) -> None:
    """Point no catalogue anywhere."""


@contextmanager
def quick_lake() -> Iterator[None]:
    """Leave out what has nothing to do with the protocol, and write small pieces."""
    with ExitStack() as stack:
        stack.enter_context(quick())
        stack.enter_context(patch("accidental_transfers.pipeline.settle.map_in_order", map))
        stack.enter_context(patch("accidental_transfers.pipeline.streamed.PIECE_BYTES", PIECE))
        yield
