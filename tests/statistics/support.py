"""What the report's tests share."""

from pathlib import Path

from accidental_transfers.dataset.generate import simulate
from accidental_transfers.spec import DatasetSpec
from accidental_transfers.statistics.share import Share
from accidental_transfers.statistics.tally import Tally
from tests.samples import Dataset, text_of


def written(dataset: Dataset, folder: Path) -> Path:
    """Write a dataset and its companions as files."""
    (folder / "data.accidents.csv").write_text(text_of(dataset.table.write_accidents_csv))
    (folder / "data.customers.csv").write_text(text_of(dataset.table.write_customers_csv))
    file = folder / "data.csv"
    file.write_text(dataset.csv)
    return file


def share_of(spec: DatasetSpec, first: int, last: int) -> Share:
    """What the receipt of a slice says, as it is read from the receipt's text."""
    tally = Tally()
    for table in simulate(spec, first, last):
        for block in table.blocks:
            tally.add(block)
    return Share.model_validate_json(tally.share().model_dump_json())
