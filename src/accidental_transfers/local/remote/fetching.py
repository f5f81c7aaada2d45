"""Fetching a published set: its manifest first, and then what the manifest names."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from accidental_transfers.errors import OutputError, TornSetError, UnknownExecutionError

CHUNK = 2**20
MOST_READINGS = 5
"""Readings of a set that is replaced under the reader's eyes."""
_REPLACED = {"NoSuchVersion", "NoSuchKey", "PreconditionFailed", "412", "404"}
"""S3's words for an object that is not the manifest's any more."""


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
        Every file by what it holds: ``dataset`` first, ``manifest`` last.
    """

    manifest: dict[str, Any]
    downloads: dict[str, Download]


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
    TornSetError
        If a file is not what the manifest says.
    OutputError
        If a file cannot be written.
    """
    bucket, key = answer["bucket"], answer["companions"]["manifest"]
    before = b""
    for _ in range(MOST_READINGS):
        text = boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
        manifest = json.loads(text)
        if manifest["run"] != answer["run"]:
            raise UnknownExecutionError(
                f"RUN: got {answer['run']}; run {manifest['run']} has replaced its dataset at "
                f"s3://{bucket}/{answer['key']}"
            )
        try:
            with _writing(folder):
                return _fetch(bucket, key, text, folder, console)
        except TornSetError:
            # The same manifest again names the same files: nobody replaced them meanwhile.
            if text == before:
                raise
        before = text
    raise TornSetError(
        f"s3://{bucket}/{key} was replaced {MOST_READINGS} times while it was read; try again later"
    )


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise OutputError(f"--output: {folder} cannot be written: {error}") from error


def _fetch(bucket: str, key: str, text: bytes, folder: Path, console: Console) -> FetchedSet:
    """Fetch all files under other names; they get their own when all of them are there."""
    manifest = json.loads(text)
    named = _named(manifest, key)
    partials = {what: _partial(folder, file["key"]) for what, file in named.items()}
    with ExitStack() as cleaning:
        for partial in (*partials.values(), _partial(folder, key)):
            cleaning.callback(partial.unlink, missing_ok=True)
        with _progress(console, sum(file.get("bytes", 0) for file in named.values())) as bar:
            downloads = {
                what: _download(bucket, file, partials[what], bar) for what, file in named.items()
            }
        downloads["manifest"] = _store(bucket, key, text, _partial(folder, key))
        # The manifest comes last, here as in the bucket.
        for download in downloads.values():
            download.file.with_name(f"{download.file.name}.unfinished").replace(download.file)
    return FetchedSet(manifest, downloads)


def _named(manifest: dict[str, Any], key: str) -> dict[str, dict[str, Any]]:
    """What a manifest names: every file but itself."""
    card = {"key": key.removesuffix(".manifest.json") + ".html"}
    return {**manifest["files"], "card": manifest.get("card", card)}


def _partial(folder: Path, key: str) -> Path:
    return folder / f"{key.rpartition('/')[2]}.unfinished"


def _download(bucket: str, file: dict[str, Any], partial: Path, bar: Progress) -> Download:
    """Fetch the version of an object that a manifest names, and compare its bytes.

    Raises
    ------
    TornSetError
        If it is not there any more, or not what the manifest says.
    """
    url = f"s3://{bucket}/{file['key']}"
    digest, size, crc32 = hashlib.sha256(), 0, 0
    with partial.open("wb") as stream:
        for chunk in _chunks(bucket, file):
            stream.write(chunk)
            digest.update(chunk)
            size += len(chunk)
            crc32 = zlib.crc32(chunk, crc32)
            bar.advance(bar.task_ids[0], len(chunk))
    got = {"bytes": size, "crc32": f"{crc32:08x}"}
    wrong = [name for name, value in got.items() if file.get(name, value) != value]
    if wrong:
        said = ", ".join(f"{name} {got[name]}, the manifest says {file[name]}" for name in wrong)
        raise TornSetError(f"{url}: {said}")
    return Download(url, partial.with_suffix(""), size, digest.hexdigest())


def _chunks(bucket: str, file: dict[str, Any]) -> Iterator[bytes]:
    version, etag = file.get("version_id"), file.get("etag")
    which = {"VersionId": version} if version else {"IfMatch": etag} if etag else {}
    try:
        answer = boto3.client("s3").get_object(Bucket=bucket, Key=file["key"], **which)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _REPLACED:
            raise
        raise TornSetError(
            f"s3://{bucket}/{file['key']} is not there as the manifest names it: {error}"
        ) from error
    yield from answer["Body"].iter_chunks(CHUNK)


def _store(bucket: str, key: str, text: bytes, partial: Path) -> Download:
    partial.write_bytes(text)
    sha256 = hashlib.sha256(text).hexdigest()
    return Download(f"s3://{bucket}/{key}", partial.with_suffix(""), len(text), sha256)


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
