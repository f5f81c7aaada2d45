"""The card's accidents: their numbers are those of labels and ground truth, their examples rows."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from tests.card.card_page import Page, number, tables, text_of
from tests.card.drawn_dataset import CUSTOMERS, LABELS, Dataset


def test_accidents_by_week(dataset: Dataset) -> None:
    monday = dataset.rows.timestamp.dt.to_period("W-SUN").dt.start_time.dt.strftime("%Y-%m-%d")
    shown: dict[tuple[str, str], int] = {}
    for title in dataset.page.titles("Labelled transactions per week"):
        week, _, counted = title.removeprefix("Week of ").partition(": ")
        found, _, label = counted.partition(" ")
        shown[week, label] = int(number(found))
    expected = {
        (week, label): int(rows[column].sum())
        for week, rows in dataset.rows.groupby(monday)
        for label, column in LABELS.items()
    }
    assert shown == expected


@pytest.mark.slow
def test_accidents_by_customer(dataset: Dataset) -> None:
    seen = 0
    for title in dataset.page.titles("Labelled transactions per customer"):
        what, _, found = title.removesuffix(" customers").rpartition(": ")
        label, _, span = what.removesuffix(" labelled rows").partition(", ")
        low, _, high = span.partition(" to ")
        per_customer = dataset.rows.groupby("customer_id")[LABELS[label]].sum()
        assert number(found) == per_customer.between(int(low), int(high or low)).sum()
        seen += int(number(found))
    assert seen == len(LABELS) * CUSTOMERS


def test_what_really_happened(dataset: Dataset) -> None:
    kinds = next(tables(dataset.page.section("accidents")))
    truth = dataset.truth.groupby("kind")
    for name, _, events, rows, share in kinds:
        of_kind = truth.get_group(name.replace(" ", "_"))
        assert number(events) == of_kind.group.nunique()
        assert number(rows) == len(of_kind)
        expected = 100 * len(of_kind) / len(dataset.rows)
        assert number(share) == pytest.approx(expected, rel=0.005)
    assert len(kinds) == len(truth)


def test_examples_are_rows_of_the_dataset_in_their_surroundings(dataset: Dataset) -> None:
    rows, truth = dataset.rows, dataset.truth
    text = pd.read_csv(dataset.file, dtype=str).set_index("transaction_id")
    for kind in truth.kind.unique():
        panel = dataset.page.panel(kind.replace("_", " ").capitalize())
        groups = [h4.text.split()[0] for h4 in panel.iter("h4") if h4.text]
        assert groups == truth.group[truth.kind == kind].unique()[:3].tolist()
        for group, table in zip(groups, panel.iter("table"), strict=True):
            struck = [row.get("class") == "struck" for row in table.findall("tbody/tr")]
            members = truth.transaction_id[truth.group == group]
            assert sum(struck) == len(members)
            at = rows.index[rows.transaction_id == members.iloc[0]][0] - struck.index(True)
            ids = rows.transaction_id[at : at + len(struck)]
            assert ids[struck].tolist() == members.tolist()
            for transaction, row in zip(ids, table.findall("tbody/tr"), strict=True):
                time, amount, recipient, entity, type_, city = map(text_of, row)
                true = text.loc[transaction]
                assert (time, amount) == (true.timestamp, f"${true.amount}")
                assert (entity, type_, city) == (
                    true.entity_type,
                    true.transaction_type,
                    true.city,
                )
                meant = true.original_recipient_entity
                shown = true.recipient_entity
                assert recipient == (shown if shown == meant else f"{shown} for {meant}")


def test_a_mistyped_recipient_is_marked_where_it_differs(dataset: Dataset) -> None:
    recipients = dataset.rows.set_index("transaction_id")
    for heading, row in mistyped_rows(dataset.page):
        true = recipients.loc[heading]
        paid, meant = true.recipient_entity, true.original_recipient_entity
        marked = [mark.text for mark in row[2].iter("mark")]
        pairs = zip(paid, meant, strict=True)
        assert marked == [one for one, other in pairs if one != other]
        assert marked


def mistyped_rows(page: Page) -> Iterator[tuple[str, ET.Element]]:
    """The mistyped row of each example, and the transaction that it is."""
    panel = page.panel("Mistyped")
    for heading, table in zip(panel.iter("h4"), panel.iter("table"), strict=True):
        (row,) = table.iterfind("tbody/tr[@class='struck']")
        yield text_of(heading).split()[0], row
