"""What labels and kinds look like on the card, and what it says of them."""

from __future__ import annotations

from accidental_transfers.model.accidents import ACCIDENTS, KINDS

SIGNS = {accident.name: accident.look for accident in ACCIDENTS}
"""The marker and the colours of each label, in the order of the dataset's columns."""

CALLED = tuple(accident.called for accident in ACCIDENTS)
"""What labelled payments are called in a sentence."""

MEANINGS = {
    **{
        accident.name: f"{accident.meaning[:1].upper()}{accident.meaning[1:]}."
        for accident in ACCIDENTS
    },
    **{kind.name: kind.meaning for kind in KINDS},
}
"""By kind; and by label, for a dataset whose kinds are not known."""
