"""Facts of docs/model.md with their sources, as the files of facts name them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accidental_transfers.local.documents.parts import table
from accidental_transfers.model.accidents import ACCIDENTS
from accidental_transfers.model.facts.aftermath_files import KindEntry
from accidental_transfers.model.facts.obligation_files import Owed
from accidental_transfers.model.facts.reference import reference


def parts() -> dict[str, str]:
    """Make every generated part, by its name."""
    facts = reference()
    return {
        "transaction types": _transaction_types(),
        "obligations": _obligations(),
        "look-alikes": _lookalikes(),
        "noticed": _noticed(),
        "sources of obligations": _sources(facts.owed.sources),
        "sources of aftermath": _sources(facts.aftermath.sources),
    }


def _transaction_types() -> str:
    rows = (
        (each.name, f"{each.share:.3g}", f"{each.usual_maximum:,.0f}")
        for each in reference().transaction_types
    )
    return table(("transaction type", "share of payments", "usual maximum, dollars"), rows)


def _obligations() -> str:
    rows = (
        (
            each.name,
            each.entity_type,
            _listed(each.has),
            _listed(each.cadence),
            _amount(each.amount),
            "; ".join(f"{what}: {source}" for what, source in each.sources.items()),
        )
        for each in reference().owed.obligations
    )
    head = ("owed", "entity type", "who has it", "how often", "dollars", "sources")
    return table(head, rows)


def _listed(shares: Mapping[Any, float]) -> str:
    """Write shares by name: a name alone where it is all of them."""
    return ", ".join(name if share == 1 else f"{name} {share:g}" for name, share in shares.items())


def _amount(amount: Owed) -> str:
    if amount.prices:
        return "one of " + ", ".join(f"{price:g}" for price, _ in amount.prices)
    return f"{amount.median:g} (sigma {amount.sigma:g})"


def _lookalikes() -> str:
    rows = (
        (f"`{each.kind.name}`", f"`{each.resembles}`", f"{each.per_accident:g}")
        for accident in ACCIDENTS
        for each in accident.lookalikes
    )
    return table(("look-alike", "resembles", "for each such accident"), rows)


def _noticed() -> str:
    kinds = reference().aftermath.kinds
    rows = ((f"`{name}`", *_following(kind)) for name, kind in kinds.items())
    head = ("kind", "can be lost", "noticed by", "after, in the median", "sent again by")
    return table((*head, "source"), rows)


def _following(kind: KindEntry) -> tuple[str, ...]:
    noticed, again = kind.noticed, kind.sent_again
    return (
        kind.at_stake,
        f"{noticed.share:.3g}",
        f"{noticed.hours:g} h (sigma {noticed.sigma:g})",
        f"{again.share:.2g} of these" if again else "",
        noticed.source,
    )


def _sources(sources: Mapping[str, str]) -> str:
    return table(("name", "source"), ((f"`{name}`", text) for name, text in sources.items()))
