"""How many times the usual maximum of its transaction type an amount is."""

from __future__ import annotations

import numpy as np

from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.model.arrays import Float
from accidental_transfers.model.facts.reference import reference

USUAL = 0.99
"""Of an unknown transaction type the usual maximum is this quantile, labels unknown."""


def multiples(data: Dataset) -> Float:
    """Give each row's amount over the usual maximum of its transaction type: (rows,)."""
    rows = data.rows
    known = {type_.name: type_.usual_maximum for type_ in reference().transaction_types}
    amount, code = rows["amount"].to_numpy(), rows["type"].cat.codes.to_numpy()
    maxima = [
        known.get(name) or float(np.quantile(amount[code == number], USUAL))
        for number, name in enumerate(rows["type"].cat.categories)
    ]
    return amount / np.maximum(np.array(maxima), 0.01)[code]
