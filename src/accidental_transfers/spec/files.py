"""The formats of a dataset, and the CSV files that it consists of."""

from __future__ import annotations

from typing import Literal, get_args

Format = Literal["csv", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)
CsvFile = Literal["dataset", "accidents", "customers", "outcomes"]
CSV_FILES: tuple[CsvFile, ...] = get_args(CsvFile)
"""The dataset, and its companions in CSV."""
ENDING = ".csv"


def ending(file: CsvFile, format_: str = ENDING) -> str:
    """Give what the file's name ends in, after the stem that all files of a dataset share.

    Parameters
    ----------
    format_
        The ending of a dataset in that format.
    """
    return format_ if file == "dataset" else f".{file}{format_}"


COMPANION_ENDINGS = tuple(ending(file) for file in CSV_FILES if file != "dataset")
