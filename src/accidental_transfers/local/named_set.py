"""What a manifest names, for whoever reads a published set: its files, and what is said of each."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from accidental_transfers.errors import ManifestError

MANIFEST = ".manifest.json"
CHUNK = 2**20

_DOCUMENT = ConfigDict(frozen=True, extra="ignore", strict=True)


class NamedFile(BaseModel):
    """A file of the set, as the manifest names it.

    Attributes
    ----------
    crc32 : str
        Eight hexadecimal digits.
    version_id : str or None
        None in a bucket that keeps no versions, and as the ETag outside a bucket.
    rows : int or None
        None of the card.
    """

    model_config = _DOCUMENT

    key: str
    bytes: int
    crc32: str
    etag: str | None = None
    version_id: str | None = None
    rows: int | None = None

    @property
    def name(self) -> str:
        """The file's name, in whichever folder it is."""
        return self.key.rpartition("/")[2]

    def difference(self, size: int, crc32: str) -> str:
        """What differs between a file and what the manifest says of it; empty if nothing does."""
        if (size, crc32) == (self.bytes, self.crc32):
            return ""
        return (
            f"has {size:,} bytes and CRC32 {crc32}; the manifest says {self.bytes:,} bytes and "
            f"CRC32 {self.crc32}"
        )


class NamedMonth(BaseModel):
    """A month of a lake: its Parquet files by table."""

    model_config = _DOCUMENT

    tables: dict[str, list[NamedFile]]


class NamedPeople(BaseModel):
    """The Parquet files of a lake's customers."""

    model_config = _DOCUMENT

    files: list[NamedFile]


class NamedLake(BaseModel):
    """The Parquet files of a set."""

    model_config = _DOCUMENT

    months: dict[str, NamedMonth]
    customers: NamedPeople

    @property
    def all(self) -> dict[str, NamedFile]:
        """Every file, by its table, month and place."""
        files = {
            f"{table} {name} {place}": file
            for name, month in self.months.items()
            for table, files in month.tables.items()
            for place, file in enumerate(files)
        }
        people = enumerate(self.customers.files)
        return {**files, **{f"customers {place}": file for place, file in people}}


def measured(file: Path, *also: Callable[[bytes], object]) -> tuple[int, str]:
    """Give a file's size and its CRC32, as a manifest has them.

    Parameters
    ----------
    also
        Functions that get all of its bytes, too, in pieces.
    """
    size = crc32 = 0
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            crc32 = zlib.crc32(chunk, crc32)
            for take in also:
                take(chunk)
    return size, f"{crc32:08x}"


class NamedSet(BaseModel):
    """A set, as its manifest names it; what else a manifest says is left out.

    Attributes
    ----------
    run : str or None
        None of a set that was made without a bucket.
    """

    model_config = _DOCUMENT

    run: str | None = None
    files: dict[str, NamedFile]
    lake: NamedLake | None = None
    card: NamedFile

    @classmethod
    def parse(cls, text: bytes, place: str) -> Self:
        """Read a manifest.

        Parameters
        ----------
        place : str
            Where it is, for the message.

        Raises
        ------
        ManifestError
            Naming the first field that is missing or not acceptable.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            problem = error.errors()[0]
            field = ".".join(map(str, problem["loc"])) or "the document"
            raise ManifestError(
                f"{place} is no manifest of a set that was published as one: "
                f"{field}: {problem['msg']}"
            ) from error

    @property
    def all(self) -> dict[str, NamedFile]:
        """Every file but the manifest itself, by what it holds."""
        return {**self.files, **(self.lake.all if self.lake else {}), "card": self.card}

    def path(self, file: NamedFile) -> str:
        """Where a file is, beside the manifest: lakes are in folders."""
        folder, _, _ = self.card.key.rpartition("/")
        return file.key.removeprefix(f"{folder}/")


@dataclass(frozen=True)
class Finding:
    """What was found of one file.

    Attributes
    ----------
    place : str
        Path or address.
    problem : str
        What is wrong; empty if nothing is.
    remark : str
        What else is worth knowing.
    """

    what: str
    place: str
    problem: str
    remark: str = ""
