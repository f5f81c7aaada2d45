"""All that is asked of a dataset, answered: what the tables and the page show."""

from __future__ import annotations

from dataclasses import dataclass, field

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.kinds import MISDIRECTING, kinds
from accidental_transfers.evaluation.sights import sights
from accidental_transfers.evaluation.tasks.how_much import Amount, how_much
from accidental_transfers.evaluation.tasks.intervals import Figure
from accidental_transfers.evaluation.tasks.which_row import (
    Finder,
    rule_precisions,
    share_of_best_dollars,
    which_row,
)
from accidental_transfers.evaluation.tasks.whom import Answer, whom


@dataclass(frozen=True)
class Answers:
    """What every model and rule reaches, on the last third of a dataset's days.

    Attributes
    ----------
    test_days
        How many those are.
    which_row
        Which row is an accident.
    rules
        Average precision of every one-line rule, by rule and kind.
    dollars
        What rules for high amounts save, as share of what the best model saves.
    whom
        Whom they meant.
    amounts
        How much they meant.
    notes
        Why a question has no answer, by its name.
    """

    test_days: int
    which_row: list[Finder]
    rules: dict[str, dict[str, float]]
    dollars: dict[str, Figure]
    whom: list[Answer]
    amounts: list[Amount]
    notes: dict[str, str] = field(default_factory=dict)


WHICH, DOLLARS, WHOM, HOW_MUCH = "which row", "dollars", "whom", "how much"


def answers(data: Dataset) -> Answers:
    """Ask everything of a dataset; what is not computable is said in the notes."""
    notes: dict[str, str] = {}
    dollars: dict[str, Figure] = {}
    amounts: list[Amount] = []
    found: list[Answer] = []
    try:
        dollars = share_of_best_dollars(data)
    except NotComputableError as error:
        notes[DOLLARS] = str(error)
    for kind in [kind for kind in MISDIRECTING if kind in kinds(data)]:
        try:
            found += whom(data, kind)
        except NotComputableError as error:
            notes[f"{WHOM}: {kind}"] = str(error)
    try:
        amounts = how_much(data)
    except NotComputableError as error:
        notes[HOW_MUCH] = str(error)
    test = ~sights(data).split.train
    return Answers(
        test_days=int(data.rows["day"][test].nunique()),
        which_row=list(which_row(data)),
        rules=rule_precisions(data),
        dollars=dollars,
        whom=found,
        amounts=amounts,
        notes=notes,
    )
