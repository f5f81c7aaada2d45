import numpy as np
import pandas as pd
import pytest

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import dataset
from accidental_transfers.evaluation.hunt import MEASURES, best_precision
from accidental_transfers.evaluation.readings import Reading
from accidental_transfers.evaluation.two_conditions import (
    MEASURES as CONDITIONS,
)
from accidental_transfers.evaluation.two_conditions import best_two_conditions
from tests.evaluation.foreign import foreign_frame, line_of

HIGH = "is_high_amount_accident"
CARD_MAXIMUM = 480.0  # entity_types.json: usual_maximum of credit cards


def read(found: float | Reading) -> Reading:
    assert isinstance(found, Reading)
    return found


def test_the_best_precision_is_that_of_a_threshold_with_enough_recall() -> None:
    truth = np.array([True, False, True, True, False, True] + [False] * 4)
    falling = -np.arange(10.0)
    assert best_precision(truth, falling) == (0.75, 0.75)
    few = np.where(np.arange(10) < 1, 1.0, -np.inf)  # right, but one of four is no more than .25
    assert best_precision(truth, few) == (0.0, 0.0)
    tied = np.zeros(10)
    assert best_precision(truth, tied) == (0.4, 1.0)


def high_amounts(spread: float) -> pd.DataFrame:
    """Each of 25 customers has 6 high amounts around a multiple of its own, and honest ones."""
    frame, chance = foreign_frame(types=("Credit Card",)), np.random.default_rng(3)
    own = dict(zip(sorted(frame["customer_id"].unique()), chance.uniform(2.5, 4, 25), strict=True))
    struck = frame.groupby("customer_id").sample(6, random_state=1).index
    honest = frame.drop(index=struck).sample(300, random_state=2).index
    jitter = 1 + spread * chance.uniform(-1, 1, len(struck))
    multiple = frame.loc[struck, "customer_id"].map(own) * jitter
    frame.loc[struck, "amount"] = (CARD_MAXIMUM * multiple).round(2)
    frame.loc[honest, "amount"] = (CARD_MAXIMUM * chance.uniform(2.2, 8, 300)).round(2)
    return frame.assign(**{HIGH: frame.index.isin(struck)})


def test_a_multiple_that_is_a_fingerprint_is_found_and_a_wide_one_is_not() -> None:
    """150 high amounts beside 300 honest ones."""
    same = read(MEASURES["clusters_of_multiples"](dataset(high_amounts(0.005))))
    assert same.value > 0.8
    wide = read(MEASURES["clusters_of_multiples"](dataset(high_amounts(0.35))))
    assert wide.value < 0.65


def bursts(
    labelled: bool = True, second: int = 5, amounts: tuple[float, ...] = (3, 4)
) -> list[dict[str, object]]:
    """Sixty times some charges within seconds, by ten customers."""
    lines = []
    for number in range(60):
        for position, amount in enumerate(amounts):
            day = pd.Timestamp("2024-01-01") + pd.Timedelta(days=number + 100 * (not labelled))
            lines.append(
                line_of(
                    f"c{number % 10}",
                    str(day + pd.Timedelta(seconds=second * position)),
                    amount=float(amount),
                    is_accident_burst=labelled,
                )
            )
    return lines


def test_patterns_within_seconds_are_found_where_no_honest_ones_are() -> None:
    data = dataset(pd.DataFrame(bursts()))
    for pattern in ("different amounts to one recipient", "charges of up to 5 dollars"):
        assert read(MEASURES["within_seconds"](data, pattern)).value == 1
    both = dataset(pd.DataFrame(bursts() + bursts(labelled=False)))
    for pattern in ("different amounts to one recipient", "charges of up to 5 dollars"):
        found = read(MEASURES["within_seconds"](both, pattern))
        assert found.value == 0.5
        assert found.also["recall"] == 1


def test_what_is_slower_larger_or_equal_is_no_pattern() -> None:
    slow = read(MEASURES["within_seconds"](
        dataset(pd.DataFrame(bursts(second=31))), "charges of up to 5 dollars"
    ))  # fmt: skip
    assert slow.value == 0
    assert "no threshold finds more than 25%" in slow.note
    large = dataset(pd.DataFrame(bursts(amounts=(30, 40))))
    assert read(MEASURES["within_seconds"](large, "charges of up to 5 dollars")).value == 0
    equal = dataset(pd.DataFrame(bursts(amounts=(3, 3))))
    assert read(MEASURES["within_seconds"](equal, "different amounts to one recipient")).value == 0


def near_payees(honest: int) -> pd.DataFrame:
    """Sixty mistyped numbers, each near a known one and paid once; and honest ones like them."""
    lines = []
    for number in range(60):
        customer, known = f"c{number}", f"user_{number:02d}1234"
        lines += [line_of(customer, f"2024-01-0{day}", recipient_entity=known) for day in (1, 2)]
        wrong = known[:-1] + "5"
        lines.append(
            line_of(customer, "2024-01-03", recipient_entity=wrong,
                    original_recipient_entity=known, is_mistyped_entity_accident=True)
        )  # fmt: skip
        lines += [
            line_of(customer, f"2024-01-{other + 4:02d}", recipient_entity=f"{known[:-1]}{other}")
            for other in range(honest)
        ]
    return pd.DataFrame(lines)


def test_a_payee_paid_once_near_another_gives_mistyped_away_unless_honest_ones_do() -> None:
    assert read(MEASURES["paid_once_near"](dataset(near_payees(honest=0)))).value == 1
    assert read(MEASURES["paid_once_near"](dataset(near_payees(honest=3)))).value == 0.25


def test_too_few_accidents_are_no_evidence() -> None:
    data = dataset(near_payees(honest=0).head(60))
    with pytest.raises(NotComputableError, match="20 rows of mistyped; at least 50 are needed"):
        MEASURES["paid_once_near"](data)


def test_all_pairs_of_conditions_are_tried() -> None:
    """Accidents are where one column is low and the other is known: no single one tells."""
    chance = np.random.default_rng(0)
    columns = pd.DataFrame({"noise": chance.random(4000), "low": chance.random(4000),
                            "known": chance.random(4000)})  # fmt: skip
    columns.loc[chance.random(4000) < 0.9, "known"] = np.nan
    accident = (columns["low"] < 0.2).to_numpy() & columns["known"].notna().to_numpy()
    best = best_two_conditions(columns, accident, 1, 0.25)
    assert best is not None
    assert best.precision > 0.95
    assert {condition.column for condition in best.conditions} == {"low", "known"}
    one, two = best.conditions
    named = one.holds(columns) & two.holds(columns)
    assert accident[named].mean() == pytest.approx(best.precision)
    heavier = best_two_conditions(columns, accident, 10, 0.25)
    assert heavier is not None
    assert heavier.precision <= best.precision


@pytest.mark.slow
def test_two_conditions_that_find_an_accident_are_named() -> None:
    frame = high_amounts(0.3)
    honest = frame.loc[~frame[HIGH], "amount"].clip(upper=2.3 * CARD_MAXIMUM)
    frame["amount"] = frame["amount"].where(frame[HIGH], honest)
    data = dataset(frame)
    found = read(CONDITIONS["two_conditions"](data, "high_amount"))
    assert found.value > 0.9
    assert "amount >" in found.note
    chance = np.random.default_rng(4).random(len(frame)) < 0.03
    random = dataset(frame.assign(**{HIGH: chance}))
    nothing = read(CONDITIONS["two_conditions"](random, "high_amount"))
    assert nothing.value < 0.15
