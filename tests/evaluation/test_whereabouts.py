import pandas as pd
import pytest

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import Dataset, dataset
from accidental_transfers.evaluation.whereabouts import (
    MEASURES,
    Where,
    local_billers,
    served,
    transit_cards,
)
from tests.evaluation.foreign import foreign_frame, line_of, value

WHERE: Where = {
    "SDG&E": frozenset({"San Diego, CA"}),
    "FPL": frozenset({"Miami, FL", "Hialeah, FL"}),
    "AEP": frozenset({"OH"}),
    "IRS": frozenset({"US"}),
    "MTA OMNY": frozenset({"New York, NY"}),
    "SunPass": frozenset({"FL"}),
    "Amtrak": frozenset({"US"}),
    "Publix": frozenset({"FL", "GA"}),
    "Nowhere Power": frozenset(),
}
POWER = {"transaction_type": "Bank Transfer", "entity_type": "Utilities"}


def rows(count: int, customer: str, city: str | None, **values: object) -> list[dict[str, object]]:
    times = pd.date_range("2024-01-01", periods=count, freq="h")
    return [line_of(customer, str(time), city=city, **values) for time in times]


def built(*parts: list[dict[str, object]]) -> Dataset:
    return dataset(pd.DataFrame([line for part in parts for line in part]))


def test_a_power_company_of_the_home_state_is_local_even_if_the_city_is_not_its_own() -> None:
    data = built(
        rows(60, "a", "Stockton", recipient_entity="SDG&E", **POWER),
        rows(20, "b", "New York", recipient_entity="FPL", **POWER),
        rows(20, "c", "Miami", recipient_entity="Nowhere Power", **POWER),
        rows(50, "b", "New York", recipient_entity="IRS", entity_type="Taxes"),
        rows(50, "b", "New York", recipient_entity="Somebody Water", **POWER),
    )
    assert value(local_billers(data, WHERE)) == pytest.approx(0.6)
    assert value(served(data, WHERE)) == 0


def test_bills_are_paid_from_home_wherever_the_customer_is() -> None:
    data = built(
        rows(300, "a", "San Diego"), rows(100, "a", "Miami", recipient_entity="SDG&E", **POWER)
    )
    assert value(local_billers(data, WHERE)) == 1
    assert value(served(data, WHERE)) == 1


def test_a_city_without_its_state_may_be_any_of_its_name() -> None:
    data = built(rows(100, "a", "Columbus", recipient_entity="AEP", **POWER))
    assert value(local_billers(data, WHERE)) == 1


def test_a_citys_card_is_used_in_the_city() -> None:
    transit = {"entity_type": "Transit"}
    data = built(
        rows(70, "a", "New York", recipient_entity="MTA OMNY", **transit),
        rows(30, "a", "Newark", recipient_entity="MTA OMNY", **transit),
        rows(40, "b", "Newark", recipient_entity="SunPass", **transit),
        rows(40, "c", "Newark", recipient_entity="Amtrak", **transit),
    )
    assert transit_cards(data, WHERE) == pytest.approx(0.7)


def test_a_chain_is_met_where_it_has_shops() -> None:
    shop = {"entity_type": "Grocery", "recipient_entity": "Publix"}
    data = built(
        rows(90, "a", "Atlanta", **shop),
        rows(30, "a", "Chicago", **shop),
        rows(200, "b", "Chicago", recipient_entity="Amtrak"),
    )
    assert value(served(data, WHERE)) == pytest.approx(0.75)


def test_hotels_are_paid_away_and_groceries_bought_at_home() -> None:
    data = built(
        rows(200, "a", "Chicago", entity_type="Grocery"),
        rows(50, "a", "Miami", entity_type="Grocery"),
        rows(90, "a", "Miami", entity_type="Hotel"),
        rows(30, "a", "Chicago", entity_type="Hotel"),
        rows(40, "b", "Miami", entity_type="Hotel"),
        rows(60, "b", "Miami"),
        rows(9, "c", None, entity_type="Hotel"),
    )
    assert value(MEASURES["hotels_away"](data)) == pytest.approx(90 / 160)
    assert value(MEASURES["groceries_home"](data)) == pytest.approx(0.8)


def test_unknown_payees_and_cities_give_a_plain_reason() -> None:
    with pytest.raises(NotComputableError, match="0 rows of payees whose places are known"):
        served(dataset(foreign_frame()), WHERE)
    unknown_city = built(rows(200, "a", "Springfield", recipient_entity="Publix"))
    with pytest.raises(NotComputableError, match="0 rows of payees whose places are known"):
        served(unknown_city, WHERE)
    no_city = built(rows(200, "a", None, recipient_entity="Publix"))
    with pytest.raises(NotComputableError, match="0 rows of payees whose places are known"):
        served(no_city, WHERE)


@pytest.mark.parametrize("item", sorted(MEASURES))
def test_other_words_give_a_plain_reason(item: str) -> None:
    reasons = r"no unlabelled row|places are known|no model/data/billers_where\.json"
    with pytest.raises(NotComputableError, match=reasons):
        MEASURES[item](dataset(foreign_frame()))
