"""What the report's tests share."""

from pathlib import Path

from tests.samples import Dataset, text_of


def written(dataset: Dataset, folder: Path) -> Path:
    """Write a dataset and its companions as files."""
    (folder / "data.accidents.csv").write_text(text_of(dataset.table.write_accidents_csv))
    (folder / "data.customers.csv").write_text(text_of(dataset.table.write_customers_csv))
    file = folder / "data.csv"
    file.write_text(dataset.csv)
    return file
