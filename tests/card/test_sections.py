"""What the card draws of the rows: each number is what pandas computes from the CSV file."""

import numpy as np
import pandas as pd
import pytest

from accidental_transfers.model.facts.reference import reference
from tests.card.card_page import number, tables, text_of
from tests.card.drawn_dataset import LABELS, Dataset

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def test_weekdays_and_hours(dataset: Dataset) -> None:
    time = dataset.rows.timestamp.dt
    counts = dataset.rows.groupby([time.day_of_week, time.hour]).size()
    shown = dataset.page.numbers("Weekday and hour")
    for weekday, name in enumerate(WEEKDAYS):
        for hour in range(24):
            expected = counts.get((weekday, hour), 0)
            assert shown[f"{name} {hour:02}:00 to {hour:02}:59"] == expected


def test_hours_by_type(dataset: Dataset) -> None:
    shown = dataset.page.numbers("Hour, by type")
    for name, rows in dataset.rows.groupby("transaction_type"):
        shares = rows.timestamp.dt.hour.value_counts(normalize=True) * 100
        for hour in range(24):
            key = f"{name} {hour:02}:00 to {hour:02}:59"
            assert shown[key] == pytest.approx(shares.get(hour, 0.0), rel=0.005)


def test_days(dataset: Dataset) -> None:
    rows = dataset.rows
    shown = dataset.page.numbers("Transactions per day")
    dates = rows.timestamp.dt.strftime("%Y-%m-%d")
    by_type = rows.groupby([rows.transaction_type, dates]).size()
    for date, found in dates.value_counts().items():
        assert shown.pop(f"All, {date}") == found
    for name in rows.transaction_type.unique():
        for date in pd.date_range("2024-01-01", "2024-03-31").strftime("%Y-%m-%d"):
            assert shown.pop(f"{name}, {date}") == by_type.get((name, date), 0)
    assert not shown


def test_the_rhythm_of_the_month(dataset: Dataset) -> None:
    rows = dataset.rows
    shown = dataset.page.numbers("The month's rhythm")
    for name, of_type in rows.groupby("transaction_type"):
        per_day = of_type.groupby(of_type.timestamp.dt.normalize()).size()
        per_day = per_day.reindex(pd.date_range("2024-01-01", "2024-03-31"), fill_value=0)
        index = per_day.groupby(pd.DatetimeIndex(per_day.index).day).mean() / per_day.mean()
        for day in range(1, 32):
            assert shown[f"{name}, day {day}"] == pytest.approx(index[day], abs=0.0051)


def test_amounts_and_accidents_among_them(dataset: Dataset) -> None:
    for name, rows in dataset.rows.groupby("transaction_type"):
        totals = dict.fromkeys(["transactions", *LABELS], 0)
        for title in dataset.page.titles(str(name)):
            span, _, counted = title.rpartition(": ")
            found, _, group = counted.partition(" ")
            low, _, high = span.partition(" to ")
            inside = rows.cents.between(round(100 * number(low)), round(100 * number(high or low)))
            flags = rows[LABELS[group]] if group in LABELS else np.ones(len(rows), bool)
            assert number(found) == (inside & flags).sum(), (name, title)
            totals[group] += int(number(found))
        expected = {label: rows[column].sum() for label, column in LABELS.items()}
        assert totals == {"transactions": len(rows), **expected}


def test_sums_and_quantiles_of_amounts(dataset: Dataset) -> None:
    (shown,) = tables(dataset.page.section("amounts"))
    types = dataset.rows.groupby("transaction_type").cents
    assert {row[0] for row in shown} == set(types.groups)
    for name, rows, total, mean, *quantiles, largest in shown:
        cents = types.get_group(name)
        assert number(rows) == len(cents)
        assert round(100 * number(total)) == cents.sum()
        assert number(mean) == pytest.approx(cents.mean() / 100, abs=0.0051)
        assert round(100 * number(largest)) == cents.max()
        for span, share in zip(quantiles, (0.5, 0.99), strict=True):
            low, _, high = span.partition(" to ")
            value = np.quantile(cents, share, method="inverted_cdf")
            assert number(low) <= value / 100 <= number(high)


def test_types_and_entity_types(dataset: Dataset) -> None:
    rows, page = dataset.rows, dataset.page
    assert page.numbers("Transaction types") == dict(rows.transaction_type.value_counts())
    for name, of_type in rows.groupby("transaction_type"):
        counts = dict(of_type.entity_type.value_counts())
        assert page.numbers(f"{name}: entity types") == counts


def test_recipients(dataset: Dataset) -> None:
    recipients = dataset.rows.recipient_entity
    is_person = recipients.str.match(r"user_\d{10}$")
    counts = recipients[~is_person].value_counts()
    for rank, found in dataset.page.numbers("Popularity of merchants").items():
        assert found == counts.iloc[int(rank.removeprefix("Rank ")) - 1]
    (popular,) = tables(dataset.page.panel("Most popular"))
    assert [number(row[2]) for row in popular] == counts.head(len(popular)).tolist()
    assert all(number(row[2]) == counts[row[1]] for row in popular)
    fitted = counts.head(100).to_numpy()
    slope = np.polyfit(np.log(np.arange(1, len(fitted) + 1)), np.log(fitted), 1)[0]
    caption = text_of(dataset.page.panel("Popularity of merchants"))
    assert f"exponent of the 100 most popular: {-slope:.2f}." in caption
    lead = text_of(dataset.page.section("recipients"))
    assert f"{len(counts):,} merchants" in lead
    assert f"{is_person.sum():,} transactions" in lead


def test_cities(dataset: Dataset) -> None:
    customers, rows = dataset.customers, dataset.rows.merge(dataset.customers, on="customer_id")
    home = customers.home_city + ", " + customers.home_state
    at_home = (rows.city == rows.home_city).mean()
    lead = text_of(dataset.page.section("where"))
    shown = dataset.page.titles("Home cities")
    names = [title.partition(": ")[0] for title in shown]
    assert f"{len(names)} cities" in lead
    # Two cities share a name: the reference knows them apart, the column does not.
    assert {name.rpartition(",")[0] for name in names} == set(rows.city)
    ambiguous = rows.city.value_counts()
    for name, title in zip(names, shown, strict=True):
        living, happening = title.partition(": ")[2].split(", ", 1)
        assert number(living.split()[0]) == (home == name).sum()
        city = name.rpartition(",")[0]
        if [each.name for each in reference().cities].count(city) == 1:
            assert number(happening.split()[0]) == ambiguous[city]
    assert set(home) <= set(names)
    share = float(lead.split(" cities; ")[1].split(" %")[0])
    assert share == pytest.approx(100 * at_home, rel=0.005)
