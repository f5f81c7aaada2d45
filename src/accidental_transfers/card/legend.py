"""What labels and kinds look like on the card, and what it says of them."""

from __future__ import annotations

from dataclasses import dataclass

from accidental_transfers.card.svg import Shape


@dataclass(frozen=True)
class Sign:
    """How a label is told apart.

    Attributes
    ----------
    marker
        The shape of its marks, so that colour is not all that tells them apart.
    light, dark
        Its colour on a light page and on a dark one, as CSS writes it.
    """

    marker: Shape
    light: str
    dark: str


SIGNS = {
    "burst": Sign("circle", "#c14d00", "#ff9a52"),
    "high_amount": Sign("triangle", "#a3318a", "#ef8fd6"),
    "mistyped": Sign("square", "#00795c", "#48cda4"),
}
"""By label, in the order of the dataset's columns."""

MEANINGS = {
    "duplicate": "The same payment confirmed twice or more, within seconds.",
    "split": "One purchase, split by a faulty reader; the parts add up to what was meant.",
    "card_test": "Small amounts in quick succession: somebody tests a stolen card.",
    "high_amount": "An amount far above the usual maximum of its type.",
    "mistyped": "One or two digits of the recipient's number wrong, or two swapped.",
    "honest_repeat": "The same again within moments, and meant so: two equal coffees.",
    "honest_large": "A real purchase far above the usual maximum.",
    "honest_neighbour": "A payment to somebody whose number is close to a known one.",
    "burst": "Several transactions within seconds.",
}
"""By kind; and by label, for a dataset whose kinds are not known."""
