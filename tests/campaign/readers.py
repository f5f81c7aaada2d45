"""What a reader finds at an output key who follows the rule: the manifest first, then its files."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

from accidental_transfers.pipeline.keys import OutputKeys
from tests.campaign.world import World


class TornSetError(Exception):
    """The manifest's files are not there, or are not what it says."""


def whose(world: World, output_key: str) -> str | None:
    """Tell which run's set stands at an output key, whole; None where there is no manifest.

    Raises
    ------
    TornSetError
        Naming the file that is not the manifest's.
    """
    manifest = world.find(OutputKeys(output_key).manifest)
    if manifest is None:
        return None
    about = json.loads(manifest.body)
    for file in about["files"].values():
        _check(world, file)
    return str(about["run"])


def texts_of(world: World, output_key: str) -> dict[str, bytes]:
    """The CSV files of a whole set, by what they hold."""
    manifest = world.find(OutputKeys(output_key).manifest)
    about = json.loads(manifest.body) if manifest else {"files": {}}
    return {name: _body(world, file) or b"" for name, file in about["files"].items()}


def _check(world: World, file: Mapping[str, Any]) -> None:
    body = _body(world, file)
    if body is None:
        raise TornSetError(f"{file['key']} is not there")
    if (len(body), f"{zlib.crc32(body):08x}") != (file["bytes"], file["crc32"]):
        raise TornSetError(f"{file['key']} is not the manifest's")


def _body(world: World, file: Mapping[str, Any]) -> bytes | None:
    """Read a file by its version, where the manifest names one."""
    if file.get("version_id"):
        return world.version(file["key"], file["version_id"])
    found = world.find(file["key"])
    return found.body if found else None
