"""S3 as a lake needs it: tags, pages of a listing, days, and a lifecycle that expires by a tag."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

from moto.s3.models import s3_backends

from accidental_transfers.pipeline.parts import UNNAMED
from accidental_transfers.pipeline.storage import Bucket
from tests.protocol.invariants import KEYS
from tests.protocol.moto_s3 import ACCOUNT_ID, MotoS3, moto_s3
from tests.protocol.s3_model import S3, S3Model, refusal

PAGE = 5
"""Objects that a page lists."""
FOLDER = f"{KEYS.stem}/"
"""What the keys of a lake's files begin with."""


class LakeS3(S3):
    """What schedules of lakes need beside S3's operations.

    Attributes
    ----------
    today : int
        A day's number: the clock that a listing tells the time by.
    """

    def __init__(self, **rest: Any) -> None:
        super().__init__(**rest)
        self.today = 0
        self.came_on: dict[str, int] = {}

    def tag_of(self, key: str) -> str | None:
        """The tag of an object, as ``name=value``."""
        raise NotImplementedError

    def files(self) -> list[str]:
        """The keys of a lake's files."""
        raise NotImplementedError

    def expire(self) -> int:
        """Delete what has the tag and is older than a day, as the lifecycle does; say how many."""
        tagged = [
            key
            for key in self.files()
            if self.came_on[key] < self.today and self.tag_of(key) == UNNAMED
        ]
        for key in tagged:
            self.forget(key)
        self.on_write()
        return len(tagged)

    def _modified(self, key: str) -> datetime:
        return datetime.now(UTC) - timedelta(days=self.today - self.came_on.get(key, 0))


class LakeS3Model(LakeS3, S3Model):
    """The model of S3, with what a lake needs."""

    def __init__(self, *, keeps_versions: bool) -> None:
        super().__init__(keeps_versions=keeps_versions)
        self._tags: dict[str, str | None] = {}
        self._of_uploads: dict[str, str | None] = {}
        self._coming: str | None = None

    def tag_of(self, key: str) -> str | None:
        return self._tags.get(key)

    def files(self) -> list[str]:
        return [key for key, found in self.versions.items() if found and key.startswith(FOLDER)]

    def put_object(self, **request: Any) -> dict[str, Any]:
        self._coming = request.get("Tagging")
        return super().put_object(**request)

    def create_multipart_upload(self, **request: Any) -> dict[str, Any]:
        answer = super().create_multipart_upload(**request)
        self._of_uploads[answer["UploadId"]] = request.get("Tagging")
        return answer

    def complete_multipart_upload(self, **request: Any) -> dict[str, Any]:
        self._coming = self._of_uploads.get(request["UploadId"])
        return super().complete_multipart_upload(**request)

    def put_object_tagging(self, **request: Any) -> dict[str, Any]:
        (tag,) = request["Tagging"]["TagSet"]
        return self._tag(request["Key"], f"{tag['Key']}={tag['Value']}")

    def delete_object_tagging(self, **request: Any) -> dict[str, Any]:
        return self._tag(request["Key"], None)

    def list_objects_v2(self, **request: Any) -> dict[str, Any]:
        every = sorted(key for key, found in self.versions.items() if found)
        after = request.get("ContinuationToken", "")
        keys = [key for key in every if key.startswith(request["Prefix"]) and key > after]
        entries = [
            {
                "Key": key,
                "Size": len(self.versions[key][-1].body),
                "ETag": self.versions[key][-1].etag,
                "LastModified": self._modified(key),
            }
            for key in keys[:PAGE]
        ]
        rest = {"NextContinuationToken": keys[PAGE - 1]} if len(keys) > PAGE else {}
        return {"Contents": entries, "IsTruncated": bool(rest), **rest}

    def _tag(self, key: str, tag: str | None) -> dict[str, Any]:
        if self.stands(key) is None:
            raise refusal(404, "NoSuchKey")
        self._tags[key] = tag
        self.on_write()
        return {}

    def _store(self, key: str, body: bytes, etag: str, metadata: dict[str, str]) -> dict[str, Any]:
        self._tags[key], self.came_on[key] = self._coming, self.today
        return super()._store(key, body, etag, metadata)


class LakeMotoS3(LakeS3, MotoS3):
    """moto's S3, with days."""

    def __init__(self, bucket: Bucket) -> None:
        super().__init__(bucket=bucket)

    def tag_of(self, key: str) -> str | None:
        backend = s3_backends[ACCOUNT_ID]["aws"]
        stands = backend.get_bucket(self.bucket.name).keys[key]
        tags = backend.tagger.get_tag_dict_for_resource(stands.arn)
        return "&".join(f"{name}={value}" for name, value in tags.items()) or None

    def files(self) -> list[str]:
        every = s3_backends[ACCOUNT_ID]["aws"].get_bucket(self.bucket.name).keys
        return sorted(key for key in every if key.startswith(FOLDER))

    def list_objects_v2(self, **request: Any) -> Any:
        answer = self.bucket.client.list_objects_v2(**request, MaxKeys=PAGE)
        for entry in answer.get("Contents", []):
            entry["LastModified"] = self._modified(entry["Key"])
        return answer

    def put_object_tagging(self, **request: Any) -> Any:
        return self._changed(self.bucket.client.put_object_tagging, request)

    def delete_object_tagging(self, **request: Any) -> Any:
        return self._changed(self.bucket.client.delete_object_tagging, request)

    def _changed(self, operation: Callable[..., Any], request: dict[str, Any]) -> Any:
        answer = operation(**request)
        self.on_write()
        return answer

    def _came(self, request: dict[str, Any], answer: Any) -> Any:
        self.came_on[request["Key"]] = self.today
        return super()._came(request, answer)


@contextmanager
def lake_moto_s3(*, keeps_versions: bool) -> Iterator[LakeMotoS3]:
    """An empty bucket of moto's."""
    smallest = patch("moto.s3.models.S3_UPLOAD_PART_MIN_SIZE", 1)
    with smallest, moto_s3(keeps_versions=keeps_versions) as s3:
        yield LakeMotoS3(s3.bucket)
