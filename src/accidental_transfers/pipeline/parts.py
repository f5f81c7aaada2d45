"""What a slice makes of its customers: parts of the CSV files, Parquet files, or both."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from accidental_transfers.card.disclosures import LICENCE_NAME
from accidental_transfers.dataset.lake import Lake, LakeFile, lake_of
from accidental_transfers.dataset.table import Table
from accidental_transfers.dataset.text_stream import EncodedText
from accidental_transfers.pipeline import crc32
from accidental_transfers.pipeline.keys import OutputKeys, RunKeys
from accidental_transfers.pipeline.receipts import LakePart, Part
from accidental_transfers.pipeline.run_plan import RunPlan, Slice
from accidental_transfers.pipeline.storage import CSV, PARQUET, Bucket
from accidental_transfers.pipeline.streamed import StreamedObject
from accidental_transfers.spec.files import CSV_FILES, CsvFile

UNNAMED = "lake=unnamed"
"""The tag of a Parquet file that no committed manifest names: the bucket's lifecycle expires it."""


class TextParts:
    """The parts of the CSV files of a slice, as text in memory; slice 0 begins with the headers."""

    def __init__(self, part: Slice) -> None:
        self._slice = part
        self._header = part.index == 0
        self._texts: dict[CsvFile, EncodedText] = {file: EncodedText() for file in CSV_FILES}

    def write(self, table: Table) -> None:
        """Add the rows of some customers."""
        for file, text in self._texts.items():
            table.write(file, text, header=self._header)
        self._header = False

    def store(self, run: str, bucket: Bucket) -> dict[CsvFile, Part]:
        """Upload the parts; nothing of them is left in memory."""
        return {file: self._store(file, run, bucket) for file in CSV_FILES}

    def _store(self, file: CsvFile, run: str, bucket: Bucket) -> Part:
        body = self._texts.pop(file).encoded()
        checksum, index = zlib.crc32(body), self._slice.index
        stored = bucket.put(RunKeys(run).part(file, index), body, CSV, checksum=checksum)
        headers = 1 if index == 0 else 0
        return Part(
            rows=body.count(b"\n") - headers,
            bytes=len(body),
            crc32=crc32.to_hex(checksum),
            etag=stored.etag,
        )


class LakeParts:
    """The Parquet files of a slice, which are sent while they are written: see `lake_parts`."""

    def __init__(self, lake: Lake, streams: Mapping[LakeFile, StreamedObject]) -> None:
        self._lake, self._streams = lake, streams

    def write(self, table: Table) -> None:
        """Add the rows of some customers."""
        for block in table.blocks:
            self._lake.write(block)

    def store(self) -> tuple[LakePart, ...]:
        """Make the files appear, when their context was left."""
        with _whole_or_not(self._streams):
            return tuple(self._part(*each) for each in self._streams.items())

    def _part(self, file: LakeFile, stream: StreamedObject) -> LakePart:
        done = stream.finish()
        return LakePart(
            table=file.table,
            month=file.month,
            rows=self._lake.rows[file],
            bytes=done.size,
            crc32=crc32.to_hex(done.crc32),
            sha256=done.sha256,
            etag=done.written.etag,
            version_id=done.written.version_id,
        )


@contextmanager
def lake_parts(plan: RunPlan, part: Slice, bucket: Bucket) -> Iterator[LakeParts]:
    """Give what writes the Parquet files of a slice; of what fails, nothing stays open.

    They are written when the context is left, and appear when they are stored.

    Raises
    ------
    MissingDependencyError
        If pyarrow is not installed.
    """
    output, streams = OutputKeys(plan.spec.output_key), dict[LakeFile, StreamedObject]()

    def opened(file: LakeFile) -> StreamedObject:
        key = output.lake_file(file, plan.run, part.index)
        streams[file] = StreamedObject(bucket, key, PARQUET, UNNAMED)
        return streams[file]

    told = {"run": plan.run, "licence": LICENCE_NAME}
    with _whole_or_not(streams), lake_of(plan.spec, told, opened) as lake:
        yield LakeParts(lake, streams)


@contextmanager
def _whole_or_not(streams: Mapping[LakeFile, StreamedObject]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        for stream in streams.values():
            stream.give_up()
        raise
