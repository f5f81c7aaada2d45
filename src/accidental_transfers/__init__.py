"""Realistic, synthetic, labelled consumer transactions with accidental transfers.

>>> from accidental_transfers import generate
>>> table = generate(customers=50, seed=7)
>>> frame = table.to_frame()
"""

from typing import TYPE_CHECKING, Any

from accidental_transfers.errors import SpecError
from accidental_transfers.spec import DatasetSpec

if TYPE_CHECKING:
    from accidental_transfers.dataset.generate import generate

__version__ = "0.1.0"
__all__ = ["DatasetSpec", "SpecError", "generate"]


def __getattr__(name: str) -> Any:
    # Planning and joining import this package too, and have no use for what makes rows.
    if name == "generate":
        from accidental_transfers.dataset.generate import generate

        return generate
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
