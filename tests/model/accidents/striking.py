"""What the tests of accidents share: rows of a kind, and whether an accident strikes as asked."""

import numpy as np
import pandas as pd

from accidental_transfers.model.accident import Accident
from accidental_transfers.model.accidents import first_kind
from accidental_transfers.model.haste import hurry
from accidental_transfers.model.slips import Slip
from tests.model.lived import Lived
from tests.samples import FOLLOW_UP, Dataset


def payments(sample: Dataset) -> pd.DataFrame:
    """What customers meant to pay: every row but the extra ones, and what is sent again."""
    truth = sample.truth
    accidents = ~truth["kind"].isin(sample.lookalikes["kind"].unique())
    added = truth[(accidents & (truth["position"] > 1)) | (truth["kind"] == FOLLOW_UP)]
    return sample.rows[~sample.rows["transaction_id"].isin(added["transaction_id"])]


def of_kind(sample: Dataset, kind: str) -> pd.DataFrame:
    """The rows of a kind of accident or look-alike, with the truth about them."""
    return sample.truth[sample.truth["kind"] == kind]


def expected_and_struck(lived: Lived, accident: Accident) -> tuple[np.ndarray, np.ndarray]:
    """How many payments of each customer an accident should strike, and how many it does.

    By the customer's own probability, by where it can happen, by the payment's weight and by
    haste; of the three that exclude each other, never above a quarter. A payment in forty is a
    look-alike's, which is not struck.
    """
    drawn, customers = lived.life.payments, lived.customers
    rows = np.arange(len(drawn))
    chance = customers.own[accident.probability.field][drawn.customer]
    chance = chance * accident.readiness()[drawn.entity]
    chance *= hurry(drawn, rows, customers, lived.when)
    if accident.weigh:
        chance *= accident.weigh(drawn, customers, rows)
    chance = np.minimum(chance, 1 if accident.quarter is None else 0.25)
    chance[: len(lived.life.met)][lived.life.met.is_near] = 0
    truth = lived.truth
    kinds = first_kind(accident) + np.arange(len(accident.kinds))
    first = np.isin(truth.kind, kinds) & (truth.position == 1)
    # A wrong number that is picked again was not struck anew.
    first &= ~(lived.is_kind("mistyped") & (truth.slip == Slip.NONE))
    struck = drawn.customer[truth.row[first]]
    people = len(customers)
    return (
        np.bincount(drawn.customer, chance, minlength=people),
        np.bincount(struck, minlength=people),
    )


def check_strikes_as_asked(lived: Lived, accident: Accident, least: int = 100) -> None:
    """Hold an accident to what each customer's payments are to suffer.

    Chi-square over customers: its mean is their number, its sd the root of twice that.
    ``least`` is how many accidents there must be for that to tell anything.
    """
    expected, struck = expected_and_struck(lived, accident)
    some = expected > 0.05
    assert struck[expected == 0].sum() == 0
    chi_square = ((struck - expected)[some] ** 2 / expected[some]).sum()
    freedom = np.count_nonzero(some)
    # A rare accident's counts have somewhat longer tails than chi-square's.
    assert abs(chi_square - freedom) < 5 * (2 * freedom) ** 0.5
    assert abs(struck.sum() - expected.sum()) < 4 * expected.sum() ** 0.5
    assert expected.sum() > least
