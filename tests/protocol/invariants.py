"""What must hold at an output key, whoever races and whatever dies."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any

from accidental_transfers.pipeline.keys import OutputKeys
from accidental_transfers.spec import JobSpec
from tests.protocol.s3_model import S3

KEYS = OutputKeys(JobSpec.parse({}).output_key)
_CRC32 = "08x"


def register(s3: S3) -> dict[str, str | None]:
    """What the register says."""
    stands = s3.stands(KEYS.register)
    body = b'{"committed": null, "publishing": null}' if stands is None else stands.body
    said: dict[str, str | None] = json.loads(body)
    return said


def mixtures(s3: S3) -> Iterator[str]:
    """Say what does not belong to the run that committed, where nobody publishes."""
    said = register(s3)
    if said["publishing"] is not None or said["committed"] is None:
        return
    manifest = s3.stands(KEYS.manifest)
    if manifest is None:
        yield f"run {said['committed']} committed without a manifest"
        return
    about = json.loads(manifest.body)
    if about["run"] != said["committed"]:
        yield f"the manifest is run {about['run']}'s, and run {said['committed']} committed"
    for named in (*about["files"].values(), about["card"]):
        yield from _differences(s3, named, about["run"])


def _differences(s3: S3, named: dict[str, Any], run: str) -> Iterator[str]:
    stands = s3.stands(named["key"])
    if stands is None:
        yield f"{named['key']} is missing"
        return
    found = {
        "run": stands.metadata["run"],
        "etag": stands.etag,
        "version_id": stands.id,
        "crc32": format(zlib.crc32(stands.body), _CRC32),
        "bytes": len(stands.body),
    }
    expected = {"run": run, **{name: named[name] for name in found if name != "run"}}
    if found != expected:
        yield f"{named['key']} is {found}, and not {expected}"
