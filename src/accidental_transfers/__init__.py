"""Realistic, synthetic, labelled consumer transactions with accidental transfers.

>>> from accidental_transfers import features_and_labels, generate
>>> table = generate(customers=50, seed=7)
>>> frame = table.to_frame()
>>> features, labels = features_and_labels(table)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from accidental_transfers.errors import AccidentalTransfersError, SpecError

if TYPE_CHECKING:
    from accidental_transfers.dataset.generate import generate
    from accidental_transfers.dataset.table import Table
    from accidental_transfers.evaluation.learning import features_and_labels
    from accidental_transfers.spec import DatasetSpec

__version__ = "0.1.0"
__all__ = [
    "AccidentalTransfersError",
    "DatasetSpec",
    "SpecError",
    "Table",
    "features_and_labels",
    "generate",
]

# Planning and joining import this package too, and have no use for what makes rows. And whoever
# starts the command and presses Ctrl-C at once has imported nothing yet that takes time.
_HOMES = {
    "DatasetSpec": "spec",
    "Table": "dataset.table",
    "features_and_labels": "evaluation.learning",
    "generate": "dataset.generate",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
