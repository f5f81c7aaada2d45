"""What is known of a column: its type, what it means, how it is written and who may read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from accidental_transfers.dataset.block import Block, NamedRows
from accidental_transfers.dataset.csv_text import Piece
from accidental_transfers.model.arrays import Codes


@dataclass(frozen=True)
class ColumnType:
    """What a column holds; other formats have words of their own for each, beside what writes them.

    Attributes
    ----------
    name
        What people call it.
    sql
        The type to cast its text to; None where it is text.
    dtype
        What pandas reads it as. (In frames that are made here, text that repeats is a category.)
    """

    name: str
    sql: str | None
    dtype: str


TEXT = ColumnType("text", None, "str")
CATEGORY = ColumnType("category", None, "category")
TIMESTAMP = ColumnType("timestamp", "timestamp", "datetime64[s]")
DECIMAL = ColumnType("decimal", "decimal(12, 2)", "float64")
BOOLEAN = ColumnType("boolean", "boolean", "bool")
INTEGER = ColumnType("integer", "bigint", "int64")
NUMBER = ColumnType("number", "double", "float64")


@dataclass(frozen=True)
class Coded:
    """Values that repeat: (rows,) codes of names."""

    names: Sequence[str]
    codes: Codes


Values = Coded | npt.NDArray[np.generic]


@dataclass(frozen=True)
class Column:
    """A column of the dataset.

    Attributes
    ----------
    name
        In the header.
    type
        `ColumnType`.
    meaning
        What a value says, for the README and the card.
    text
        Gives what a block's rows have in the CSV, without separators.
    values
        Gives what rows have in a frame: (rows,). They may be of several blocks.
    is_needed
        Whether a file without it is no dataset.
    is_truth
        Whether it tells the ground truth, and is no feature.
    is_searched_apart
        Whether the search for leaks has lines of its own for it, since its value may tell of
        accidents by right. All other columns but the ground truth are searched in every way.
    is_optional
        Whether only some datasets have it; see `columns.columns_of`.
    categories
        Columns that say the same here have the same categories in a frame; "" is its own.
    allowed
        Which values there are, where neither type nor meaning says it.
    """

    name: str
    type: ColumnType
    meaning: str
    text: Callable[[Block], list[Piece]]
    values: Callable[[NamedRows], Values]
    is_needed: bool = False
    is_truth: bool = False
    is_searched_apart: bool = False
    is_optional: bool = False
    categories: str = ""
    allowed: str = ""
