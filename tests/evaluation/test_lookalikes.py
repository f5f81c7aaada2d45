import numpy as np
import pandas as pd
import pytest

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import Dataset, dataset
from accidental_transfers.evaluation.lookalikes import MEASURES
from tests.evaluation.foreign import foreign_frame, value


def marked(shift: float, each: int = 150) -> Dataset:
    """So many high amounts and honest large ones, apart by a shift of ln(amount)."""
    frame = foreign_frame()
    rows = frame.sample(2 * each, random_state=0).index
    struck = rows[:each]
    frame.loc[struck, "amount"] = (frame.loc[struck, "amount"] * np.exp(shift)).round(2)
    kind = ["high_amount"] * each + ["honest_large"] * each
    truth = pd.DataFrame({"transaction_id": frame.loc[rows, "transaction_id"], "kind": kind})
    return dataset(frame.assign(is_high_amount_accident=frame.index.isin(struck)), truth)


@pytest.mark.slow
def test_an_accident_that_is_its_lookalike_with_another_label_is_a_coin_toss() -> None:
    # 150 of each: chance moves the area by 0.03 (one standard deviation).
    assert value(MEASURES["told_apart"](marked(0), "high_amount")) == pytest.approx(0.5, abs=0.1)


@pytest.mark.slow
def test_an_accident_that_is_nothing_like_its_lookalike_is_told_apart() -> None:
    assert value(MEASURES["told_apart"](marked(6), "high_amount")) > 0.99


def test_what_is_few_or_has_nothing_like_it_is_not_judged() -> None:
    with pytest.raises(NotComputableError, match="20 rows of high_amount; at least 50 are needed"):
        MEASURES["told_apart"](marked(0, each=20), "high_amount")
    with pytest.raises(NotComputableError, match="nothing that looks like high_tide"):
        MEASURES["told_apart"](marked(0, each=20), "high_tide")
    with pytest.raises(NotComputableError, match="no row of the kind duplicate"):
        MEASURES["told_apart"](marked(0, each=20), "duplicate")
