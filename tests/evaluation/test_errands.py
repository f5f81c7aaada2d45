import pandas as pd
import pytest

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import Dataset, dataset
from accidental_transfers.evaluation.errands import MEASURES
from accidental_transfers.evaluation.readings import Reading
from tests.evaluation.foreign import foreign_frame, line_of, lines_on, quarter, value

SHELL = {"entity_type": "Gas Station", "recipient_entity": "Shell"}


def fills(customer: str, every: str, count: int, start: str = "2024-01-01") -> pd.DataFrame:
    times = pd.date_range(start, periods=count, freq=every)
    return pd.DataFrame([line_of(customer, str(time), **SHELL) for time in times])


def built(*frames: pd.DataFrame) -> Dataset:
    return dataset(pd.concat([pd.DataFrame(quarter()), *frames]))


def test_a_full_tank_is_not_filled_within_the_hour() -> None:
    data = built(fills("a", "6D", 15), fills("b", "30min", 91))
    assert value(MEASURES["refuelled_hour"](data)) == pytest.approx(90 / 104)


def test_those_who_refuel_least_have_one_car() -> None:
    """Eight with a fill every six days, twenty-four with two a day, and one who hardly drives."""
    few = [fills(f"few{number}", "6D", 15) for number in range(8)]
    many = [fills(f"many{number}", "12h", 180) for number in range(24)]
    found = MEASURES["refuelled_soon"](built(*few, *many, fills("walker", "1h", 3)))
    assert isinstance(found, Reading)
    assert found.value == 0
    soon = 24 * 179 + 2
    assert found.also["however many cars"] == pytest.approx(soon / (soon + 8 * 14))


def test_a_day_and_a_half_belongs_to_soon() -> None:
    frames = [fills(f"c{number}", "36h", 60) for number in range(4)]
    assert value(MEASURES["refuelled_soon"](built(*frames))) == 1


def test_nobody_drinks_coffee_for_more_than_500_dollars() -> None:
    lines = [
        *lines_on("a", ("2024-01-02", "2024-01-03"), entity_type="Coffee Shop", amount=500.0),
        *lines_on("a", ("2024-01-04",), entity_type="Fast Food", amount=500.01),
        *lines_on("a", ("2024-01-05",), entity_type="Restaurant", amount=900.0),
        *lines_on(
            "a",
            ("2024-01-06",),
            entity_type="Coffee Shop",
            amount=900.0,
            is_high_amount_accident=True,
        ),
    ]
    found = MEASURES["large_snacks"](dataset(pd.DataFrame(lines)))
    assert isinstance(found, Reading)
    assert (found.value, found.also["highest, dollars"]) == (1, 500.01)


@pytest.mark.parametrize("item", sorted(MEASURES))
def test_other_words_give_a_plain_reason(item: str) -> None:
    with pytest.raises(NotComputableError, match="no unlabelled row of entity type"):
        MEASURES[item](dataset(foreign_frame()))


def test_too_few_fills_give_a_plain_reason() -> None:
    with pytest.raises(NotComputableError, match="2 gaps between refuelling; at least 100"):
        MEASURES["refuelled_hour"](built(fills("a", "6D", 3)))
    with pytest.raises(NotComputableError, match="at least 100"):
        MEASURES["refuelled_soon"](built(fills("a", "80D", 2)))
