import numpy as np
import pandas as pd
import pytest

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import dataset
from accidental_transfers.evaluation.gaps import MEASURES, spike
from accidental_transfers.evaluation.readings import Reading
from tests.evaluation.foreign import line_of


def gaps(count: int = 4000) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Lognormal gaps as people make them: a median of 18 seconds."""
    return np.exp(np.random.default_rng(0).normal(np.log(18), 0.8, count)).round()


def test_an_unclipped_distribution_has_no_spike() -> None:
    times, _ = spike(gaps())
    assert times < 2


def test_a_clipped_one_has_its_edge() -> None:
    times, second = spike(np.minimum(gaps(), 39))
    assert second == 39
    assert times > 10


def test_few_gaps_are_no_spike() -> None:
    assert spike(np.full(29, 12.0)) == (0.0, -1)
    assert spike(np.full(30, 12.0)) == (30.0, 12)
    assert spike(np.array([np.nan, 7200.0])) == (0.0, -1)


def test_the_edge_of_a_kind_is_found_and_named() -> None:
    lines, truth = [], []
    for number in range(40):
        for position, second in ((1, 0), (2, 17)):
            name = f"{number}-{position}"
            when = pd.Timestamp("2024-01-01") + pd.Timedelta(hours=number, seconds=second)
            lines.append(line_of("a", str(when), transaction_id=name, amount=10 + number))
            truth.append(
                {"transaction_id": name, "kind": "honest_repeat", "group": f"{number}-1",
                 "position": str(position)}
            )  # fmt: skip
    found = MEASURES["gap_spikes"](dataset(pd.DataFrame(lines), pd.DataFrame(truth)))
    assert isinstance(found, Reading)
    assert found.value == 40
    assert "17 seconds apart" in found.note
    assert found.also["honest_repeat"] == 40


def test_too_few_gaps_are_said_to_be_too_few() -> None:
    with pytest.raises(NotComputableError, match="no second of a gap has 30 rows"):
        MEASURES["gap_spikes"](dataset(pd.DataFrame([line_of("a", "2024-01-01")])))
