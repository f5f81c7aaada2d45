"""What the tests of accidents share: rows of a kind, and whether an accident strikes as asked."""

import pandas as pd

from accidental_transfers.model.accident import Accident
from accidental_transfers.model.facts.reference import reference
from tests.samples import Dataset


def payments(sample: Dataset) -> pd.DataFrame:
    """What customers meant to pay: every row but the extra ones of accidents."""
    extra = sample.accidents.loc[sample.accidents["position"] > 1, "transaction_id"]
    return sample.rows[~sample.rows["transaction_id"].isin(extra)]


def of_kind(sample: Dataset, kind: str) -> pd.DataFrame:
    """The rows of a kind of accident or look-alike, with the truth about them."""
    return sample.truth[sample.truth["kind"] == kind]


def check_strikes_as_asked(sample: Dataset, accident: Accident, least: int = 200) -> None:
    """Hold an accident to each customer's own probability, and to where it can happen.

    Chi-square over customers: its mean is their number, its sd the root of twice that.
    ``least`` is how many accidents there must be for that to tell anything.
    """
    can = dict(zip([each.name for each in reference().entity_types], accident.readiness() > 0,
                   strict=True))  # fmt: skip
    rows = payments(sample)
    possible = rows["entity_type"].map(can)
    assert not rows.loc[~possible, accident.column].any()
    rows = rows[possible]
    chance = sample.customers[accident.probability.field]
    tried = rows.groupby("customer_id").size().reindex(chance.index, fill_value=0)
    struck = rows.groupby("customer_id")[accident.column].sum()
    struck = struck.reindex(chance.index, fill_value=0)
    expected = tried * chance
    chi_square = ((struck - expected) ** 2 / (expected * (1 - chance))).sum()
    freedom = len(chance)
    # A rare accident's counts have somewhat longer tails than chi-square's.
    assert abs(chi_square - freedom) < 5 * (2 * freedom) ** 0.5
    assert abs(struck.sum() - expected.sum()) < 4 * expected.sum() ** 0.5
    assert expected.sum() > least
