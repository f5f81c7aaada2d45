"""A dataset on disk, as pandas reads it, and its card."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from accidental_transfers import generate
from accidental_transfers.card.page import render
from accidental_transfers.local.card import about
from accidental_transfers.spec import JobSpec
from accidental_transfers.statistics.from_frames import statistics_from_csv
from accidental_transfers.statistics.tally import statistics_of
from tests.card.card_page import Page

CUSTOMERS = 40
SPEC = JobSpec(customers=CUSTOMERS, seed="card", lookalikes=1.5)
LABELS = {accident.name.replace("_", " "): accident.column for accident in SPEC.accidents}


@dataclass(frozen=True)
class Dataset:
    file: Path
    rows: pd.DataFrame
    truth: pd.DataFrame
    customers: pd.DataFrame
    html: str
    page: Page


def drawn_dataset(folder: Path) -> Dataset:
    file = folder / "some.csv"
    table = generate(SPEC)
    writers = {
        "": table.write_csv,
        ".accidents": table.write_accidents_csv,
        ".customers": table.write_customers_csv,
    }
    for name, write in writers.items():
        with file.with_name(f"some{name}.csv").open("w", newline="") as stream:
            write(stream)
    html = render(
        statistics_of(table.blocks), {**about(file), "spec": SPEC.model_dump(mode="json")}
    )
    return Dataset(
        file,
        _labelled_rows(file),
        pd.read_csv(file.with_name("some.accidents.csv")),
        pd.read_csv(file.with_name("some.customers.csv")),
        html,
        Page(html),
    )


def card_of(file: Path) -> Page:
    """The card of a file as anybody may have it."""
    return Page(render(statistics_from_csv(file), about(file)))


def cut_out(dataset: Dataset, rows: pd.DataFrame, folder: Path) -> Path:
    """Write some rows of a dataset, as they are, to a file that has no companions."""
    file = folder / "mine.csv"
    text = pd.read_csv(dataset.file, dtype=str, keep_default_na=False)
    text.loc[rows.index].to_csv(file, index=False)
    return file


def _labelled_rows(file: Path) -> pd.DataFrame:
    rows = pd.read_csv(file, parse_dates=["timestamp"])
    rows["cents"] = (rows.amount * 100).round().astype(int)
    rows["labelled"] = rows[list(LABELS.values())].any(axis=1)
    return rows
