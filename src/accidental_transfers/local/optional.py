"""Packages that only some subcommands need, and that may not be installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from accidental_transfers.errors import MissingDependencyError

_EVALUATE = "evaluating needs SciPy and scikit-learn: pip install 'accidental-transfers[evaluate]'"
_S3 = "reading a bucket needs boto3: pip install boto3"
_EMBEDDED_AWS = "--local works where `make run` does, in a checkout"
OPTIONAL_PACKAGES = {
    "scipy": _EVALUATE,
    "sklearn": _EVALUATE,
    "threadpoolctl": _EVALUATE,
    "boto3": _S3,
    "botocore": _S3,
    "moto": _EMBEDDED_AWS,
    "samtranslator": _EMBEDDED_AWS,
}
"""What each is for, and how to install it."""


@contextmanager
def naming_missing_packages() -> Iterator[None]:
    """Say how to install an optional package that an import does not find.

    Raises
    ------
    MissingDependencyError
        If one of `OPTIONAL_PACKAGES` is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").split(".")[0]
        if package not in OPTIONAL_PACKAGES:
            raise
        raise MissingDependencyError(
            f"{error.name} is not installed; {OPTIONAL_PACKAGES[package]}"
        ) from error
