"""What must hold of a lake at every moment: whoever follows the manifest sees one whole set."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any

from tests.protocol.invariants import KEYS, mixtures, register
from tests.protocol.lake_s3 import LakeS3

Manifest = dict[str, Any]
Named = dict[str, Any]


def files_of(about: Manifest) -> list[Named]:
    """All Parquet files that a manifest names."""
    months = [month["tables"].values() for month in about["lake"]["months"].values()]
    tables = [*(files for tables in months for files in tables)]
    return [file for files in (*tables, about["lake"]["customers"]["files"]) for file in files]


def months_of(about: Manifest | None) -> dict[str, Any]:
    """What a manifest says of its months."""
    return {} if about is None else dict(about["lake"]["months"])


class LakeWatch:
    """Looks at a lake after every write, and remembers who did what.

    Attributes
    ----------
    about : dict or None
        The manifest that stands.
    manifests, commits : list of str
        The runs that put a manifest, and that committed, in order.
    """

    def __init__(self, s3: LakeS3) -> None:
        self._s3 = s3
        self.about: Manifest | None = None
        self._etag = ""
        self._publishing: str | None = None
        self.manifests: list[str] = []
        self.commits: list[str] = []

    def look(self) -> list[str]:
        """Say what does not hold."""
        self._note_commit()
        stands = self._s3.stands(KEYS.manifest)
        if stands is None:
            return []
        wrong: list[str] = []
        if stands.etag != self._etag:
            before, self.about, self._etag = self.about, json.loads(stands.body), stands.etag
            self.manifests.append(self.about["run"])
            wrong = list(_forgotten(before, self.about))
        return [*wrong, *self._damaged(), *mixtures(self._s3)]

    def owner(self, month: str) -> str | None:
        """The run that a month is of."""
        found = months_of(self.about).get(month)
        return found and str(found["run"])

    def manifests_after(self, run: str) -> list[str]:
        """The runs that put a manifest after the last one of a run."""
        last = len(self.manifests) - 1 - self.manifests[::-1].index(run)
        return self.manifests[last + 1 :]

    def unnamed(self) -> set[str]:
        """Files that the manifest does not name."""
        named = {file["key"] for file in files_of(self.about)} if self.about else set()
        return set(self._s3.files()) - named

    def _note_commit(self) -> None:
        said = register(self._s3)
        was_publishing, self._publishing = self._publishing, said["publishing"]
        if was_publishing and (said["committed"], said["publishing"]) == (was_publishing, None):
            self.commits.append(was_publishing)

    def _damaged(self) -> Iterator[str]:
        for named in files_of(self.about) if self.about else ():
            key, stands = named["key"], self._s3.stands(named["key"])
            if stands is None:
                yield f"{key} is missing"
                continue
            found = (stands.etag, stands.id, len(stands.body), f"{zlib.crc32(stands.body):08x}")
            said = tuple(named[field] for field in ("etag", "version_id", "bytes", "crc32"))
            if found != said:
                yield f"{key} is {found}, and the manifest says {said}"
            tag = self._s3.tag_of(key)
            if tag is not None:
                yield f"{key} is named, and has the tag {tag}"


def _forgotten(before: Manifest | None, about: Manifest) -> Iterator[str]:
    """Say which months a manifest changes that are not its own run's."""
    run, old = about["run"], months_of(before)
    for name, month in months_of(about).items():
        if month["run"] != run and month != old.get(name):
            yield f"the manifest of {run} changes {name} of {month['run']}"
    for name in old.keys() - months_of(about).keys():
        yield f"the manifest of {run} forgets {name}"
    if about["lake"]["customers"]["run"] != run:
        yield f"the manifest of {run} has the customers of another run"
