"""Packages that only some subcommands need, and that may not be installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from accidental_transfers.errors import MissingDependencyError

OPTIONAL_PACKAGES = {"scipy", "sklearn", "threadpoolctl"}


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
        if error.name is None or error.name.split(".")[0] not in OPTIONAL_PACKAGES:
            raise
        raise MissingDependencyError(
            f"{error.name} is not installed; evaluating needs SciPy and scikit-learn: "
            "pip install 'accidental-transfers[evaluate]'"
        ) from error
