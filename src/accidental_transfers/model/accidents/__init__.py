"""Every accident there is: the files of this folder, in the order of their names.

A file defines one `ACCIDENT`. From it follow the spec's fields and presets, every customer's
parameters, the dataset's column, the kinds in the companion, what the card shows, the lines of the
scorecard, the manifest and its schema, and the tables in README.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from accidental_transfers.model.accident import Accident, Kind, Lookalike
from accidental_transfers.model.parameters import Parameter

ACCIDENTS: tuple[Accident, ...] = tuple(
    import_module(f"{__name__}.{module.name}").ACCIDENT
    for module in sorted(iter_modules(__path__), key=lambda module: module.name)
)
LABELS = tuple(accident.name for accident in ACCIDENTS)
"""Label n of a row, counted from 1, is that of accident n - 1; label 0 is none."""
LOOKALIKES: tuple[Lookalike, ...] = tuple(
    lookalike for accident in ACCIDENTS for lookalike in accident.lookalikes
)
SENT_AGAIN = Kind("sent_again", "The same amount, sent to who was meant after a mistake.")
KINDS: tuple[Kind, ...] = (
    *(kind for accident in ACCIDENTS for kind in accident.kinds),
    *(lookalike.kind for lookalike in LOOKALIKES),
    SENT_AGAIN,
)
"""What really happened: the accidents' kinds, the look-alikes', and what follows."""
KIND_NAMES = tuple(kind.name for kind in KINDS)
LABEL_OF_KIND: tuple[int, ...] = (
    *(label for label, accident in enumerate(ACCIDENTS, 1) for _ in accident.kinds),
    *(0 for _ in LOOKALIKES),
    0,
)
"""The label of each kind: look-alikes and what follows have none."""
MISDIRECTED: tuple[str, ...] = tuple(
    kind.name for accident in ACCIDENTS if accident.misdirects for kind in accident.kinds
)
"""The kinds that pay somebody who was not meant."""
PARAMETERS: tuple[Parameter, ...] = (
    *(accident.probability for accident in ACCIDENTS),
    *(parameter for accident in ACCIDENTS for parameter in accident.parameters),
)
"""What customers differ in, in the order of the spec's fields."""
FREQUENCIES: tuple[Parameter, ...] = tuple(each.frequency for each in LOOKALIKES)
"""How often people do what looks like each accident."""


def first_kind(accident: Accident) -> int:
    """Give the position of an accident's first kind."""
    return KINDS.index(accident.kinds[0])


def kind_code(name: str) -> int:
    """Give the position of a kind."""
    return KIND_NAMES.index(name)
