"""The register of an output key: which run published there, and which one is publishing.

It changes by compare-and-swap alone. So the run that claimed last is the only one that can commit.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import uuid4

from botocore.exceptions import ClientError
from pydantic import BaseModel, ConfigDict, ValidationError

from accidental_transfers.errors import (
    AccidentalTransfersError,
    OutputContestedError,
    StorageUnavailableError,
    UnknownRunError,
)
from accidental_transfers.pipeline.conditional import REFUSALS, only_over
from accidental_transfers.pipeline.keys import OutputKeys
from accidental_transfers.pipeline.storage import (
    JSON,
    Bucket,
    error_code,
)


class Entry(BaseModel):
    """What the register says.

    Attributes
    ----------
    committed : str or None
        The run that published last.
    publishing : str or None
        The run that has been publishing since; where it died, the set is torn.
    nonce : str
        Whatever is written with it has an ETag of its own.
    retired : tuple of str
        Runs that publish nothing more: Parquet files of theirs that no manifest names may expire.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    committed: str | None
    publishing: str | None
    nonce: str
    retired: tuple[str, ...] = ()


@dataclass(frozen=True)
class Register:
    """The register of an output key as it was read.

    Attributes
    ----------
    entry : Entry or None
        None where there is none, or one that cannot be read: it then says nothing.
    etag : str or None
        None where there is none.
    """

    entry: Entry | None
    etag: str | None

    @classmethod
    def read(cls, bucket: Bucket, keys: OutputKeys) -> Register:
        """Read the register of an output key."""
        found = bucket.find_with_etag(keys.register)
        if found is None:
            return cls(None, None)
        body, etag = found
        try:
            return cls(Entry.model_validate_json(body), etag)
        except ValidationError:
            return cls(None, etag)

    @property
    def committed(self) -> str | None:
        """The run that published last, if the register knows."""
        return self.entry.committed if self.entry else None

    @property
    def publishing(self) -> str | None:
        """The run that has been publishing since."""
        return self.entry.publishing if self.entry else None

    @property
    def retired(self) -> tuple[str, ...]:
        """The runs that publish nothing more."""
        return self.entry.retired if self.entry else ()

    def require_in_use(self, run: str, url: str) -> None:
        """Make sure that a run may still publish.

        Raises
        ------
        UnknownRunError
            If its files were given up.
        """
        if run in self.retired:
            raise UnknownRunError(
                f"run {run} is over: its Parquet files were older than a day when another run "
                f"published at {url}, and expire; allowed is a new run with the same input"
            )


@dataclass(frozen=True)
class Claim:
    """A run's entry in the register: nobody else may commit until another run claims.

    Attributes
    ----------
    etag : str
        Of the entry in the register.
    """

    bucket: Bucket
    keys: OutputKeys
    entry: Entry
    etag: str

    @property
    def run(self) -> str:
        """The run that claimed."""
        return str(self.entry.publishing)

    def commit(self) -> None:
        """Say that the set is published.

        Raises
        ------
        OutputContestedError
            If another run has claimed since.
        StorageUnavailableError
            If another attempt at the same run has.
        """
        entry = self.entry.model_copy(update={"committed": self.run, "publishing": None})
        try:
            _write(self.bucket, self.keys, entry, self.etag)
        except ClientError as error:
            if error_code(error) not in REFUSALS:
                raise
            now = Register.read(self.bucket, self.keys)
            # The answer to an earlier attempt at this request may have been lost.
            if now.committed != self.run:
                raise self._not_held(now) from error

    def require_held(self) -> None:
        """Make sure that nobody has claimed since.

        Raises
        ------
        OutputContestedError
            Naming the run that has.
        StorageUnavailableError
            If it is another attempt at the same run.
        """
        now = Register.read(self.bucket, self.keys)
        if now.etag != self.etag:
            raise self._not_held(now)

    def _not_held(self, now: Register) -> AccidentalTransfersError:
        url, other = self.bucket.url(self.keys.dataset), now.publishing or now.committed
        if now.etag == self.etag or self.run in (now.committed, now.publishing):
            return StorageUnavailableError(
                f"{url}: another request of run {self.run} was under way at once"
            )
        return OutputContestedError(
            f"{url}: run {other or 'unknown'} began to publish while run {self.run} did, and the "
            "last to begin wins; allowed is one run at a time for an output key"
        )


def claim(
    bucket: Bucket, keys: OutputKeys, register: Register, run: str, committed: str | None
) -> Claim:
    """Enter a run that is about to publish.

    Parameters
    ----------
    register : Register
        As it was read before the run looked at what stands there.
    committed : str or None
        The run whose set stands there.

    Raises
    ------
    StorageUnavailableError
        If the register has changed since: what the run saw may be out of date.
    """
    entry = Entry(committed=committed, publishing=run, nonce=uuid4().hex, retired=register.retired)
    try:
        etag = _write(bucket, keys, entry, register.etag)
    except ClientError as error:
        if error_code(error) not in REFUSALS:
            raise
        now = Register.read(bucket, keys)
        # The answer to an earlier attempt at this request may have been lost.
        if now.entry != entry or now.etag is None:
            raise StorageUnavailableError(
                f"{bucket.url(keys.dataset)}: run {now.publishing or now.committed or 'unknown'} "
                f"began to publish before run {run} did"
            ) from error
        etag = now.etag
    return Claim(bucket, keys, entry, etag)


def retire(bucket: Bucket, keys: OutputKeys, register: Register, runs: Collection[str]) -> bool:
    """Have runs publish nothing more.

    Parameters
    ----------
    register : Register
        As it was read while nobody was publishing.

    Returns
    -------
    Whether it holds: not if the register has changed since, as one of them may be publishing.
    """
    if register.entry is None or set(runs) <= set(register.retired):
        return register.entry is not None
    # None is taken out again. The register is forgotten when it has not changed for some time, and
    # a plan is, that is older.
    changed = {"nonce": uuid4().hex, "retired": tuple(sorted({*register.retired, *runs}))}
    try:
        _write(bucket, keys, register.entry.model_copy(update=changed), register.etag)
    except ClientError as error:
        if error_code(error) not in REFUSALS:
            raise
        return False
    return True


def _write(bucket: Bucket, keys: OutputKeys, entry: Entry, over: str | None) -> str:
    body = entry.model_dump_json().encode()
    return bucket.put(keys.register, body, JSON, condition=only_over(over)).etag
