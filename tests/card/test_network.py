"""The network of payees on the card: each number is what pandas computes from the CSV files."""

from pathlib import Path

import numpy as np
import pytest

from accidental_transfers.card.page import render
from accidental_transfers.statistics.from_frames import statistics_from_csv
from accidental_transfers.statistics.network import MOST_NUMBERS, USE_BITS, Sample, by_number
from accidental_transfers.statistics.statistics import Statistics
from tests.card.card_page import Page, number, tables, text_of
from tests.card.drawn_dataset import Dataset, card_of, cut_out

HEADING = "People, known by a number"
ABOUT = {"location": "some.csv", "bytes": 0, "crc32": "00000000"}


def lines(page: Page) -> dict[str, list[str]]:
    (shown,) = tables(page.panel(HEADING))
    return {row[0].partition(",")[0]: row[1:] for row in shown}


def test_the_numbers_are_those_of_the_file(dataset: Dataset) -> None:
    rows = dataset.rows[~dataset.rows["labelled"] & (dataset.rows["entity_type"] != "Savings")]
    paid = rows[rows["recipient_entity"].str.match(r"user_\d{10}$")]
    pairs = paid.groupby(["customer_id", "recipient_entity"]).size()
    payers = pairs.groupby("recipient_entity").size()
    own = dataset.customers["own_number"]
    expected = {
        "payments to people": (len(paid), len(paid) / len(dataset.rows)),
        "to somebody whom the customer has paid before": (
            paid.duplicated(["customer_id", "recipient_entity"]).sum(),
            paid.duplicated(["customer_id", "recipient_entity"]).mean(),
        ),
        "pairs of a customer and a person who is paid": (len(pairs), None),
        "with 3 payments or more": ((pairs >= 3).sum(), (pairs >= 3).mean()),
        "people who are paid": (len(payers), None),
        "by two customers or more": ((payers >= 2).sum(), (payers >= 2).mean()),
        "customers who are paid by another": (own.isin(payers.index).sum(),
                                              own.isin(payers.index).mean()),
    }  # fmt: skip
    shown = lines(dataset.page)
    assert shown.keys() == expected.keys()
    for what, (found, share) in expected.items():
        assert number(shown[what][0]) == found, what
        if share is None:
            assert shown[what][1] == ""
        else:
            assert number(shown[what][1]) == pytest.approx(100 * share, rel=0.005), what
    note = text_of(dataset.page.panel(HEADING))
    each = pairs.groupby("customer_id").size().reindex(dataset.customers["customer_id"]).fillna(0)
    assert f"pay {int(each.quantile(0.5, interpolation='lower'))} people or fewer" in note
    assert "estimated" not in note


@pytest.mark.slow
def test_without_the_companion_nobody_s_own_number_is_known(
    dataset: Dataset, tmp_path: Path
) -> None:
    shown = lines(card_of(cut_out(dataset, dataset.rows, tmp_path)))
    assert "people who are paid" in shown
    assert "customers who are paid by another" not in shown


def test_estimates_say_that_they_are(tmp_path: Path) -> None:
    sample = Sample()
    sample.add(
        np.array([number << USE_BITS | (2 if number % 4 == 0 else 1) for number in range(50_000)])
    )
    facts = one_payment(tmp_path).model_copy(
        update={"payments_per_payee": {1: 50_000}, "numbers": by_number(sample.uses())}
    )
    page = Page(render(facts, ABOUT))
    shown = lines(page)
    assert shown["people who are paid"][0].startswith("about ")
    assert number(shown["people who are paid"][0].removeprefix("about ")) == pytest.approx(
        50_000, rel=0.06
    )
    assert number(shown["by two customers or more"][1]) == pytest.approx(25, abs=2.5)
    assert f"estimated from {MOST_NUMBERS:,} numbers" in text_of(page.panel(HEADING))


def one_payment(folder: Path) -> Statistics:
    file = folder / "one.csv"
    file.write_text(
        "customer_id,timestamp,transaction_type,amount,is_accident_burst,recipient_entity\n"
        "a,2024-01-01 10:00:00,Cheque,1.00,False,Paul\n"
    )
    return statistics_from_csv(file)


def test_where_nobody_is_paid_by_number_nothing_is_said(tmp_path: Path) -> None:
    assert HEADING not in render(one_payment(tmp_path), ABOUT)
