"""Haste: night and paydays make accidents likelier, for some customers more than for others."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accidental_transfers.model.haste import MOST_HURRIED, hurry
from tests.model.lived import usual


@cache
def factors() -> np.ndarray:
    """Of 315,000 payments of 300 customers."""
    life = usual()
    payments = life.life.payments
    assert len(payments) > 300_000
    return np.asarray(hurry(payments, np.arange(len(payments)), life.customers, life.when))


def at_night() -> np.ndarray:
    hour = usual().life.payments.second % 86_400 // 3_600
    return np.asarray((hour >= 22) | (hour < 6))


def on_paydays() -> np.ndarray:
    payments, customers = usual().life.payments, usual().customers
    paid = usual().when.paydays[customers.payday[payments.customer], payments.second // 86_400]
    return np.asarray(paid, bool)


@pytest.mark.slow
def test_the_mean_over_all_payments_is_one() -> None:
    """Within 2 %, so that probabilities stay what a spec asks for."""
    assert factors().mean() == pytest.approx(1, abs=0.02)
    assert 0.9 < factors().min() < factors().max() < MOST_HURRIED


@pytest.mark.slow
def test_night_adds_three_tenths_and_paydays_two() -> None:
    """In the mean of customers, over the mean of all payments."""
    night, payday = at_night(), on_paydays()
    plain = factors()[~night & ~payday].mean()
    assert 0.02 < night.mean() < 0.25
    assert 0.02 < payday.mean() < 0.25
    assert factors()[night & ~payday].mean() - plain == pytest.approx(0.3 / 1.04, abs=0.04)
    assert factors()[~night & payday].mean() - plain == pytest.approx(0.2 / 1.04, abs=0.03)
    assert factors()[night & payday].mean() > 1.4


@pytest.mark.slow
def test_some_customers_are_hurried_by_nothing_and_some_twice_as_much() -> None:
    """By night, each customer's own factor: from that of the day to two thirds more."""
    night = at_night() & ~on_paydays()
    customer = usual().life.payments.customer[night]
    counts = np.bincount(customer, minlength=len(usual().customers))
    own = np.bincount(customer, factors()[night], minlength=len(counts)) / np.maximum(counts, 1)
    own = own[counts > 0]
    assert own.min() < 1.0
    assert own.max() > 1.5
    assert np.ptp(factors()[~at_night() & ~on_paydays()]) == 0


@given(st.lists(st.integers(0, 300_000), min_size=1, max_size=30))
def test_each_payments_factor_is_its_own(rows: list[int]) -> None:
    """Whatever other payments are asked for."""
    life, chosen = usual(), np.array(rows)
    found = hurry(life.life.payments, chosen, life.customers, life.when)
    assert found.tolist() == factors()[chosen].tolist()


@pytest.mark.slow
def test_more_accidents_happen_at_night() -> None:
    """What a user sees: of some 1,230 bursts of 300 customers at the default, 130 at night."""
    life, truth = usual(), usual().truth
    first = truth.row[life.is_kind("duplicate") & (truth.position == 1)]
    struck = np.bincount(at_night()[first], minlength=2)
    tried = np.bincount(at_night(), minlength=2)
    assert struck[1] / tried[1] > struck[0] / tried[0]
