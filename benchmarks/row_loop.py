"""The way such data is usually made: a loop over rows, `random` for each, and `to_csv`.

It draws much less than the model does (no trips, no habits, no price endings, no tails), so the
comparison flatters it.
"""

from __future__ import annotations

import io
import random
from datetime import datetime, timedelta

import pandas as pd

CITIES = ["New York", "Los Angeles", "Chicago", "Houston", "Phoenix", "Philadelphia"]
CITY_WEIGHTS = [8.8, 3.9, 2.7, 2.3, 1.6, 1.6]
TYPES: dict[str, tuple[float, int, int, dict[str, list[str]]]] = {
    "Credit Card": (0.55, 1, 500, {"Grocery": ["SuperMart", "Kroger"], "Restaurant": ["Diner"]}),
    "Online Purchase": (0.20, 5, 800, {"Online Retail": ["Amazon", "eBay"]}),
    "Venmo/PayPal": (0.12, 5, 1000, {"Person-to-Person": []}),
    "Bank Transfer": (0.13, 20, 2500, {"Rent": [], "Utilities": ["City Power", "Waterworks"]}),
}
FIRST_DAY = datetime.fromisoformat("2024-01-01")
HOUR_WEIGHTS = [1, 1, 1, 1, 1, 2, 3, 5, 7, 9, 10, 12, 16, 15, 11, 10, 11, 14, 13, 11, 7, 4, 3, 2]


def make_csv(customers: int, days: int, seed: int) -> tuple[int, str]:
    """Make a dataset of the same columns; gives the number of rows and the CSV text."""
    random.seed(seed)
    rows = []
    for number in range(1, customers + 1):
        rows += _customer(f"customer_{number:03d}", days)
    frame = pd.DataFrame(rows)
    text = io.StringIO()
    frame.to_csv(text, index=False, float_format="%.2f")
    return len(frame), text.getvalue()


def _customer(customer: str, days: int) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    home = random.choices(CITIES, CITY_WEIGHTS)[0]
    for day in range(days):
        start = FIRST_DAY + timedelta(days=day)
        for _ in range(random.randint(8, 15)):
            rows.append(_transaction(customer, len(rows), start, home))
    return rows


def _transaction(customer: str, position: int, start: datetime, home: str) -> dict[str, object]:
    name = random.choices(list(TYPES), [weight for weight, *_ in TYPES.values()])[0]
    _, low, high, entities = TYPES[name]
    entity = random.choice(list(entities))
    recipient = (
        random.choice(entities[entity])
        if entities[entity]
        else f"user_{random.randint(0, 9_999_999_999):010d}"
    )
    amount = random.uniform(low, high)
    is_high = random.random() < 0.003
    hour = random.choices(range(24), HOUR_WEIGHTS)[0]
    time = start + timedelta(
        hours=hour, minutes=random.randint(0, 59), seconds=random.randint(0, 59)
    )
    return {
        "customer_id": customer,
        "transaction_id": f"{customer}-{position:08d}",
        "timestamp": time,
        "transaction_type": name,
        "amount": round(high * random.uniform(2.5, 4.0) if is_high else amount, 2),
        "is_accident_burst": random.random() < 0.003,
        "is_high_amount_accident": is_high,
        "is_mistyped_entity_accident": random.random() < 0.002,
        "city": home if random.random() < 0.85 else random.choices(CITIES, CITY_WEIGHTS)[0],
        "entity_type": entity,
        "recipient_entity": recipient,
        "original_recipient_entity": recipient,
    }
