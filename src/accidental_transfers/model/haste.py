"""Haste: when people are hurried or tired they make more mistakes, some much and some hardly."""

from __future__ import annotations

from accidental_transfers.model.arrays import Float, Int, constant, divided
from accidental_transfers.model.calendar import SECONDS_PER_DAY, SECONDS_PER_HOUR, Calendar
from accidental_transfers.model.customers import MOST_HASTE, Customers
from accidental_transfers.model.payments import Payments

NIGHT_FROM, NIGHT_TO = constant(22), constant(6)
AT_NIGHT, ON_PAYDAYS = constant(0.3), constant(0.2)
"""What night and paydays add to the chance of an accident: own estimates, after the days on which
Korea's mistaken remittances happen (KDIC)."""
USUAL = constant(1.04)
"""The mean over all payments, so that probabilities stay what a spec asks for."""
MOST_HURRIED = float((1 + MOST_HASTE * (AT_NIGHT + ON_PAYDAYS)) / USUAL)


def hurry(payments: Payments, rows: Int, customers: Customers, when: Calendar) -> Float:
    """Give the factor on the chance of an accident for some payments: (rows,), around 1."""
    second, customer = payments.second[rows], payments.customer[rows]
    day, of_day = divided(second, SECONDS_PER_DAY)
    hour = of_day // SECONDS_PER_HOUR
    night = (hour >= NIGHT_FROM) | (hour < NIGHT_TO)
    payday = when.paydays[customers.payday[customer], day]
    return (1 + customers.haste[customer] * (AT_NIGHT * night + ON_PAYDAYS * payday)) / USUAL
