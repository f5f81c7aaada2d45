"""A model of S3: versions, ETags, multipart uploads, and writes that ask what stands there.

It does what S3 documents, one request at a time, and refuses in S3's words. A condition can be left
out of it, to see that a campaign notices.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

from accidental_transfers.pipeline import crc32

CONDITIONS = (
    "put IfMatch",
    "put IfNoneMatch",
    "complete IfMatch",
    "complete IfNoneMatch",
    "complete younger",
)
"""What can be left out; the last one refuses to complete over an object that came meanwhile."""


class NoSuchKey(ClientError):  # noqa: N818 - as boto3 has it
    """What boto3 raises where there is no object."""


def refusal(status: int, code: str) -> ClientError:
    """An error as boto3 raises it."""
    kind = NoSuchKey if code == "NoSuchKey" else ClientError
    answer: Any = {
        "Error": {"Code": code, "Message": code},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return kind(answer, "request")


@dataclass(frozen=True)
class Version:
    """A version of an object.

    Attributes
    ----------
    id : str or None
        None in a bucket that keeps no versions.
    came : int
        When it came, in requests.
    """

    body: bytes
    etag: str
    metadata: dict[str, str]
    id: str | None
    came: int = 0


class S3(ABC):
    """What schedules need beside boto3's operations: a look at what stands there.

    Attributes
    ----------
    requests : int
        How many there were; it is the only clock.
    on_write : callable
        Called after every object that came.
    exceptions
        As a client of boto3 has them.
    """

    exceptions: Any

    def __init__(self) -> None:
        self.requests = 0
        self.on_write: Callable[[], None] = lambda: None

    @abstractmethod
    def history(self, key: str) -> Sequence[Version]:
        """All versions of an object, in order."""

    @abstractmethod
    def forget(self, key: str) -> None:
        """Delete an object and its versions."""

    def stands(self, key: str) -> Version | None:
        """The current version of an object."""
        found = self.history(key)
        return found[-1] if found else None


@dataclass
class Upload:
    """A multipart upload, and when it was opened, in requests."""

    key: str
    metadata: dict[str, str]
    opened: int
    parts: dict[int, bytes] = field(default_factory=dict)


class S3Model(S3):
    """The operations that publishing uses, as boto3's client has them.

    Parameters
    ----------
    without : frozenset of str
        Of `CONDITIONS`, those that are ignored.
    """

    exceptions = SimpleNamespace(NoSuchKey=NoSuchKey)

    def __init__(
        self, without: frozenset[str] = frozenset(), *, keeps_versions: bool = True
    ) -> None:
        super().__init__()
        self.without, self.keeps_versions = without, keeps_versions
        self.versions: dict[str, list[Version]] = defaultdict(list)
        self.uploads: dict[str, Upload] = {}

    def history(self, key: str) -> Sequence[Version]:
        """All versions of an object, in order."""
        return self.versions[key]

    def forget(self, key: str) -> None:
        """Delete an object and its versions."""
        del self.versions[key]

    def put_object(self, **request: Any) -> dict[str, Any]:
        self._require(request, "put", None)
        body = request["Body"]
        if request.get("ChecksumCRC32") not in (None, crc32.to_base64(zlib.crc32(body))):
            raise refusal(400, "BadDigest")
        return self._store(request["Key"], body, _digest(body), request["Metadata"])

    def get_object(self, **request: Any) -> dict[str, Any]:
        found = self._find(request)
        if found is None:
            raise refusal(404, "NoSuchKey")
        if request.get("IfMatch", found.etag) != found.etag:
            raise refusal(412, "PreconditionFailed")
        return {"Body": io.BytesIO(found.body), **self._answer(found)}

    def head_object(self, **request: Any) -> dict[str, Any]:
        found = self._find(request)
        if found is None:
            raise refusal(404, "404")
        return {
            "ContentLength": len(found.body),
            "Metadata": found.metadata,
            "ChecksumCRC32": crc32.to_base64(zlib.crc32(found.body)),
            **self._answer(found),
        }

    def create_multipart_upload(self, **request: Any) -> dict[str, Any]:
        name = f"upload-{self.requests}"
        self.uploads[name] = Upload(request["Key"], request["Metadata"], self.requests)
        return {"UploadId": name}

    def upload_part(self, **request: Any) -> dict[str, Any]:
        self._upload(request).parts[request["PartNumber"]] = request["Body"]
        return {"ETag": _digest(request["Body"])}

    def complete_multipart_upload(self, **request: Any) -> dict[str, Any]:
        upload = self._upload(request)
        self._require(request, "complete", upload)
        parts = [upload.parts[part["PartNumber"]] for part in request["MultipartUpload"]["Parts"]]
        body = b"".join(parts)
        if request["ChecksumCRC32"] != crc32.to_base64(zlib.crc32(body)):
            raise refusal(400, "BadDigest")
        del self.uploads[request["UploadId"]]
        return self._store(upload.key, body, f"{_digest(body)}-{len(parts)}", upload.metadata)

    def abort_multipart_upload(self, **request: Any) -> dict[str, Any]:
        self._upload(request)
        del self.uploads[request["UploadId"]]
        return {}

    def _upload(self, request: dict[str, Any]) -> Upload:
        if request["UploadId"] not in self.uploads:
            raise refusal(404, "NoSuchUpload")
        return self.uploads[request["UploadId"]]

    def _find(self, request: dict[str, Any]) -> Version | None:
        if "VersionId" not in request:
            return self.stands(request["Key"])
        named = (each for each in self.versions[request["Key"]] if each.id == request["VersionId"])
        return next(named, None)

    def _require(self, request: dict[str, Any], what: str, upload: Upload | None) -> None:
        """Refuse a write whose condition does not hold."""
        stands = self.stands(request["Key"])
        asked = {name for name in ("IfMatch", "IfNoneMatch") if name in request}
        asked = {name for name in asked if f"{what} {name}" not in self.without}
        if "IfNoneMatch" in asked and stands is not None:
            raise refusal(412, "PreconditionFailed")
        if "IfMatch" in asked and stands is None:
            raise refusal(404, "NoSuchKey")
        if "IfMatch" in asked and stands is not None and stands.etag != request["IfMatch"]:
            raise refusal(412, "PreconditionFailed")
        if asked and "complete younger" not in self.without and _is_younger(stands, upload):
            raise refusal(409, "ConditionalRequestConflict")

    def _store(self, key: str, body: bytes, etag: str, metadata: dict[str, str]) -> dict[str, Any]:
        name = f"version-{self.requests}" if self.keeps_versions else None
        version = Version(body, etag, metadata, name, self.requests)
        self.versions[key].append(version)
        self.on_write()
        return self._answer(version)

    def _answer(self, version: Version) -> dict[str, Any]:
        named = {} if version.id is None else {"VersionId": version.id}
        return {"ETag": version.etag, **named}


def _is_younger(stands: Version | None, upload: Upload | None) -> bool:
    return stands is not None and upload is not None and stands.came > upload.opened


def _digest(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'
