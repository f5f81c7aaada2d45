"""Noticing: who notices an accident, when, and who then pays the right payee."""

import numpy as np
import pytest

from accidental_transfers.model.accidents import kind_code
from accidental_transfers.model.arrays import Int, Keys
from accidental_transfers.model.noticing import NEVER, noticed_and_sent_again
from accidental_transfers.model.streams import child, seed_key

# 100,000 payments: the error of a share of 0.82 is 0.0012, of a mean of ln at a sigma of 1.5 0.005.
KEYS = child(seed_key(11), np.arange(100_000))


def noticed_after(kind: str, keys: Keys) -> Int:
    return noticed_and_sent_again(np.full(len(keys), kind_code(kind)), keys)[0]


def sent_again_after(kind: str, keys: Keys) -> Int:
    return noticed_and_sent_again(np.full(len(keys), kind_code(kind)), keys)[1]


def test_of_the_mistyped_82_percent_are_noticed_after_three_hours() -> None:
    after = noticed_after("mistyped", KEYS)
    seconds = after[after != NEVER]
    assert 0.815 < len(seconds) / len(KEYS) < 0.825
    assert np.median(seconds) == pytest.approx(3 * 3600, rel=0.03)
    assert np.log(seconds).std() == pytest.approx(1.5, abs=0.02)


def test_of_those_who_noticed_90_percent_pay_the_right_payee_within_minutes() -> None:
    after = sent_again_after("mistyped", KEYS)
    seconds = after[after != NEVER]
    assert 0.895 < len(seconds) / len(KEYS) < 0.905
    assert np.median(seconds) == pytest.approx(15 * 60, rel=0.03)
    assert np.log(seconds).std() == pytest.approx(1.0, abs=0.02)


def test_some_notice_at_once_and_some_after_weeks() -> None:
    """No delay is cut off: none stands out, and both ends are thin."""
    seconds = noticed_after("duplicate", KEYS)
    noticed = seconds[seconds != NEVER]
    assert noticed.min() < 60
    assert noticed.max() > 60 * 24 * 3600
    assert np.bincount(noticed[noticed < 7 * 24 * 3600] // 3600).argmax() < 3


def test_whoever_meant_to_pay_the_one_who_was_paid_pays_nobody_again() -> None:
    for kind in ("duplicate", "split", "card_test", "high_amount", "honest_neighbour"):
        assert (sent_again_after(kind, KEYS[:1000]) == NEVER).all()


def test_it_follows_from_the_key_and_the_kind_alone() -> None:
    """Whatever else is asked for: a follow-up made with other payments is the same."""
    whole = noticed_after("mistyped", KEYS)
    np.testing.assert_array_equal(noticed_after("mistyped", KEYS[500:600]), whole[500:600])
    assert (noticed_after("wrong_payee", KEYS) != whole).mean() > 0.5
