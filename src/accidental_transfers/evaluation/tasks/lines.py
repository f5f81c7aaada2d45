"""What the scorecard asks of the three questions."""

from __future__ import annotations

from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.readings import Measure, Reading
from accidental_transfers.evaluation.tasks.how_much import (
    asked,
    divided_by_100,
    explained,
    shares_of_slips,
)
from accidental_transfers.evaluation.tasks.intervals import Figure
from accidental_transfers.evaluation.tasks.models import widest_sight
from accidental_transfers.evaluation.tasks.which_row import judged_model, share_of_best_dollars
from accidental_transfers.evaluation.tasks.whom import gain_of_ranker, nearest_share


def _reading(found: Figure) -> Reading:
    return Reading(found.value, {"from": found.low, "to": found.high})


def _found(data: Dataset, kind: str) -> Reading:
    return _reading(judged_model(data, kind, widest_sight(kind)).average_precision)


def _rule_dollars(data: Dataset, rule: str) -> Reading:
    return _reading(share_of_best_dollars(data)[rule])


def _explained(data: Dataset) -> Reading:
    found = asked(data)
    return Reading(float(explained(found).mean()), shares_of_slips(found))


def _divided(data: Dataset) -> float:
    return float(divided_by_100(asked(data)).mean())


MEASURES: dict[str, Measure] = {
    "found": _found,
    "rule_dollars": _rule_dollars,
    "whom_nearest": nearest_share,
    "whom_gain": gain_of_ranker,
    "slip_explained": _explained,
    "divided_by_100": _divided,
}
