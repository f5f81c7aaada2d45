"""What follows the commit of a lake: tags tell the bucket's lifecycle what no manifest names.

A Parquet file is tagged as unnamed when it is written. The lifecycle expires what keeps the tag.
``docs/decisions/one-lake.md`` says why nothing that is named expires.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from accidental_transfers.dataset.lake import LAKE_TABLES
from accidental_transfers.errors import StorageUnavailableError
from accidental_transfers.pipeline.keys import OutputKeys
from accidental_transfers.pipeline.lake import Lake
from accidental_transfers.pipeline.observability import logger
from accidental_transfers.pipeline.parallel import map_in_order
from accidental_transfers.pipeline.parts import UNNAMED
from accidental_transfers.pipeline.run_plan import RunPlan
from accidental_transfers.pipeline.standing import Standing
from accidental_transfers.pipeline.storage import Bucket
from accidental_transfers.pipeline.sweep import STALE

MOST_LOOKS = 5
"""Looks at a manifest that other runs are replacing at the same time."""


def settle(plan: RunPlan, bucket: Bucket, point: Callable[[Lake], None]) -> None:
    """Do what follows a commit; whoever is interrupted does it again.

    The run's files lose their tag, what no manifest names gets one, and the catalogue follows. If
    another run commits meanwhile, it is all done again for its manifest.

    Parameters
    ----------
    point : callable
        Makes the catalogue show a lake.

    Raises
    ------
    StorageUnavailableError
        If other runs go on committing.
    """
    keys, tagged = OutputKeys(plan.spec.output_key), set[str]()
    for _ in range(MOST_LOOKS):
        lake, etag = _standing(bucket, keys)
        named = {file.key for file in lake.files}
        own = {key for key in named if f"/run={plan.run}/" in key}
        unnamed = set(_old_files(bucket, keys)) - named
        _each(bucket.untag, own | (tagged & named))
        _each(lambda key: bucket.tag(key, UNNAMED), unnamed)
        tagged |= unnamed
        point(lake)
        if _standing(bucket, keys)[1] == etag:
            logger.info("settled", extra={"named": len(named), "unnamed": len(unnamed)})
            return
    raise StorageUnavailableError(f"{bucket.url(keys.manifest)} is replaced again and again")


def _standing(bucket: Bucket, keys: OutputKeys) -> tuple[Lake, str]:
    found = bucket.find_with_etag(keys.manifest)
    if found is None:
        raise StorageUnavailableError(f"{bucket.url(keys.manifest)} is gone")
    return Standing.model_validate_json(found[0]).lake, found[1]


def _old_files(bucket: Bucket, keys: OutputKeys) -> Iterator[str]:
    """Give the Parquet files that no run can be about to commit: an execution ends within a day."""
    before = datetime.now(UTC) - STALE
    for table in LAKE_TABLES:
        yield from bucket.list_older(keys.folder(table), before)


def _each(do: Callable[[str], None], keys: Iterable[str]) -> None:
    for _ in map_in_order(do, sorted(keys)):
        pass
