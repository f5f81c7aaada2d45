from collections.abc import Callable, Iterable

import pandas as pd
import pytest

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import Dataset, dataset
from accidental_transfers.evaluation.household import MEASURES
from accidental_transfers.evaluation.readings import Reading
from tests.evaluation.foreign import foreign_frame, lines_on, quarter, value

Lines = list[dict[str, object]]

FIRSTS = ("2024-01-01", "2024-02-01", "2024-03-01")
RENT = {"transaction_type": "Bank Transfer", "entity_type": "Rent", "recipient_entity": "user_1"}
LOAN = {"transaction_type": "Bank Transfer", "entity_type": "Loan Payment"}
CUSTOMERS = 40


def built(lines: Lines) -> Dataset:
    return dataset(pd.DataFrame(quarter() + lines))


def of_everybody(one: Callable[[int], Lines], customers: int = CUSTOMERS) -> Lines:
    return [line for number in range(customers) for line in one(number)]


def bills(dates: Iterable[str], customers: int = CUSTOMERS, /, **values: object) -> Lines:
    return of_everybody(lambda number: lines_on(f"c{number}", dates, **values), customers)


def reading(item: str, data: Dataset) -> Reading:
    found = MEASURES[item](data)
    assert isinstance(found, Reading)
    return found


def test_a_home_is_paid_once_a_month() -> None:
    lines = [
        *lines_on("tenant", FIRSTS, **RENT),
        *lines_on("late", ("2024-01-01", "2024-03-01", "2024-03-02"), **RENT),
        *lines_on("owner", FIRSTS, recipient_entity="Chase Mortgage", **LOAN),
        *lines_on("driver", FIRSTS[:1], recipient_entity="Toyota Financial", **LOAN),
    ]
    found = reading("one_home_payment", built(lines))
    assert found.value == pytest.approx(7 / 9)
    assert found.also == pytest.approx({"none": 1 / 9, "two or more": 1 / 9})


def test_an_accident_is_no_payment_of_a_home() -> None:
    again = lines_on("a", ("2024-01-02",), is_accident_burst=True, **RENT)
    lines = lines_on("a", FIRSTS, **RENT) + again
    assert value(MEASURES["one_home_payment"](built(lines))) == 1


@pytest.mark.parametrize(
    ("entity_type", "lender", "share"),
    [
        ("Loan Payment", "Rocket Mortgage", 0.5),
        ("Loan Payment", "BofA Home Loans", 0.5),
        ("Loan Payment", "Mr. Cooper", 0.5),
        ("Mortgage", "Credit Union", 0.5),
        ("Loan Payment", "SoFi Loans", 0.0),
    ],
)
def test_whoever_pays_a_rent_and_a_mortgage_is_found(
    entity_type: str, lender: str, share: float
) -> None:
    lines = [
        *lines_on("both", FIRSTS, **RENT),
        *lines_on("both", FIRSTS, entity_type=entity_type, recipient_entity=lender),
        *lines_on("tenant", FIRSTS, **RENT),
    ]
    assert value(MEASURES["rent_and_mortgage"](built(lines))) == share


def test_subscriptions_come_again_after_a_month_or_a_year() -> None:
    service = {"entity_type": "Subscription", "recipient_entity": "Netflix"}
    again = service | {"recipient_entity": "Hulu"}
    lines = [
        *bills(("2024-01-05", "2024-02-05", "2024-03-05"), **service),  # 31 and 29 days
        *bills(("2024-01-05", "2024-01-13"), 20, **again),
        *lines_on("year", ("2023-03-01", "2024-03-01"), **service),
    ]
    found = reading("charged_again", built(lines))
    assert found.value == pytest.approx(81 / 101)
    assert found.also["after a month"] == pytest.approx(80 / 101)
    assert found.also["after a year"] == pytest.approx(1 / 101)
    assert found.also["median, days"] == 29


def test_a_service_has_few_prices() -> None:
    netflix = {"entity_type": "Subscription", "recipient_entity": "Netflix"}
    prime = {"entity_type": "Subscription", "recipient_entity": "Prime", "amount": 139.0}
    lines = [
        *bills(FIRSTS, amount=15.49, **netflix),
        *bills(FIRSTS[:1], **prime),
        *lines_on("c0", ("2024-03-20",), amount=22.99, **netflix),
    ]
    found = reading("subscription_prices", built(lines))
    assert found.value == pytest.approx(1 / CUSTOMERS)
    assert found.also["of services charged once too"] == pytest.approx(1 / (2 * CUSTOMERS))
    assert found.also["prices of a service, median"] == 2


def test_the_most_subscriptions_are_those_of_one_customer() -> None:
    lines = [
        line
        for number in range(13)
        for line in lines_on(
            f"c{number % 2}", FIRSTS, entity_type="Subscription", recipient_entity=f"s{number}"
        )
    ]
    assert value(MEASURES["most_subscriptions"](built(lines))) == 7


def test_a_monthly_bill_is_paid_once_in_a_month() -> None:
    insurer = {"entity_type": "Insurance", "recipient_entity": "Geico"}
    lender = {"entity_type": "Loan Payment", "recipient_entity": "Nelnet"}
    lines = [
        *bills(FIRSTS, **insurer),
        *bills(FIRSTS[:1], **insurer | {"recipient_entity": "Amica"}),  # twice a year
        *bills(FIRSTS, **lender),
        *lines_on("c0", ("2024-02-20",), **lender),  # on top
    ]
    found = reading("fixed_bills", built(lines))
    assert found.value == pytest.approx(1 - 1 / (6 * CUSTOMERS))
    assert found.also == pytest.approx({"insurance": 1, "loan": 1 - 1 / (3 * CUSTOMERS)})


def test_a_bill_paid_twelve_times_a_month_is_found_out() -> None:
    dates = [f"2024-{month:02d}-{day:02d}" for month in (1, 2, 3) for day in range(1, 25, 2)]
    data = built(bills(dates, entity_type="Loan Payment", recipient_entity="Nelnet"))
    assert value(MEASURES["fixed_bills"](data)) == 0
    assert value(MEASURES["day_of_month"](data)) == pytest.approx(7.0, abs=0.2)


def test_one_month_cannot_tell_what_is_monthly() -> None:
    lines = bills(("2024-01-01", "2024-01-31"), entity_type="Insurance")
    with pytest.raises(NotComputableError, match="1 whole months; at least 2 are needed"):
        MEASURES["fixed_bills"](dataset(pd.DataFrame(lines)))


def test_a_due_day_moves_by_the_weekend() -> None:
    """The 5th, 6th and 7th: a standard deviation of one day."""
    dates = ("2024-01-05", "2024-02-06", "2024-03-07")
    data = built(bills(dates, entity_type="Phone and Internet", recipient_entity="Verizon"))
    assert value(MEASURES["day_of_month"](data)) == pytest.approx(1)


def test_a_customer_pays_one_credit_card_a_month() -> None:
    card = {"entity_type": "Card Payment", "recipient_entity": "Chase Card"}
    other = card | {"recipient_entity": "Citi Card"}
    lines = [*lines_on("a", FIRSTS, **card), *lines_on("a", FIRSTS[:1], **other)]
    found = reading("one_card_bill", built(lines))
    assert found.value == pytest.approx(2 / 3)
    assert found.also == pytest.approx({"none": 0, "two or more": 1 / 3})


def test_utilities_vary_by_season_around_the_customers_own() -> None:
    seasons = dict(zip(FIRSTS, (1.2, 1.0, 0.8), strict=True))
    lines = [
        line
        for number in range(30)
        for date, season in seasons.items()
        for line in lines_on(
            f"c{number}",
            (date,),
            entity_type="Utilities",
            recipient_entity="ComEd",
            amount=50 * 1.1**number * season,
        )
    ]
    data = built(lines)
    assert value(MEASURES["utilities_monthly"](data)) == 1
    found = reading("utilities_own", data)
    assert found.value > 0.9
    level = (1.2 * 1.0 * 0.8) ** (1 / 3)
    expected = {"January": 1.2 / level, "February": 1 / level, "March": 0.8 / level}
    assert found.also == pytest.approx(expected)


def test_outflow_is_that_of_whole_months() -> None:
    """20 dollars in January, 10 in February and March; April has begun."""
    lines = bills(("2024-01-02", "2024-01-03", "2024-02-02", "2024-03-02", "2024-04-01"))
    assert value(MEASURES["outflow"](built(lines))) == pytest.approx(10)
    with pytest.raises(NotComputableError, match="0 whole months"):
        MEASURES["outflow"](dataset(foreign_frame(days=20)))


def test_automatic_payments_rest_at_weekends() -> None:
    rent = RENT | {"amount": 1000.0}
    lines = [
        *bills(("2024-02-05", "2024-02-06", "2024-02-07"), **rent),
        *bills(("2024-02-10",), 20, **rent),  # a Saturday, by hand
        *bills(("2024-02-11",), **rent | {"transaction_type": "Credit Card"}),
    ]
    assert value(MEASURES["weekend_bills"](built(lines))) == pytest.approx(20 / 140)


@pytest.mark.slow
@pytest.mark.parametrize("item", sorted(MEASURES.keys() - {"outflow"}))
def test_other_words_give_a_plain_reason(item: str) -> None:
    with pytest.raises(
        NotComputableError, match=r"no unlabelled row of entity type|1 whole months"
    ):
        MEASURES[item](dataset(foreign_frame()))


def test_one_customer_with_few_bills_gives_a_plain_reason() -> None:
    lines = lines_on("c0", FIRSTS, entity_type="Insurance")
    with pytest.raises(NotComputableError, match="1 customers and payees with monthly bills"):
        MEASURES["fixed_bills"](built(lines))
