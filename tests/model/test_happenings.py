"""What happens to payments: nobody is struck twice, and who is struck is no longer free."""

from datetime import date

import numpy as np

from accidental_transfers.model.accidents import KIND_NAMES, LABEL_OF_KIND
from accidental_transfers.model.calendar import calendar
from accidental_transfers.model.happened import done
from accidental_transfers.model.happenings import happenings
from tests.model.lived import Lived
from tests.samples import PROBABILITIES, fixed


def test_who_is_struck_is_free_no_longer_and_nobody_else() -> None:
    """20 customers, where every other payment is free: some 800 accidents and look-alikes."""
    often = dict.fromkeys(PROBABILITIES, fixed(0.1))
    lived = Lived.of(customers=20, end_date="2024-01-31", lookalikes=4, **often)
    when = calendar(date(2024, 1, 1), 31)
    drawn = lived.life.payments
    free = np.arange(len(drawn)) % 2 == 0
    before = free.copy()
    _, truth = done(drawn, happenings(drawn, free, lived.customers, when))
    first = truth.row[truth.position == 1]
    assert len(first) == len(set(first.tolist())) > 500
    assert before[first].all()
    # Who buys nothing large where it is not sold has been chosen, and is free no longer either.
    assert not free[first].any()
    assert (before & ~free).sum() < 1.1 * len(first)
    accidents = np.array(LABEL_OF_KIND)[truth.kind] > 0
    assert len(set(truth.kind[accidents].tolist())) >= 4
    assert "honest_repeat" in {KIND_NAMES[kind] for kind in truth.kind[~accidents].tolist()}
