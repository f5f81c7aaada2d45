"""A customer's month and the network of payees, from a dataset's frames."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from accidental_transfers.dataset.read import Files
from accidental_transfers.model.accidents import LABELS
from accidental_transfers.model.arrays import Int
from accidental_transfers.model.people import own_account_types
from accidental_transfers.statistics.month import (
    Bill,
    Choice,
    Month,
    Payments,
    iso,
    most_usual,
    only_owed,
    sums_by_day,
)
from accidental_transfers.statistics.network import LONGEST_NUMBER, PERSON, Ties, ties

if TYPE_CHECKING:
    import pandas as pd

PERSON_PATTERN = rf"{PERSON}\d+"
OWN_NUMBER = "own_number"


def month_of_frames(rows: pd.DataFrame, homes: pd.Series[str]) -> Month | None:
    """Choose the most usual month and spell it out; None without rows.

    Parameters
    ----------
    rows
        `Files.rows`.
    homes
        Everybody's home city by customer.
    """
    if rows.empty:
        return None
    first_day = rows["day"].min().date()
    days = (rows["day"] - rows["day"].min()).dt.days.to_numpy()
    customer = rows["customer"].to_numpy()
    people = int(customer.max()) + 1
    choice = most_usual(
        Payments(
            first_day=first_day,
            customer=customer,
            day=days,
            starts=np.searchsorted(customer, np.arange(people + 1)),
            owed=np.flatnonzero(rows["entity_type"].isin(only_owed())),
        )
    )
    assert choice
    name = str(rows["customer_id"].iloc[choice.rows.start])
    return Month(
        customer=name,
        home=_text(homes.get(name)),
        first=iso(first_day, choice.first),
        last=iso(first_day, choice.last),
        is_whole=choice.is_whole,
        **_payments(rows, days, first_day, choice),
    )


def _payments(rows: pd.DataFrame, days: Int, first_day: date, choice: Choice) -> dict[str, Any]:
    rest = rows.iloc[choice.others]
    city = rest["city"].cat
    return {
        "owed": [_bill(rows.iloc[row]) for row in choice.owed],
        "others": sums_by_day(
            first_day,
            days[choice.others],
            city.codes.to_numpy().astype(np.int64) % (len(city.categories) + 1),
            rest["cents"].to_numpy(),
            [*city.categories, ""],
        ),
    }


def _bill(row: pd.Series[Any]) -> Bill:
    return Bill(
        date=f"{row['day']:%Y-%m-%d}",
        entity_type=row["entity_type"],
        payee=_text(row["recipient_entity"]),
        cents=int(row["cents"]),
        label=next((name for name in LABELS if row[name]), ""),
    )


def _text(value: Any) -> str:
    """Read what may be missing."""
    return value if isinstance(value, str) else ""


def ties_of_frames(files: Files, customers: list[str]) -> Ties:
    """Count what customers pay to people, accidents and accounts of their own left out."""
    rows = files.rows
    counts = ~rows[list(LABELS)].any(axis=1) & ~rows["entity_type"].isin(own_account_types())
    paid = rows["recipient_entity"].cat
    numbers = _numbers(paid.categories)
    # Nobody is paid where the recipient is empty, whose code is -1.
    number = np.append(numbers, -1)[paid.codes]
    chosen = np.flatnonzero(counts.to_numpy() & (number >= 0))
    position = _positions(rows, customers)
    return ties(len(customers), position[rows["customer"].to_numpy()[chosen]], number[chosen],
                _own_numbers(files))  # fmt: skip


def _numbers(names: pd.Index[str]) -> Int:
    """Read the numbers of people; -1 for what is no person."""
    text = names.astype("str")
    is_person = text.str.fullmatch(PERSON_PATTERN)
    return np.array(
        [
            int(name.removeprefix(PERSON)[-LONGEST_NUMBER:]) if found else -1
            for name, found in zip(text, is_person, strict=True)
        ],
        np.int64,
    )


def _positions(rows: pd.DataFrame, customers: list[str]) -> Int:
    """Give the places of the rows' customers among all of them."""
    import pandas as pd

    return pd.Index(customers).get_indexer(rows["customer_id"].cat.categories).astype(np.int64)


def _own_numbers(files: Files) -> Int:
    """Give everybody's own number, or none where the companion does not tell them."""
    import pandas as pd

    if files.customers is None or OWN_NUMBER not in files.customers:
        return np.empty(0, np.int64)
    return _numbers(pd.Index(files.customers[OWN_NUMBER]))
