"""What may come of a payment, in docs/outcomes.md."""

from __future__ import annotations

from accidental_transfers.local.documents.parts import table
from accidental_transfers.model.aftermath_tables import OUTCOME_MEANINGS


def parts() -> dict[str, str]:
    """Make every generated part, by its name."""
    rows = ((f"`{name}`", meaning) for name, meaning in OUTCOME_MEANINGS.items())
    return {"outcomes": table(("outcome", "meaning"), rows)}
