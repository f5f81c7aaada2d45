"""A customer's month on the card: each bill on its day, each day under its weekday."""

import re
from collections import Counter
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from accidental_transfers.card.page import render
from accidental_transfers.local.card import about
from accidental_transfers.statistics.from_frames import statistics_from_csv
from accidental_transfers.statistics.statistics import Statistics
from tests.card.card_page import Page, number, tables, text_of
from tests.card.drawn_dataset import Dataset, card_of, cut_out
from tests.statistics.people_by_hand import OWED

HOSTILE = """<script>alert("'&amp;'")</script>"""
NAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
Days = dict[str, list[str]]


def calendar_of(page: Page) -> ET.Element:
    found = page.section("month").find(".//table[@class='calendar']")
    assert found is not None
    return found


def lines_by_day(page: Page) -> Days:
    """What stands in each day's cell; checks by the way that the weekday is the column's."""
    calendar = calendar_of(page)
    assert [text_of(head) for head in calendar.findall("thead/tr/th")] == NAMES
    found = {}
    for week in calendar.findall("tbody/tr"):
        for weekday, cell in enumerate(week.findall("td")):
            time = cell.find("time")
            if time is not None:
                day = date.fromisoformat(time.get("datetime", ""))
                assert day.weekday() == weekday
                assert text_of(time) == f"{NAMES[weekday][:3]} {day.day}"
                found[day.isoformat()] = [text_of(line) for line in cell.iter("li")]
    return found


def month_of(dataset: Dataset, page: Page) -> pd.DataFrame:
    """The rows that are shown, as pandas finds them in the file."""
    (customer,) = re.findall(r"customer_\d+", text_of(page.section("month")))
    rows = dataset.rows[dataset.rows["customer_id"] == customer]
    is_shown = rows["timestamp"].dt.strftime("%Y-%m-%d").isin(list(lines_by_day(page)))
    shown: pd.DataFrame = rows[is_shown]
    return shown


def bill_line(row: pd.Series) -> str:
    is_person = row["recipient_entity"].startswith("user_")
    what = f"{row['entity_type']} · " if is_person else ""
    return f"{what}{row['recipient_entity']} · ${row['cents'] / 100:,.2f}"


@pytest.fixture(scope="module")
def is_bill(dataset: Dataset) -> pd.Series:
    return dataset.rows["entity_type"].isin(OWED)


def test_every_day_of_the_month_has_its_bills_and_the_sums_of_the_rest(
    dataset: Dataset, is_bill: pd.Series
) -> None:
    page = dataset.page
    shown, rows = lines_by_day(page), month_of(dataset, page)
    assert list(shown) == [f"2024-01-{day:02}" for day in range(1, 32)]
    home = dataset.customers.set_index("customer_id")["home_city"][rows["customer_id"].iloc[0]]
    dates = rows["timestamp"].dt.strftime("%Y-%m-%d")
    for day, lines in shown.items():
        own = rows[dates == day]
        expected = [bill_line(row) for _, row in own[is_bill[own.index]].iterrows()]
        rest = own[~is_bill[own.index]]
        for city, each in sorted(rest.groupby("city"), key=lambda it: (it[0] != home, it[0])):
            place = "" if city == home else f" in {city}"
            what = "other" if len(each) == 1 else "others"
            expected.append(f"{len(each)} {what} · ${each['cents'].sum() / 100:,.2f}{place}")
        assert [re.sub(r" (burst|high amount|mistyped)$", "", line) for line in lines] == expected


def test_what_was_owed_is_listed_by_payee(dataset: Dataset, is_bill: pd.Series) -> None:
    rows = month_of(dataset, dataset.page)
    owed = rows[is_bill[rows.index]]
    *_, listed = tables(dataset.page.section("month"))
    by_payee = owed.groupby(["entity_type", "recipient_entity"])["cents"]
    assert {(row[0], row[1]): (int(row[3]), round(100 * number(row[4]))) for row in listed} == {
        payee: (len(cents), cents.sum()) for payee, cents in by_payee
    }
    sums = [number(row[4]) for row in listed]
    assert sums == sorted(sums, reverse=True)
    days = Counter(day for row in listed for day in row[2].split(", "))
    assert days == Counter(f"{day.day} {day:%b}" for day in owed["timestamp"])
    lead = text_of(dataset.page.section("month"))
    assert f"{len(owed)} bills of ${owed['cents'].sum() / 100:,.2f}" in lead
    assert f"{len(rows) - len(owed)} other payments" in lead
    assert "The first customer with a whole month" in lead


@pytest.mark.slow
def test_without_a_whole_month_the_days_that_there_are_stand_there(
    dataset: Dataset, tmp_path: Path
) -> None:
    some = dataset.rows[dataset.rows["timestamp"].between("2024-01-25", "2024-02-21")]
    page = card_of(cut_out(dataset, some, tmp_path))
    assert list(lines_by_day(page)) == [f"2024-02-{day:02}" for day in range(1, 21)]
    assert "these are the days from 1 Feb 2024 to 20 Feb 2024" in text_of(page.section("month"))
    assert len(calendar_of(page).findall("tbody/tr")) == 4


@pytest.mark.slow
def test_without_bills_there_is_no_month(dataset: Dataset, tmp_path: Path) -> None:
    some = dataset.rows[dataset.rows["entity_type"] == "Grocery"]
    page = card_of(cut_out(dataset, some, tmp_path))
    assert page.body.find(".//section[@id='month']") is None
    assert page.body.find(".//section[@id='where']") is not None


@pytest.mark.slow
def test_a_bill_with_a_label_says_so(dataset: Dataset, tmp_path: Path) -> None:
    rows = month_of(dataset, dataset.page)
    file = cut_out(dataset, rows, tmp_path)
    text = pd.read_csv(file, dtype=str, keep_default_na=False)
    rent = text.index[text["entity_type"] == "Insurance"][0]
    text.loc[rent, "is_high_amount_accident"] = "True"
    text.to_csv(file, index=False)
    page = card_of(file)
    marked = calendar_of(page).findall(".//li[@class='bill is-high_amount']")
    assert text.loc[rent, "recipient_entity"] in text_of(marked[0])
    assert text_of(marked[0]).endswith("high amount")
    assert "a bill with the label high amount" in text_of(page.section("month"))


def test_names_are_shown_as_they_are(dataset: Dataset, tmp_path: Path) -> None:
    rows = month_of(dataset, dataset.page)
    file = cut_out(dataset, rows, tmp_path)
    text = pd.read_csv(file, dtype=str, keep_default_na=False)
    for column in ("recipient_entity", "original_recipient_entity", "customer_id"):
        text[column] = f"{column} {HOSTILE}"
    text["city"] = [f"home {HOSTILE}"] * (len(text) - 1) + [f"away {HOSTILE}"]
    text.to_csv(file, index=False)
    html = render(statistics_from_csv(file), about(file))
    assert "<script" not in html
    assert "&amp;lt;" not in html
    shown = text_of(Page(html).section("month"))
    for name in ("recipient_entity", "customer_id", "home", "away"):
        assert f"{name} {HOSTILE}" in shown


def test_a_screen_reader_finds_a_table(dataset: Dataset) -> None:
    calendar = calendar_of(dataset.page)
    assert calendar.get("role") == "table"
    assert {each.get("role") for each in calendar.iter("td")} == {"cell"}
    assert {each.get("scope") for each in calendar.iter("th")} == {"col"}
    assert text_of(calendar.findall("caption")[0]) == "January 2024"


def test_nothing_has_no_month() -> None:
    html = render(Statistics(), {"location": "none.csv", "bytes": 0, "crc32": "00000000"})
    assert "calendar" not in html.partition("<body>")[2]
