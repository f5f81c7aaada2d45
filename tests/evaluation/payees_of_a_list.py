"""Customers who pay a few people every week, and now and then the wrong one of them."""

import numpy as np
import pandas as pd

from accidental_transfers.evaluation.dataset import Dataset, dataset

WEEKDAYS = 5


def weekly_payments(
    customers: int = 30, weeks: int = 13, wrong: float = 0.12, seed: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Five payees each, one for each working day and each with an amount of its own.

    Their numbers have nothing in common. A share of the payments goes to another one of them.
    Gives the rows and what the companion about accidents says of them.
    """
    chance = np.random.default_rng(seed)
    count = customers * weeks * WEEKDAYS
    customer = np.repeat(np.arange(customers), weeks * WEEKDAYS)
    day = np.tile(np.arange(weeks * WEEKDAYS), customers)
    payee = day % WEEKDAYS
    numbers = chance.integers(10**9, 10**10, (customers, WEEKDAYS))
    amounts = np.array([12.0, 40.0, 90.0, 250.0, 700.0])
    other = (payee + chance.integers(1, WEEKDAYS, count)) % WEEKDAYS
    struck = (chance.random(count) < wrong) & (day >= WEEKDAYS)
    names = np.char.add("user_", numbers.astype(str))
    meant, paid = names[customer, payee], names[customer, np.where(struck, other, payee)]
    time = pd.Timestamp("2024-01-01 12:00") + pd.to_timedelta(day // 5 * 7 + day % 5, "D")
    rows = pd.DataFrame(
        {
            "customer_id": np.char.add("c", customer.astype(str)),
            "transaction_id": np.char.add("t", np.arange(count).astype(str)),
            "timestamp": time,
            "transaction_type": "Venmo/PayPal",
            "amount": (amounts[payee] * chance.normal(1, 0.03, count)).round(2),
            "is_mistyped_entity_accident": struck,
            "city": "Chicago",
            "entity_type": "Friends",
            "recipient_entity": paid,
            "original_recipient_entity": meant,
        }
    )
    accidents = rows[struck]
    truth = pd.DataFrame(
        {
            "transaction_id": accidents["transaction_id"],
            "kind": "wrong_payee",
            "group": accidents["transaction_id"],
            "position": "1",
            "intended_amount": accidents["amount"].map("{:.2f}".format),
        }
    )
    return rows, truth.reset_index(drop=True)


def weekly_dataset(**options: float) -> Dataset:
    return dataset(*weekly_payments(**options))  # type: ignore[arg-type]


def with_slips(rows: pd.DataFrame, share: float = 0.1, seed: int = 1) -> Dataset:
    """Let a share of amounts be typed a hundred times, ten times too large, or neither.

    Those typed wrongly are whole dollars that were meant: a hundredfold, a tenfold, and 3.7-fold.
    """
    chance = np.random.default_rng(seed)
    struck = np.flatnonzero((chance.random(len(rows)) < share) & (np.arange(len(rows)) % 65 > 20))
    factor = np.array([100, 10, 3.7])[np.arange(len(struck)) % 3]
    meant = rows["amount"].to_numpy().copy()
    meant[struck] = meant[struck].round() + 0.5  # so that nothing else than the slip explains it
    amount = meant.copy()
    amount[struck] = (meant[struck] * factor).round(2)
    high = np.zeros(len(rows), bool)
    high[struck] = True
    ids = rows["transaction_id"].to_numpy()[struck]
    truth = pd.DataFrame(
        {
            "transaction_id": ids,
            "kind": "high_amount",
            "group": ids,
            "position": "1",
            "intended_amount": [f"{each:.2f}" for each in meant[struck]],
        }
    )
    frame = rows.assign(
        amount=amount,
        is_high_amount_accident=high,
        is_mistyped_entity_accident=False,
        recipient_entity=rows["original_recipient_entity"],
    )
    return dataset(frame, truth)
