"""Accidents against the honest payments that look like them: neither a coin toss nor a gift."""

from __future__ import annotations

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.baselines import BOOSTING
from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.kinds import lookalikes, rows_of
from accidental_transfers.evaluation.leaks import area
from accidental_transfers.evaluation.readings import Measure
from accidental_transfers.evaluation.sights import DAY, sights

FOLDS = 5
FEWEST = 50
"""Rows of each side: chance alone then moves an AUC by some 0.05 (one standard deviation)."""


def _told_apart(data: Dataset, kind: str) -> float:
    """Give the AUC of a boosted model, each customer judged by what others taught it."""
    honest_kinds = lookalikes().get(kind)
    if not honest_kinds:
        raise NotComputableError(f"nothing that looks like {kind} is registered")
    accident, honest = rows_of(data, kind), rows_of(data, *honest_kinds)
    for name, side in ((kind, accident), (" or ".join(honest_kinds), honest)):
        if (count := np.count_nonzero(side)) < FEWEST:
            raise NotComputableError(f"{count} rows of {name}; at least {FEWEST} are needed")
    rows = np.flatnonzero(accident | honest)
    columns = sights(data).columns(DAY, rows).drop(columns="customer")
    truth = accident[rows]
    fold = data.rows["customer"].to_numpy()[rows] % FOLDS
    score = np.full(len(rows), np.nan)
    with threadpool_limits(limits=1):
        for part in range(FOLDS):
            learn, judge = fold != part, fold == part
            if judge.any() and len(np.unique(truth[learn])) == 2:
                known = columns.loc[:, columns[learn].notna().any()]
                model = HistGradientBoostingClassifier(**BOOSTING)
                model.fit(known[learn], truth[learn])
                score[judge] = model.predict_proba(known[judge])[:, 1]
    judged = ~np.isnan(score)
    if len(np.unique(truth[judged])) < 2:
        raise NotComputableError(f"too few customers have {kind} and what looks like it")
    return area(score[judged & truth], score[judged & ~truth])


MEASURES: dict[str, Measure] = {"told_apart": _told_apart}
