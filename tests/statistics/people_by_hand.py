"""A customer's month and the network of payees, by plain loops over the rows of the CSV files."""

import math
from calendar import monthrange
from collections import Counter, defaultdict
from datetime import date
from typing import Any

from accidental_transfers.model.accidents import ACCIDENTS

Row = dict[str, str]
OWED = {
    "Rent", "Utilities", "Phone and Internet", "Loan Payment", "Insurance", "Card Payment",
    "Taxes", "Home Fees", "Subscription", "Fitness", "Storage",
}  # fmt: skip


def cents_of(row: Row) -> int:
    return int(row["amount"].replace(".", ""))


def label_of(row: Row) -> str:
    return next((each.name for each in ACCIDENTS if row.get(each.column) == "True"), "")


def month_by_hand(rows: list[Row], homes: dict[str, str]) -> dict[str, Any] | None:
    """Try every customer: the smallest rank wins, the first of equal ones."""
    months = [(rank_of(own), own) for own in filter(None, map(usual_month, by_customer(rows)))]
    if not months:
        return None
    (is_part, _), own = min(months, key=lambda each: each[0])
    others: dict[str, Any] = defaultdict(lambda: defaultdict(Counter))
    for row in own["rows"]:
        if row["entity_type"] not in OWED:
            others[row["timestamp"][:10]][row["city"]].update(rows=1, cents=cents_of(row))
    return {
        "customer": own["rows"][0]["customer_id"],
        "home": homes[own["rows"][0]["customer_id"]],
        "first": str(own["first"]),
        "last": str(own["last"]),
        "is_whole": not is_part,
        "owed": [
            {
                "date": row["timestamp"][:10],
                "entity_type": row["entity_type"],
                "payee": row["recipient_entity"],
                "cents": cents_of(row),
                "label": label_of(row),
            }
            for row in own["rows"]
            if row["entity_type"] in OWED
        ],
        "others": {
            day: {city: dict(sums) for city, sums in cities.items()}
            for day, cities in others.items()
        },
    }


def by_customer(rows: list[Row]) -> list[list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["customer_id"]].append(row)
    return list(found.values())


def usual_month(rows: list[Row]) -> dict[str, Any]:
    """The customer's first whole month, else the first with most days."""
    first, last = (date.fromisoformat(rows[at]["timestamp"][:10]) for at in (0, -1))
    candidates = []
    for month in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        begin = date(month // 12, month % 12 + 1, 1)
        length = monthrange(begin.year, begin.month)[1]
        start, end = max(begin, first), min(begin.replace(day=length), last)
        is_whole = (end - start).days + 1 == length
        candidates.append((not is_whole, 0 if is_whole else (start - end).days, start, end))
    is_part, _, start, end = min(candidates)
    inside = [row for row in rows if str(start) <= row["timestamp"][:10] <= str(end)]
    return {"first": start, "last": end, "is_part": is_part, "rows": inside}


def rank_of(month: dict[str, Any]) -> tuple[bool, int]:
    days = (month["last"] - month["first"]).days + 1
    low, high = math.ceil(12 * days / 31), math.ceil(14 * days / 31)
    bills = sum(row["entity_type"] in OWED for row in month["rows"])
    return month["is_part"], max(low - bills, bills - high, 0)


def network_by_hand(rows: list[Row], own_numbers: dict[str, str]) -> dict[str, Any]:
    pairs: Counter[tuple[str, str]] = Counter()
    for row in rows:
        is_to_other = (
            row["recipient_entity"].startswith("user_") and row["entity_type"] != "Savings"
        )
        if is_to_other and not label_of(row):
            pairs[row["customer_id"], row["recipient_entity"]] += 1
    payees = Counter(customer for customer, _ in pairs)
    payers = Counter(payee for _, payee in pairs)
    numbers = {int(payee[5:]): min(found, 2) for payee, found in payers.items()}
    for number in own_numbers.values():
        numbers[int(number[5:])] = numbers.get(int(number[5:]), 0) + 4
    return {
        "payees_per_customer": Counter(payees[customer] for customer in own_numbers),
        "payments_per_payee": Counter(pairs.values()),
        "numbers": numbers,
    }
