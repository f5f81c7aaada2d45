"""Fetching a published set into a folder, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from accidental_transfers.errors import OutputError, TornSetError, UnknownExecutionError
from accidental_transfers.local.named_set import NamedFile
from accidental_transfers.local.stored_set import Manifest, read_file, readings
from accidental_transfers.pipeline.storage import Bucket


@dataclass(frozen=True)
class Download:
    """An object of the bucket that is now a file.

    Attributes
    ----------
    size : int
        Bytes.
    sha256 : str
        In hexadecimal.
    """

    url: str
    file: Path
    size: int
    sha256: str


@dataclass(frozen=True)
class FetchedSet:
    """A published set that is now in a folder.

    Attributes
    ----------
    manifest : dict
        What the manifest says.
    downloads : dict
        Every file by what it holds: those in CSV first, ``manifest`` last.
    """

    manifest: dict[str, Any]
    downloads: dict[str, Download]

    @property
    def beside(self) -> dict[str, Download]:
        """Those in the manifest's own folder: all but the files of a lake."""
        folder = self.downloads["manifest"].file.parent
        return {what: each for what, each in self.downloads.items() if each.file.parent == folder}


def fetch_set(answer: dict[str, Any], folder: Path, console: Console) -> FetchedSet:
    """Fetch the set that an execution published into a folder, whole or not at all.

    Parameters
    ----------
    answer : dict
        The execution's output.

    Raises
    ------
    UnknownExecutionError
        If another run has replaced the set.
    ManifestError
        If there is no set.
    TornSetError
        If a file is not what the manifest says.
    OutputError
        If a file cannot be written.
    """
    bucket, key = Bucket(answer["bucket"]), answer["companions"]["manifest"]
    for manifest in readings(bucket, key):
        if manifest.named.run != answer["run"]:
            raise UnknownExecutionError(
                f"RUN: got {answer['run']}; run {manifest.named.run} has replaced its dataset at "
                f"{bucket.url(answer['key'])}"
            )
        try:
            with _writing(folder):
                return _fetch(bucket, key, manifest, folder, console)
        except TornSetError as error:
            torn = error
    raise torn


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise OutputError(f"--output: {folder} cannot be written: {error}") from error


def _fetch(
    bucket: Bucket, key: str, manifest: Manifest, folder: Path, console: Console
) -> FetchedSet:
    """Fetch all files under other names; they get their own when all of them are there."""
    named = manifest.named.all
    places = {what: folder / manifest.named.path(file) for what, file in named.items()}
    of_manifest = folder / key.rpartition("/")[2]
    with ExitStack() as cleaning:
        for place in (*places.values(), of_manifest):
            place.parent.mkdir(parents=True, exist_ok=True)
            cleaning.callback(_partial(place).unlink, missing_ok=True)
        with _progress(console, sum(file.bytes for file in named.values())) as bar:
            downloads = {
                what: _download(bucket, file, places[what], bar) for what, file in named.items()
            }
        downloads["manifest"] = _store(bucket, key, manifest.text, of_manifest)
        # The manifest comes last, here as in the bucket.
        for download in downloads.values():
            _partial(download.file).replace(download.file)
    return FetchedSet(json.loads(manifest.text), downloads)


def _partial(place: Path) -> Path:
    return place.with_name(f"{place.name}.unfinished")


def _download(bucket: Bucket, named: NamedFile, place: Path, bar: Progress) -> Download:
    """Fetch a file and compare its bytes with what the manifest says.

    Raises
    ------
    TornSetError
        If it is not there any more, or not what the manifest says.
    """
    digest, size, crc32 = hashlib.sha256(), 0, 0
    with _partial(place).open("wb") as stream:
        for chunk in read_file(bucket, named):
            stream.write(chunk)
            digest.update(chunk)
            size += len(chunk)
            crc32 = zlib.crc32(chunk, crc32)
            bar.advance(bar.task_ids[0], len(chunk))
    url = bucket.url(named.key)
    if difference := named.difference(size, f"{crc32:08x}"):
        raise TornSetError(f"{url} {difference}")
    return Download(url, place, size, digest.hexdigest())


def _store(bucket: Bucket, key: str, text: bytes, place: Path) -> Download:
    _partial(place).write_bytes(text)
    sha256 = hashlib.sha256(text).hexdigest()
    return Download(bucket.url(key), place, len(text), sha256)


@contextmanager
def _progress(console: Console, total: int) -> Iterator[Progress]:
    with Progress(
        BarColumn(bar_width=32),
        TextColumn("fetching"),
        DownloadColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        bar.add_task("", total=total)
        yield bar
