"""What each error means, in docs/troubleshooting.md, before the words on what to do."""

from __future__ import annotations

import inspect

from accidental_transfers import errors
from accidental_transfers.errors import AccidentalTransfersError


def parts() -> dict[str, str]:
    """Make every generated part, by its name."""
    return {name: _meaning(error) for name, error in every_error().items()}


def every_error() -> dict[str, type[AccidentalTransfersError]]:
    """Give the errors by name, in the order of their file."""
    found = (each for each in vars(errors).values() if inspect.isclass(each))
    return {each.__name__: each for each in found if issubclass(each, AccidentalTransfersError)}


def _meaning(error: type[AccidentalTransfersError]) -> str:
    text, _, _ = inspect.cleandoc(error.__doc__ or "").partition("\nExamples\n")
    return " ".join(text.split()).replace("`", "")
