"""What labels and kinds look like on the card, and what it says of them."""

from __future__ import annotations

from accidental_transfers.model.accident import Accident
from accidental_transfers.model.accidents import ACCIDENTS, KINDS, usual_or_among
from accidental_transfers.statistics.statistics import Statistics

SIGNS = {accident.name: accident.look for accident in ACCIDENTS}
"""The marker and the colours of each label, in the order of the dataset's columns."""

MEANINGS = {
    **{
        accident.name: f"{accident.meaning[:1].upper()}{accident.meaning[1:]}."
        for accident in ACCIDENTS
    },
    **{kind.name: kind.meaning for kind in KINDS},
}
"""By kind; and by label, for a dataset whose kinds are not known."""


def accidents_of(facts: Statistics) -> tuple[Accident, ...]:
    """Give the accidents that are part of a dataset."""
    return usual_or_among(facts.by_label)
