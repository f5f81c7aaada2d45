"""What the bucket says, apart from what differs between attempts that do the same."""

from __future__ import annotations

import json
import re
from typing import Any

from accidental_transfers.pipeline.keys import OutputKeys, RunKeys
from tests.campaign.faults import without_chance
from tests.campaign.world import World
from tests.pipeline.support import OUTPUT

OF_ONE_ATTEMPT = ("etag", "version_id")
"""What a manifest says of a file that is another after another attempt."""
_NONCE = re.compile(rb"<!-- [0-9a-f]{32} -->\n$")
_REGISTERS = OutputKeys(OUTPUT).register.rpartition("/")[0]
_CHECKPOINT = RunKeys("r").checkpoint.rpartition("/")[2]

Fingerprint = tuple[tuple[Any, ...], tuple[str, ...]]


def told(key: str, body: bytes) -> bytes:
    """What an object says."""
    if key.endswith(".html"):
        return _NONCE.sub(b"", body)
    if key.endswith(".manifest.json"):
        return _json(_without_attempt(json.loads(body)))
    if key.startswith(_REGISTERS):
        return _json({**json.loads(body), "nonce": None})
    if key.endswith(_CHECKPOINT):
        uploads = json.loads(body)["uploads"]
        return _json({key: left["pieces"] for key, left in uploads.items()})
    return body


def fingerprint(world: World) -> Fingerprint:
    """What a handler can tell from another state: what stands where, and what is open."""
    standing = [
        (without_chance(key), told(key, found.body), tuple(sorted(found.metadata.items())))
        for key, found in world.objects().items()
    ]
    return tuple(sorted(standing)), tuple(map(without_chance, world.open_uploads()))


def _without_attempt(manifest: dict[str, Any]) -> dict[str, Any]:
    for file in (*manifest["files"].values(), manifest["card"]):
        for name in OF_ONE_ATTEMPT:
            del file[name]
    # The card ends with a nonce.
    del manifest["card"]["crc32"]
    return manifest


def _json(said: Any) -> bytes:
    return json.dumps(said, sort_keys=True).encode()
