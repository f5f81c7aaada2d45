"""What a reader finds at an output key who follows the rule: the manifest first, then its files."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from accidental_transfers.pipeline.keys import OutputKeys
from tests.campaign.world import World


class TornSetError(Exception):
    """The manifest's files are not there, or are not what it says."""


def whose(world: World, output_key: str) -> str | None:
    """Tell which run's set stands at an output key, whole; None where there is no manifest.

    Where nobody is publishing, who reads the files by their names must find the same.

    Raises
    ------
    TornSetError
        Naming the file that is not the manifest's.
    """
    about = _manifest(world, output_key)
    if about is None:
        return None
    for file in _files(about):
        _check(file, world.version(file["key"], file["version_id"]))
    register = register_of(world, output_key)
    if register["committed"] and not register["publishing"]:
        _check_names(world, about, register["committed"])
    return str(about["run"])


def register_of(world: World, output_key: str) -> dict[str, str | None]:
    """Who committed last and who has been publishing since, as far as the register says."""
    register = world.find(OutputKeys(output_key).register)
    said = json.loads(register.body) if register else {}
    return {"committed": said.get("committed"), "publishing": said.get("publishing")}


def texts_of(world: World, output_key: str) -> dict[str, bytes]:
    """The CSV files of a whole set, by what they hold."""
    about = _manifest(world, output_key) or {"files": {}}
    return {
        name: world.version(file["key"], file["version_id"]) or b""
        for name, file in about["files"].items()
    }


def _manifest(world: World, output_key: str) -> dict[str, Any] | None:
    found = world.find(OutputKeys(output_key).manifest)
    return None if found is None else dict(json.loads(found.body))


def _files(about: Mapping[str, Any]) -> Iterator[Any]:
    yield from about["files"].values()
    yield about["card"]


def _check_names(world: World, about: Mapping[str, Any], committed: str) -> None:
    if about["run"] != committed:
        raise TornSetError(f"the manifest is that of {about['run']}, and {committed} committed")
    for file in _files(about):
        found = world.find(file["key"])
        if found is None or found.version != file["version_id"]:
            raise TornSetError(f"{file['key']} is another version than the manifest's")


def _check(file: Mapping[str, Any], body: bytes | None) -> None:
    if body is None:
        raise TornSetError(f"{file['key']} is not there")
    if (len(body), f"{zlib.crc32(body):08x}") != (file["bytes"], file["crc32"]):
        raise TornSetError(f"{file['key']} is not the manifest's")
