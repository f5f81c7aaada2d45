"""Sets to be packaged, as ``generate`` makes them."""

from pathlib import Path

from accidental_transfers import generate
from accidental_transfers.dataset.table import Table
from accidental_transfers.local.__main__ import main

FIELDS = {"customers": 4, "seed": 7, "end_date": "2024-02-15"}
TABLES = {
    "transactions": "dataset",
    "accidents": "accidents",
    "customers": "customers",
    "outcomes": "outcomes",
}


def made(folder: Path, name: str, *options: str) -> Path:
    """Make a set of a few hundred rows, each table of which has some."""
    file = folder / name
    given = [text for field, value in FIELDS.items()
             for text in (f"--{field.replace('_', '-')}", str(value))]  # fmt: skip
    assert main(["generate", *given, "-q", "-o", str(file), *options]) == 0
    return file


def table() -> Table:
    """Give the table that those sets have."""
    return generate(FIELDS)


def package(target: Path, site: str, output: Path, *options: str) -> int:
    """Package a set without a word."""
    return main(["package", str(target), "--for", site, "-o", str(output), "-q", *options])
