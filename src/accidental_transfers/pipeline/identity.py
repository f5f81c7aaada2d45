"""What made the documents of a run: all of a run is made by the same."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

import accidental_transfers
from accidental_transfers.dataset.version import DATASET_VERSION
from accidental_transfers.errors import OtherCodeError

PACKAGE = Path(accidental_transfers.__file__).parent
SHAPES_A_SLICE = ("model", "spec", "dataset", "statistics")
"""The folders of the package on which a slice's text and counts depend."""
SOURCES_AND_FACTS = frozenset({".py", ".json", ".csv"})
SHOWN_DIGITS = 12
"""Digits of a digest in a message."""

VersionNumber = Annotated[str, Field(pattern=r"^\d+\.\d+")]
HexSha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

_DOCUMENT = ConfigDict(frozen=True, extra="forbid", strict=True)


class Versions(BaseModel):
    """Versions of the software."""

    model_config = _DOCUMENT

    accidental_transfers: VersionNumber = Field(description="Of this package.")
    numpy: VersionNumber = Field(description="The only one here that can change a byte.")
    python: VersionNumber = Field(description="Of the interpreter.")

    @classmethod
    def here(cls) -> Self:
        """The versions in this process."""
        return cls(
            accidental_transfers=accidental_transfers.__version__,
            numpy=np.__version__,
            python=platform.python_version(),
        )


class Identity(BaseModel):
    """What made a plan or a slice."""

    model_config = _DOCUMENT

    dataset_version: int = Field(ge=1, description="From 1.")
    code_sha256: HexSha256 = Field(description="Digest of the code and the facts.")
    versions: Versions

    @classmethod
    def here(cls) -> Self:
        """The identity of this process."""
        return cls(
            dataset_version=DATASET_VERSION,
            code_sha256=code_sha256(PACKAGE),
            versions=Versions.here(),
        )

    def require(self, wanted: Identity, owner: str) -> None:
        """Make sure that what this made has the bytes that `wanted` would make.

        Parameters
        ----------
        owner : str
            What this made, for the message.

        Raises
        ------
        OtherCodeError
            Naming the owner and everything that differs.
        """
        pairs = zip(self._shown().items(), wanted._shown().values(), strict=True)
        differences = [f"{what} {own}, not {other}" for (what, own), other in pairs if own != other]
        if differences:
            raise OtherCodeError(f"{owner} was made by {', '.join(differences)}: start a new run")

    def _shown(self) -> dict[str, str]:
        """Give what can change a byte."""
        return {
            "dataset version": str(self.dataset_version),
            "code and facts": self.code_sha256[:SHOWN_DIGITS],
            "numpy": self.versions.numpy,
        }


@cache
def code_sha256(package: Path) -> str:
    """Digest the code and the facts on which a slice depends: in hexadecimal, once a process.

    It is the same in a checkout and in what is deployed from it: line ends, bytecode and what else
    may lie in the folders do not count.

    Parameters
    ----------
    package : Path
        Folder of the package.
    """
    digest = hashlib.sha256()
    for file in sorted(_files(package)):
        text = (package / file).read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{file}\0{len(text)}\0".encode() + text)
    return digest.hexdigest()


def _files(package: Path) -> Iterator[str]:
    """Name what counts, with the folders below the package."""
    for folder in SHAPES_A_SLICE:
        for file in (package / folder).rglob("*"):
            if file.suffix in SOURCES_AND_FACTS and not file.name.startswith("."):
                yield file.relative_to(package).as_posix()


class _Signed(BaseModel):
    """A document of which only the identity can be read."""

    model_config = ConfigDict(extra="ignore", strict=True)

    identity: Identity


def require_own_code(document: bytes, owner: str) -> None:
    """Refuse a document that says that other code made it, whatever its shape.

    Parameters
    ----------
    document
        A JSON document that this code cannot read.
    owner : str
        What it is, for the message.

    Raises
    ------
    OtherCodeError
        If it has an identity, which is not this process's.
    """
    try:
        signed = _Signed.model_validate_json(document)
    except ValidationError:
        return
    signed.identity.require(Identity.here(), owner)
