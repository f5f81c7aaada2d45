"""Datasets that are not the project's own: other words, other shapes, known statistics."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from accidental_transfers.evaluation.readings import Reading

SECONDS_PER_DAY = 86_400


def foreign_frame(
    customers: int = 25,
    days: int = 42,
    daily: float = 8,
    types: tuple[str, ...] = ("Credit Card", "Crypto"),
    seed: int = 0,
) -> pd.DataFrame:
    """Honest payments: a Poisson number, uniform in time, of lognormal amounts (sigma 1.2)."""
    chance = np.random.default_rng(seed)
    count = int(customers * days * daily)
    customer = np.sort(chance.integers(0, customers, count))
    second = chance.integers(0, days * SECONDS_PER_DAY, count)
    order = np.lexsort((second, customer))
    recipient = np.char.add("shop ", (chance.zipf(1.6, count) % 300).astype(str))
    return pd.DataFrame(
        {
            "customer_id": np.char.add("C-", customer.astype(str)),
            "transaction_id": np.char.add("tx", np.arange(count).astype(str)),
            "timestamp": pd.Timestamp("2023-05-01") + pd.to_timedelta(second[order], "s"),
            "transaction_type": chance.choice(list(types), count),
            "amount": np.round(np.exp(chance.normal(3.3, 1.2, count)) + 0.01, 2),
            "is_accident_burst": False,
            "is_high_amount_accident": False,
            "is_mistyped_entity_accident": False,
            "city": chance.choice(["Springfield", "Shelbyville"], count, p=[0.9, 0.1]),
            "entity_type": chance.choice(["Shop", "Kiosk"], count),
            "recipient_entity": recipient,
            "original_recipient_entity": recipient,
        }
    )


def with_high_amounts(frame: pd.DataFrame, share: float = 0.02, seed: int = 1) -> pd.DataFrame:
    """Label a share of rows that one rule finds: they are above every honest amount."""
    high = np.random.default_rng(seed).random(len(frame)) < share
    amount = frame["amount"].where(~high, frame["amount"].max() * 2 + frame["amount"])
    return frame.assign(is_high_amount_accident=high, amount=amount.round(2))


def line_of(customer: str, when: str, **values: object) -> dict[str, object]:
    """One row by hand: an unlabelled payment of 10 dollars to Amazon, unless said otherwise."""
    return {
        "customer_id": customer,
        "transaction_id": f"{customer}-{when}",
        "timestamp": when,
        "transaction_type": "Credit Card",
        "amount": 10.0,
        "is_accident_burst": False,
        "is_high_amount_accident": False,
        "is_mistyped_entity_accident": False,
        "city": "Chicago",
        "entity_type": "Shop",
        "recipient_entity": "Amazon",
        "original_recipient_entity": values.get("recipient_entity", "Amazon"),
    } | values


def lines_on(customer: str, dates: Iterable[str], **values: object) -> list[dict[str, object]]:
    """Rows by hand, one at noon of each date."""
    return [line_of(customer, f"{date} 12:00:00", **values) for date in dates]


def quarter(customer: str = "c0") -> list[dict[str, object]]:
    """The first and the last row of a period of three whole months, January to March 2024."""
    return lines_on(customer, ("2024-01-01", "2024-03-31"))


def value(found: float | Reading) -> float:
    """What a measure is judged by."""
    return found.value if isinstance(found, Reading) else found
