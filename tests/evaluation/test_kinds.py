import numpy as np
import pandas as pd
import pytest

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import Dataset, dataset
from accidental_transfers.evaluation.kinds import (
    ACCIDENT_KINDS,
    MISDIRECTING,
    kinds,
    lookalikes,
    rows_of,
    starts,
)
from accidental_transfers.evaluation.stakes import cents_at_stake
from accidental_transfers.model.accidents import KIND_NAMES
from tests.evaluation.foreign import line_of

BURST, HIGH, MISTYPED = (
    {f"is_{name}": True} for name in (
        "accident_burst", "high_amount_accident", "mistyped_entity_accident"
    )
)  # fmt: skip


def accidents() -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """One accident of every sort, each followed by nothing, and what the companion says."""
    lines: list[dict[str, object]] = []
    truth: list[dict[str, object]] = []

    def happened(kind: str, meant: float, *amounts: float, **values: object) -> None:
        first = f"{kind}-1"
        for position, amount in enumerate(amounts, 1):
            when = (
                f"2024-01-{len({each['group'] for each in truth} | {first}):02d} 12:00:0{position}"
            )
            name = f"{kind}-{position}"
            lines.append(line_of("a", when, transaction_id=name, amount=amount, **values))
            truth.append(
                {
                    "transaction_id": name,
                    "kind": kind,
                    "group": first,
                    "position": str(position),
                    "intended_amount": f"{meant:.2f}",
                }
            )

    happened("duplicate", 20, 20, 20, 20, **BURST)
    happened("split", 110.07, 45.84, 64.23, **BURST)
    happened("card_test", 40, 1.54, 4.13, **BURST)
    happened("high_amount", 15.82, 1582.00, **HIGH)
    happened("mistyped", 25, 25, original_recipient_entity="Ebay", **MISTYPED)
    happened("honest_repeat", 7, 7, 7)
    return lines, truth


def built() -> Dataset:
    lines, truth = accidents()
    return dataset(pd.DataFrame(lines), pd.DataFrame(truth))


def test_the_companion_tells_the_kinds_and_labels_stand_for_them_without_it() -> None:
    found = kinds(built())
    assert {name: int(rows.sum()) for name, rows in found.items()} == {
        "duplicate": 3, "split": 2, "card_test": 2, "high_amount": 1, "mistyped": 1,
    }  # fmt: skip
    alone = kinds(dataset(pd.DataFrame(accidents()[0])))
    assert {name: int(rows.sum()) for name, rows in alone.items()} == {
        "burst": 7, "high_amount": 1, "mistyped": 1,
    }  # fmt: skip


def test_an_accident_counts_once() -> None:
    data = built()
    assert starts(data).sum() == 5
    assert (starts(data) & kinds(data)["duplicate"]).sum() == 1


def test_a_kind_that_nobody_has_is_said_to_be_missing() -> None:
    assert rows_of(built(), "honest_repeat", "honest_large").sum() == 2
    with pytest.raises(NotComputableError, match="no row of the kind wrong_payee"):
        rows_of(built(), "wrong_payee")


def test_every_lookalike_is_an_honest_kind_and_resembles_an_accident() -> None:
    honest = set(KIND_NAMES) - set(ACCIDENT_KINDS)
    assert set(lookalikes()) <= set(ACCIDENT_KINDS)
    assert {name for names in lookalikes().values() for name in names} <= honest
    assert "mistyped" in MISDIRECTING
    assert "duplicate" not in MISDIRECTING


def test_what_is_at_stake_is_what_nobody_wanted() -> None:
    data = built()
    stake = pd.Series(cents_at_stake(data), index=data.rows["id"].to_numpy())
    expected = {
        "duplicate-1": 0, "duplicate-2": 2000, "duplicate-3": 2000,  # paid three times
        "split-1": 0, "split-2": 0,  # in two parts
        "card_test-1": 154, "card_test-2": 413,  # a thief's
        "high_amount-1": 158_200 - 1_582,
        "mistyped-1": 2500,
        "honest_repeat-1": 0, "honest_repeat-2": 0,
    }  # fmt: skip
    assert stake.to_dict() == expected


def test_without_intended_amounts_nothing_is_known_of_stakes() -> None:
    lines, truth = accidents()
    without = pd.DataFrame(truth).drop(columns="intended_amount")
    with pytest.raises(NotComputableError, match="needs the column intended_amount"):
        cents_at_stake(dataset(pd.DataFrame(lines), without))
    with pytest.raises(NotComputableError, match=r"companion .accidents.csv"):
        cents_at_stake(dataset(pd.DataFrame(lines)))


def test_what_a_split_takes_beyond_what_was_meant_is_at_stake() -> None:
    lines, truth = accidents()
    data = dataset(
        pd.DataFrame(lines),
        pd.DataFrame(truth).assign(
            intended_amount=lambda frame: np.where(
                frame["kind"] == "split", "100.00", frame["intended_amount"]
            )
        ),
    )
    assert cents_at_stake(data)[kinds(data)["split"]].tolist() == [0, 1007]
