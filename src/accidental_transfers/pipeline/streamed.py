"""An object that is written piece by piece, while memory holds one piece of it."""

from __future__ import annotations

import hashlib
import io
import zlib
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from accidental_transfers.errors import DamagedPartError, StorageUnavailableError
from accidental_transfers.pipeline import crc32
from accidental_transfers.pipeline.conditional import REFUSALS, Condition, Written, only_over
from accidental_transfers.pipeline.multipart import MultipartUpload
from accidental_transfers.pipeline.storage import Bucket, error_code

PIECE_BYTES = 8 * 2**20
"""Above the 5 MiB that S3 asks of all parts but the last; 10,000 of them are 78 GiB."""


@dataclass(frozen=True)
class Streamed:
    """What was written.

    Attributes
    ----------
    size : int
        Bytes.
    crc32 : int
        As `zlib.crc32` gives it.
    """

    size: int
    crc32: int
    sha256: str
    written: Written


class StreamedObject(io.RawIOBase):
    """A stream into the bucket: the object appears whole when it is finished, or not at all.

    What stands there already stays as it is: a late attempt at work that was done and published
    touches nothing, whatever its bytes.
    """

    def __init__(self, bucket: Bucket, key: str, content_type: str, tagging: str) -> None:
        self._bucket, self._key = bucket, key
        self._content_type, self._tagging = content_type, tagging
        self._held = bytearray()
        self._upload: MultipartUpload | None = None
        self._size = self._crc32 = self._pieces = 0
        self._sha256 = hashlib.sha256()

    def writable(self) -> bool:
        """Tell that it is written to."""
        return True

    def tell(self) -> int:
        """Bytes so far."""
        return self._size

    def write(self, content: Any, /) -> int:
        """Take bytes, and send all whole pieces that there are."""
        given = memoryview(content).cast("B")
        self._held += given
        self._size += len(given)
        self._crc32 = zlib.crc32(given, self._crc32)
        self._sha256.update(given)
        while len(self._held) >= PIECE_BYTES:
            self._send(bytes(self._held[:PIECE_BYTES]))
            del self._held[:PIECE_BYTES]
        return len(given)

    def _send(self, piece: bytes) -> None:
        if self._upload is None:
            self._upload = MultipartUpload.opened(
                self._bucket, self._key, self._content_type, {}, self._tagging
            )
        self._pieces += 1
        self._upload.put(self._pieces, piece)

    def finish(self) -> Streamed:
        """Make the object appear.

        Raises
        ------
        DamagedPartError
            If other bytes stand there.
        StorageUnavailableError
            If another attempt writes it at the same time.
        """
        if self._upload is not None and self._held:
            self._send(bytes(self._held))
        written = self._written()
        return Streamed(self._size, self._crc32, self._sha256.hexdigest(), written)

    def _written(self) -> Written:
        try:
            return self._appear(only_over(None))
        except ClientError as error:
            if error_code(error) not in REFUSALS:
                raise
        self.give_up()
        return self._standing()

    def _standing(self) -> Written:
        """Find that what stands there is what was to appear."""
        stands, url = self._bucket.head(self._key), self._bucket.url(self._key)
        if stands is None:
            raise StorageUnavailableError(f"{url} was written by another attempt at once")
        if (stands.size, stands.crc32) != (self._size, crc32.to_base64(self._crc32)):
            raise DamagedPartError(
                f"{url} has other bytes than this slice, such as another version of pyarrow gives; "
                "they stay, because a manifest may name them: allowed is a run of another name"
            )
        return Written(stands.etag, stands.version_id)

    def _appear(self, condition: Condition) -> Written:
        if self._upload is not None:
            return self._upload.complete(self._size, checksum=self._crc32, condition=condition)
        return self._bucket.put(
            self._key,
            bytes(self._held),
            self._content_type,
            checksum=self._crc32,
            tagging=self._tagging,
            condition=condition,
        )

    def give_up(self) -> None:
        """Have S3 forget what it has of an object that will not become whole."""
        if self._upload is not None:
            self._upload.abort()
