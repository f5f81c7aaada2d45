"""What surrounds the commit of a lake: tags tell the bucket's lifecycle what no manifest names.

A Parquet file is tagged as unnamed when it is written. The lifecycle expires what keeps the tag.
``docs/decisions/one-lake.md`` says why nothing that is named expires.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial

from botocore.exceptions import ClientError

from accidental_transfers.dataset.lake import LAKE_TABLES
from accidental_transfers.errors import DamagedPartError, StorageUnavailableError
from accidental_transfers.pipeline import crc32
from accidental_transfers.pipeline.keys import OutputKeys, RunKeys
from accidental_transfers.pipeline.lake import Lake
from accidental_transfers.pipeline.observability import logger
from accidental_transfers.pipeline.parallel import map_in_order
from accidental_transfers.pipeline.parts import UNNAMED
from accidental_transfers.pipeline.receipts import StoredLakePart
from accidental_transfers.pipeline.register import Register, retire
from accidental_transfers.pipeline.run_plan import RunPlan
from accidental_transfers.pipeline.standing import Standing
from accidental_transfers.pipeline.storage import Bucket, error_code, naming_error
from accidental_transfers.pipeline.sweep import STALE

MOST_LOOKS = 5
"""Looks at a manifest that other runs are replacing at the same time."""
GONE = ("NoSuchKey", "MethodNotAllowed")
"""How S3 answers who would change the tags of what is deleted."""


def keep(plan: RunPlan, files: Iterable[StoredLakePart], bucket: Bucket) -> list[StoredLakePart]:
    """Have a run's files expire no more, before a manifest names them.

    Returns
    -------
    The files with the ETag and the version that stand there now: an attempt at a slice may have
    written what another attempt's receipt is about.

    Raises
    ------
    DamagedPartError
        If one has expired already, or is not what its receipt says.
    """
    output = OutputKeys(plan.spec.output_key)

    def kept(each: StoredLakePart) -> StoredLakePart:
        part, key = each.part, output.lake_file(each.part.file, plan.run, each.slice.index)
        with naming_error(DamagedPartError, f"{bucket.url(key)} is gone", *GONE):
            bucket.untag(key)
        stands = bucket.head(key)
        wanted = (part.bytes, crc32.to_base64(crc32.from_hex(part.crc32)))
        if stands is None or (stands.size, stands.crc32) != wanted:
            raise DamagedPartError(f"{bucket.url(key)} is gone or changed since it was proven")
        found = {"etag": stands.etag, "version_id": stands.version_id}
        return StoredLakePart(each.slice, part.model_copy(update=found))

    return list(map_in_order(kept, files))


def settle(plan: RunPlan, bucket: Bucket, point: Callable[[Lake], None]) -> None:
    """Do what follows a commit; whoever is interrupted does it again.

    The catalogue follows, and what no manifest names gets its tag. If another run commits
    meanwhile, it is all done again for its manifest.

    Parameters
    ----------
    point : callable
        Makes the catalogue show a lake.

    Raises
    ------
    StorageUnavailableError
        If other runs go on committing.
    """
    keys = OutputKeys(plan.spec.output_key)
    for _ in range(MOST_LOOKS):
        register = Register.read(bucket, keys)
        lake, etag = _standing(bucket, keys)
        point(lake)
        _tag_unnamed(bucket, keys, register, lake)
        if _standing(bucket, keys)[1] == etag:
            return
    raise StorageUnavailableError(f"{bucket.url(keys.manifest)} is replaced again and again")


def _standing(bucket: Bucket, keys: OutputKeys) -> tuple[Lake, str]:
    found = bucket.find_with_etag(keys.manifest)
    if found is None:
        raise StorageUnavailableError(f"{bucket.url(keys.manifest)} is gone")
    return Standing.model_validate_json(found[0]).lake, found[1]


def _tag_unnamed(bucket: Bucket, keys: OutputKeys, register: Register, lake: Lake) -> None:
    """Tag what the lake does not name, once no run can name it any more.

    A request may be carried out long after it was sent. So the runs are retired first, by
    compare-and-swap: none of them is publishing, and none will.
    """
    if register.publishing is not None:
        return  # it settles when it has committed
    before = datetime.now(UTC) - STALE
    named = {file.key for file in lake.files}
    found = [each for each in _old_files(bucket, keys, before) if each[0] not in named]
    runs = {run for _, run in found} - {register.committed}
    runs -= {run for run in runs.difference(register.retired) if _is_young(bucket, run, before)}
    if not retire(bucket, keys, register, runs):
        return
    unnamed = [(key, run) for key, run in found if run in runs]
    for _ in map_in_order(partial(_tag, bucket), [key for key, _ in unnamed]):
        pass
    logger.info("settled", extra={"unnamed": len(unnamed), "retired": len(runs)})


def _tag(bucket: Bucket, key: str) -> None:
    try:
        bucket.tag(key, UNNAMED)
    except ClientError as error:
        # The lifecycle was quicker.
        if error_code(error) not in GONE:
            raise


def _old_files(bucket: Bucket, keys: OutputKeys, before: datetime) -> Iterator[tuple[str, str]]:
    """Give the Parquet files of before a time, and their runs."""
    for table in LAKE_TABLES:
        for key, written in bucket.list_times(keys.folder(table)):
            run = keys.run_of(key)
            if run is not None and written < before:
                yield key, run


def _is_young(bucket: Bucket, run: str, before: datetime) -> bool:
    """Tell whether a run was planned or resumed since a time: an execution ends within a day."""
    return any(written >= before for _, written in bucket.list_times(RunKeys(run).slices))
