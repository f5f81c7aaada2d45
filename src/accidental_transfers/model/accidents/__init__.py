"""Every accident there is: the files of this folder, in the order of their names.

A file defines one `ACCIDENT`. From it follow the spec's fields and presets, every customer's
parameters, the dataset's column, the kinds in the companion, what the card shows, the lines of the
scorecard, the manifest and its schema, and the tables in README.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from functools import cache, lru_cache
from importlib import import_module
from pkgutil import iter_modules

from accidental_transfers.model.accident import Accident, Kind, Lookalike
from accidental_transfers.model.parameters import Parameter, Probability

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
PARAMETERS: tuple[Parameter, ...] = (
    *(accident.probability for accident in ACCIDENTS),
    *(parameter for accident in ACCIDENTS for parameter in accident.parameters),
)
"""What customers differ in, in the order of the spec's fields."""


def accidents_among(fields: Iterable[str]) -> tuple[Accident, ...]:
    """Choose the accidents whose probability is among some fields, as of `Customers.own`."""
    return _accidents_among(tuple(fields))


@lru_cache(maxsize=32)
def _accidents_among(fields: tuple[str, ...]) -> tuple[Accident, ...]:
    return tuple(each for each in ACCIDENTS if each.probability.field in fields)


@cache
def misdirecting(accidents: tuple[Accident, ...]) -> tuple[str, ...]:
    """Name the kinds of some accidents that pay somebody who was not meant."""
    return tuple(kind.name for each in accidents if each.misdirects for kind in each.kinds)


def usual_or_among(labels: Container[str]) -> tuple[Accident, ...]:
    """Choose the accidents that every dataset has, and the optional ones that labels name."""
    return tuple(each for each in ACCIDENTS if not each.is_optional or each.name in labels)


def parameters_of(accidents: Iterable[Accident]) -> tuple[Parameter, ...]:
    """Give what customers differ in where some accidents are part of a dataset."""
    fields = {
        parameter.field for each in accidents for parameter in (each.probability, *each.parameters)
    }
    return tuple(parameter for parameter in PARAMETERS if parameter.field in fields)


def frequencies_of(accidents: Iterable[Accident]) -> tuple[Probability, ...]:
    """Give how often people do what looks like some accidents."""
    return tuple(each.frequency for each in lookalikes_of(accidents))


def lookalikes_of(accidents: Iterable[Accident]) -> tuple[Lookalike, ...]:
    """Give what looks like some accidents."""
    return tuple(lookalike for each in accidents for lookalike in each.lookalikes)


def kind_names_of(accidents: Iterable[Accident]) -> tuple[str, ...]:
    """Name the kinds of some accidents, of what looks like them and follows, as `KINDS` does."""
    kinds = {kind for each in accidents for kind in each.kinds}
    kinds |= {each.kind for each in lookalikes_of(accidents)} | {SENT_AGAIN}
    return tuple(kind.name for kind in KINDS if kind in kinds)


def first_kind(accident: Accident) -> int:
    """Give the position of an accident's first kind."""
    return KINDS.index(accident.kinds[0])


def kind_code(name: str) -> int:
    """Give the position of a kind."""
    return KIND_NAMES.index(name)
