"""The card's numbers: each one is what pandas computes from the CSV file, by other code."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from accidental_transfers import generate
from accidental_transfers.card.page import render
from accidental_transfers.local.card import about
from accidental_transfers.model.facts import reference
from accidental_transfers.spec import JobSpec
from accidental_transfers.statistics.statistics import Statistics
from accidental_transfers.statistics.tally import statistics_of
from tests.card.card_page import Page, number, tables, text_of

SPEC = JobSpec(customers=40, seed="card", lookalikes=1.5)
LABELS = {
    "burst": "is_accident_burst",
    "high amount": "is_high_amount_accident",
    "mistyped": "is_mistyped_entity_accident",
}
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
DAYS = 91


@dataclass(frozen=True)
class Dataset:
    file: Path
    rows: pd.DataFrame
    truth: pd.DataFrame
    customers: pd.DataFrame
    page: Page


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    file = tmp_path_factory.mktemp("card") / "some.csv"
    table = generate(SPEC)
    writers = {
        "": table.write_csv,
        ".accidents": table.write_accidents_csv,
        ".customers": table.write_customers_csv,
    }
    for name, write in writers.items():
        with file.with_name(f"some{name}.csv").open("w", newline="") as stream:
            write(stream)
    rows = pd.read_csv(file, parse_dates=["timestamp"])
    rows["cents"] = (rows.amount * 100).round().astype(int)
    rows["labelled"] = rows[list(LABELS.values())].any(axis=1)
    facts = statistics_of(table.blocks)
    return Dataset(
        file,
        rows,
        pd.read_csv(file.with_name("some.accidents.csv")),
        pd.read_csv(file.with_name("some.customers.csv")),
        Page(render(facts, {**about(file), "spec": SPEC.model_dump(mode="json")})),
    )


def test_the_summary(dataset: Dataset) -> None:
    rows = dataset.rows
    strip = dataset.page.strip()
    assert strip["transactions"][0] == f"{len(rows):,}"
    assert strip["customers"] == ["40", f"{len(rows) / 40 / DAYS:.1f} transactions a day"]
    assert strip["days"] == ["91", "1 Jan 2024 to 31 Mar 2024"]
    assert number(strip["with a label"][0]) == pytest.approx(100 * rows.labelled.mean(), rel=0.005)
    assert strip["with a label"][1] == f"{rows.labelled.sum():,} transactions"
    assert strip["size"][1] == f"{dataset.file.stat().st_size:,} bytes"


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


def test_accidents_by_customer(dataset: Dataset) -> None:
    seen = 0
    for title in dataset.page.titles("Labelled transactions per customer"):
        what, _, found = title.removesuffix(" customers").rpartition(": ")
        label, _, span = what.removesuffix(" labelled rows").partition(", ")
        low, _, high = span.partition(" to ")
        per_customer = dataset.rows.groupby("customer_id")[LABELS[label]].sum()
        assert number(found) == per_customer.between(int(low), int(high or low)).sum()
        seen += int(number(found))
    assert seen == 3 * 40


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


def test_the_columns_have_values_of_one_row(dataset: Dataset) -> None:
    (shown,) = tables(dataset.page.section("columns"))
    values = {row[0]: row[2] for row in shown}
    text = pd.read_csv(dataset.file, dtype=str).set_index("transaction_id", drop=False)
    assert values == text.loc[values["transaction_id"]].to_dict()
    assert list(values) == list(text.columns)


def test_it_is_one_small_file_without_a_network(dataset: Dataset) -> None:
    page = render(statistics_of(generate(SPEC).blocks), about(dataset.file))
    assert len(page.encode()) < 1_000_000
    assert "<script" not in page
    assert "http" not in page
    assert "url(" not in page


@pytest.mark.parametrize("rows", [0, 1, 2, 30])
def test_a_tiny_dataset_has_a_card(dataset: Dataset, tmp_path: Path, rows: int) -> None:
    from accidental_transfers.statistics.from_frames import statistics_from_csv

    file = tmp_path / "tiny.csv"
    lines = dataset.file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[: rows + 1]))
    page = Page(render(statistics_from_csv(file), about(file)))
    assert page.strip()["transactions"][0] == str(rows)


def test_names_of_a_foreign_file_are_text_and_no_markup(dataset: Dataset, tmp_path: Path) -> None:
    from accidental_transfers.statistics.from_frames import statistics_from_csv

    file = tmp_path / "foreign.csv"
    rows = pd.read_csv(dataset.file, dtype=str).head(200)
    script = "<script>alert('&')</script>"
    columns = ["transaction_type", "city", "entity_type", "recipient_entity"]
    rows.loc[rows.is_accident_burst == "False", columns] = script
    rows.to_csv(file, index=False)
    html = render(statistics_from_csv(file), {**about(file), "location": script})
    assert "<script" not in html
    assert script in text_of(Page(html).section("recipients"))


def test_nothing_at_all_has_a_card() -> None:
    nothing = {"location": "none.csv", "bytes": 0, "crc32": "00000000"}
    assert Page(render(Statistics(), nothing)).strip()["transactions"][0] == "0"


def test_a_manifest_counts_where_it_is_of_the_same_bytes(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("x\n")
    own = about(file)
    assert own["location"] == str(file)
    manifest = tmp_path / "a.manifest.json"
    manifest.write_text(json.dumps({"seed": 7, "bytes": own["bytes"], "crc32": own["crc32"]}))
    assert about(file)["seed"] == 7
    file.write_text("y\n")
    assert "seed" not in about(file)
