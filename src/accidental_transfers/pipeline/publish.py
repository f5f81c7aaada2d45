"""Publishing a set of objects as one: all of them are a run's, or the run says that they are not.

The steps, and why they hold, are in ``docs/decisions/one-set.md``.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from botocore.exceptions import ClientError

from accidental_transfers.errors import OutputExistsError, StorageUnavailableError
from accidental_transfers.pipeline import crc32
from accidental_transfers.pipeline.conditional import (
    REFUSALS,
    Condition,
    Written,
    only_over,
)
from accidental_transfers.pipeline.keys import OutputKeys
from accidental_transfers.pipeline.observability import logger
from accidental_transfers.pipeline.receipts import Ledger
from accidental_transfers.pipeline.register import Claim, Register, claim
from accidental_transfers.pipeline.run_plan import RunPlan
from accidental_transfers.pipeline.storage import (
    CSV,
    Bucket,
    ObjectHead,
    error_code,
)
from accidental_transfers.spec.files import CsvFile, Format

FORMAT = "format"
"""The metadata of a set that is not only CSV, by which a run knows what it would replace."""
USUAL: tuple[Format, ...] = ("csv",)


@dataclass(frozen=True)
class Publication:
    """An object to publish.

    Attributes
    ----------
    run : str
        The run that makes it; it goes into the object's metadata, as do the dataset version and
        the rows.
    size : int
        Bytes.
    crc32 : int
        Checksum of all its bytes, as `zlib.crc32` gives it.
    """

    key: str
    run: str
    dataset_version: int
    rows: int
    size: int
    crc32: int
    content_type: str
    formats: tuple[Format, ...] = USUAL

    @property
    def metadata(self) -> dict[str, str]:
        """What the object carries: by it, a run knows its own."""
        return {
            "run": self.run,
            "dataset-version": str(self.dataset_version),
            "rows": str(self.rows),
            **({} if self.formats == USUAL else {FORMAT: " ".join(self.formats)}),
        }

    def is_already(self, stored: ObjectHead) -> bool:
        """Whether an object that stands there is this one."""
        found = (stored.metadata.get("run"), stored.size, stored.crc32)
        return found == (self.run, self.size, crc32.to_base64(self.crc32))


def publication_of(file: CsvFile, plan: RunPlan, ledger: Ledger) -> Publication:
    """What a whole CSV file is to be published as."""
    return Publication(
        key=OutputKeys(plan.spec.output_key).of(file),
        run=plan.run,
        dataset_version=plan.identity.dataset_version,
        rows=ledger.rows(file),
        size=ledger.bytes(file),
        crc32=ledger.crc32(file),
        content_type=CSV,
    )


def publication_of_document(
    key: str, content_type: str, body: bytes, plan: RunPlan, ledger: Ledger
) -> Publication:
    """What a document about the dataset is to be published as."""
    return Publication(
        key=key,
        run=plan.run,
        dataset_version=plan.identity.dataset_version,
        rows=ledger.statistics.rows,
        size=len(body),
        crc32=zlib.crc32(body),
        content_type=content_type,
        formats=plan.spec.format,
    )


@dataclass(frozen=True)
class Output:
    """What stands at an output key: its register, and the objects of the set.

    Attributes
    ----------
    heads : Mapping of str to ObjectHead or None
        By key. They were looked at after the register was read: as long as the register is the
        same, no other run has begun to publish since.
    """

    bucket: Bucket
    keys: OutputKeys
    register: Register
    heads: Mapping[str, ObjectHead | None]

    @classmethod
    def look(cls, bucket: Bucket, output_key: str) -> Output:
        """Read the register, then look at the objects."""
        keys = OutputKeys(output_key)
        register = Register.read(bucket, keys)
        return cls(bucket, keys, register, {key: bucket.head(key) for key in keys.objects})

    @property
    def owner(self) -> str | None:
        """The run whose set stands there, or None if nothing does, or what dead runs left.

        Where the register says nothing, the manifest does: it was put last.
        """
        runs = {head.metadata.get("run") for head in self.heads.values() if head is not None}
        manifest = self.heads[self.keys.manifest]
        said = self.register.committed if self.register.entry else _run(manifest)
        return said if runs == {said} else None

    def require_free(self, run: str) -> None:
        """Make sure that a run replaces nothing but its own and what dead runs left.

        Raises
        ------
        OutputExistsError
            Naming the object and the run that made it.
        """
        for key, head in self.heads.items():
            if head is not None and _run(head) != run and self._counts(head):
                raise OutputExistsError(
                    f"{self.bucket.url(key)} exists, made by run {_run(head) or 'unknown'}; "
                    "with if_exists 'fail', allowed is an output_key where nothing stands"
                )

    def require_formats(self, formats: tuple[Format, ...]) -> None:
        """Make sure that a set keeps its formats: what the manifest no longer names would be lost.

        Raises
        ------
        OutputExistsError
            Saying which it has.
        """
        head = self.heads[self.keys.manifest]
        stands = " ".join(USUAL) if head is None else head.metadata.get(FORMAT, " ".join(USUAL))
        if head is not None and stands != " ".join(formats):
            raise OutputExistsError(
                f"{self.bucket.url(head.key)} is of a set in the format {stands}, not "
                f"{' '.join(formats)}; allowed is the same format, or another output_key"
            )

    def _counts(self, head: ObjectHead) -> bool:
        """Tell whether an object is somebody's, and not what a dead run left of a torn set."""
        nobody_began = self.register.entry is not None and self.register.publishing is None
        return nobody_began or _run(head) is None or self.owner is not None

    def claim(self, run: str) -> Turn:
        """Begin to publish a run's objects over what stands there.

        Raises
        ------
        StorageUnavailableError
            If another run has begun since this one looked.
        """
        committed = self.register.committed or self.owner
        made = claim(self.bucket, self.keys, self.register, run, committed)
        return Turn(made, self.heads)


@dataclass(frozen=True)
class Published:
    """An object of the set, and the version of it that is the run's.

    Attributes
    ----------
    version_id : str or None
        None in a bucket that keeps no versions.
    """

    publication: Publication
    etag: str
    version_id: str | None


@dataclass(frozen=True)
class Turn:
    """A run's turn at an output key: it claimed, and every object goes over the one that it saw."""

    claim: Claim
    heads: Mapping[str, ObjectHead | None]

    def publish(self, publication: Publication, write: Callable[[Condition], Written]) -> Published:
        """Publish an object, unless something came since the run looked.

        If the answer to a request gets lost, the client sends the request again, and the second
        attempt is refused because the first one succeeded.

        Parameters
        ----------
        write : callable
            Makes the object appear under a condition.

        Raises
        ------
        OutputContestedError
            If another run has claimed since.
        StorageUnavailableError
            If something else came, such as a late write of a run that had claimed before.
        """
        seen = self.heads[publication.key]
        try:
            written = write(only_over(seen.etag if seen else None))
        except ClientError as error:
            if error_code(error) not in REFUSALS:
                raise
            return self._own(publication, error)
        return Published(publication, written.etag, written.version_id)

    def _own(self, publication: Publication, refusal: ClientError) -> Published:
        """Find that what stands there is what was to be published."""
        bucket = self.claim.bucket
        stored = bucket.head(publication.key)
        if stored is None or not publication.is_already(stored):
            self.claim.require_held()
            raise StorageUnavailableError(
                f"{bucket.url(publication.key)} changed while run {publication.run} published"
            ) from refusal
        logger.info("published before", extra={"key": publication.key})
        return Published(publication, stored.etag, stored.version_id)

    def put(self, publication: Publication, body: bytes) -> Published:
        """Publish an object that fits one request; see `publish`."""

        def write(condition: Condition) -> Written:
            return self.claim.bucket.put(
                publication.key,
                body,
                publication.content_type,
                checksum=publication.crc32,
                metadata=publication.metadata,
                condition=condition,
            )

        return self.publish(publication, write)


def _run(head: ObjectHead | None) -> str | None:
    return head.metadata.get("run") if head is not None else None
