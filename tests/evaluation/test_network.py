from pathlib import Path

import pandas as pd
import pytest

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import Dataset, dataset, read_dataset
from accidental_transfers.evaluation.network import MEASURES
from accidental_transfers.evaluation.readings import Reading
from tests.evaluation.foreign import foreign_frame, lines_on, value

Lines = list[dict[str, object]]

DATES = ("2024-01-01", "2024-01-02", "2024-01-03")


def paid(customer: str, payee: int, times: int = 1, **values: object) -> Lines:
    person = {"entity_type": "Person-to-Person", "recipient_entity": f"user_{payee}"}
    return lines_on(customer, DATES[:times], **person | values)


def village() -> Lines:
    """Forty customers with two persons each: one of their own, and one that two share."""
    return [
        line
        for number in range(40)
        for line in (
            *paid(f"c{number}", 100 + number, times=3),
            *paid(f"c{number}", 200 + number // 2),
        )
    ]


def numbers(customers: int, first: int) -> pd.DataFrame:
    ids = [f"c{number}" for number in range(customers)]
    own = [f"user_{first + number}" for number in range(customers)]
    return pd.DataFrame({"customer_id": ids, "home_city": "Chicago", "own_number": own})


def built(lines: Lines, customers: pd.DataFrame | None = None) -> Dataset:
    return dataset(pd.DataFrame(lines), customers=customers)


def test_persons_are_shared_by_customers() -> None:
    found = MEASURES["shared_payees"](built(village()))
    assert isinstance(found, Reading)
    assert found.value == pytest.approx(20 / 60)
    assert found.also == {"most customers of one payee": 2}


def test_own_accounts_shops_and_accidents_are_no_persons() -> None:
    others = [
        *paid("c0", 1, entity_type="Savings"),
        *paid("c1", 1, entity_type="Savings"),
        *lines_on("c0", DATES),
        *paid("c0", 101, is_mistyped_entity_accident=True),
    ]
    assert value(MEASURES["shared_payees"](built(village() + others))) == pytest.approx(20 / 60)


def test_some_payees_come_back() -> None:
    found = MEASURES["recurring_payees"](built(village()))
    assert isinstance(found, Reading)
    assert found.value == pytest.approx(0.5)
    assert found.also == pytest.approx({"paid once": 0.5, "paid twice": 0})


def test_a_payee_in_three_entity_types_has_more_than_one_role() -> None:
    more = paid("c0", 100, entity_type="Rent") + paid("c0", 100, entity_type="Shared Bills")
    two = paid("c1", 101, entity_type="Rent")
    found = MEASURES["payee_roles"](built(village() + more + two))
    assert isinstance(found, Reading)
    assert found.value == pytest.approx(1 / 40)
    assert found.also["in one entity type"] == pytest.approx(38 / 40)


def test_customers_are_paid_by_other_customers() -> None:
    """Those from c10 on have the numbers that c0 and its successors pay, c5 its own."""
    customers = numbers(40, first=90)
    assert value(MEASURES["paid_by_another"](built(village(), customers))) == pytest.approx(30 / 40)
    own = pd.DataFrame({"customer_id": ["c5", "c6"], "own_number": ["user_105", "user_107"]})
    assert value(MEASURES["paid_by_another"](built(village(), own))) == pytest.approx(1 / 40)


def test_own_numbers_are_read_from_the_companion(tmp_path: Path) -> None:
    pd.DataFrame(village()).to_csv(tmp_path / "data.csv", index=False)
    numbers(40, first=90).to_csv(tmp_path / "data.customers.csv", index=False)
    data = read_dataset(tmp_path / "data.csv")
    assert value(MEASURES["paid_by_another"](data)) == pytest.approx(30 / 40)


@pytest.mark.parametrize(
    ("customers", "message"),
    [
        (None, "needs the column own_number in the companion .customers.csv"),
        (pd.DataFrame({"customer_id": ["c1"]}), "needs the column own_number"),
        (pd.DataFrame({"customer_id": ["x"], "own_number": ["user_1"]}), "other customers"),
        (pd.DataFrame({"customer_id": ["c1"], "own_number": [None]}), "other customers"),
    ],
)
def test_without_own_numbers_there_is_a_plain_reason(
    customers: pd.DataFrame | None, message: str
) -> None:
    with pytest.raises(NotComputableError, match=message):
        MEASURES["paid_by_another"](built(village(), customers))


@pytest.mark.parametrize("item", sorted(MEASURES))
def test_other_words_give_a_plain_reason(item: str) -> None:
    with pytest.raises(NotComputableError, match=r"0 customers and payees|own_number"):
        MEASURES[item](dataset(foreign_frame()))


def test_one_customer_gives_a_plain_reason() -> None:
    with pytest.raises(NotComputableError, match="1 customers and payees paid by number"):
        MEASURES["recurring_payees"](built(paid("a", 1)))
