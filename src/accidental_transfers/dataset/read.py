"""Reading a dataset's CSV file, whoever made it: for the card and for the scorecard."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from accidental_transfers.dataset.columns import (
    COLUMNS,
    LABEL_OF_COLUMN,
    TRANSACTION_COLUMNS,
    columns_of,
)
from accidental_transfers.dataset.companion_files import (
    companion,
    read_accidents,
    read_customers,
    read_outcomes,
)
from accidental_transfers.dataset.parse import (
    amounts,
    flags,
    require,
    require_columns,
    times,
)
from accidental_transfers.errors import DatasetFileError
from accidental_transfers.model.accident import Accident
from accidental_transfers.model.accidents import usual_or_among

if TYPE_CHECKING:
    import pandas as pd

NEEDED = tuple(column.name for column in COLUMNS if column.is_needed)


@dataclass(frozen=True, eq=False)
class Files:
    """A dataset's files as frames.

    Attributes
    ----------
    rows
        In order of customer (as they come) and time; rows of one time stay as in the file.
        Of the dataset's columns: ``timestamp`` by the local clock, ``amount`` in dollars,
        ``transaction_id`` as text, a truth value under each label's name (False where its column
        is missing), and all others as categories of text, without a value where a field is empty
        or the column is missing. Beside them: ``customer`` (code, in the order of coming),
        ``day`` (the midnight before), ``cents``, ``empty_fields`` and ``file_row``.
    accidents
        Those that are part of the dataset: optional ones only where the file has their column.
    missing
        Columns of the dataset that the file lacks.
    unknown
        Its other columns, as categories of text, in the order of the rows.
    truth
        The companion about accidents, with ``row``, the position of its row; None without one.
    customers
        The companion about customers; None without one.
    outcomes
        The companion about what followed, with ``row``, times (none where empty) and the
        recovered dollars as a number (0 where empty); None without one.
    """

    rows: pd.DataFrame
    accidents: tuple[Accident, ...]
    missing: tuple[str, ...]
    unknown: pd.DataFrame
    truth: pd.DataFrame | None = None
    customers: pd.DataFrame | None = None
    outcomes: pd.DataFrame | None = None


def read_files(path: Path) -> Files:
    """Read a dataset and, where they exist, the companions beside it.

    The columns may come in any order. Needed are customer, time, transaction type, amount and
    one label at least; what else is missing counts as empty.

    Raises
    ------
    DatasetFileError
        Naming the file and the missing columns, or the line, the column and the value that
        cannot be read.
    """
    files = files_of(_read(path), str(path))
    accidents, customers, outcomes = (
        companion(path, f"{name}.csv") for name in ("accidents", "customers", "outcomes")
    )
    return replace(
        files,
        truth=read_accidents(accidents, files.rows) if accidents.exists() else None,
        customers=read_customers(customers) if customers.exists() else None,
        outcomes=read_outcomes(outcomes, files.rows) if outcomes.exists() else None,
    )


def files_of(given: pd.DataFrame, name: str = "the frame") -> Files:
    """Take a frame for a dataset without companions.

    Raises
    ------
    DatasetFileError
        As `read_files`; ``name`` is what the message calls the frame.
    """
    require_columns(given, NEEDED, name)
    if not any(column in given for column in LABEL_OF_COLUMN):
        allowed = ", ".join(LABEL_OF_COLUMN)
        raise DatasetFileError(f"{name} has no labels: it needs one at least of {allowed}")
    rows = _checked(given.reset_index(drop=True), name)
    unknown = [column for column in given if column not in TRANSACTION_COLUMNS]
    raw = given.reset_index(drop=True)[unknown].astype("category")
    order = np.lexsort((rows["timestamp"], rows["customer"]))
    accidents = usual_or_among(
        [label for column, label in LABEL_OF_COLUMN.items() if column in given]
    )
    expected = [column.name for column in columns_of(accidents)]
    return Files(
        rows=_in_order(rows, order),
        accidents=accidents,
        missing=tuple(column for column in expected if column not in given),
        unknown=_in_order(raw, order),
    )


def _in_order(frame: pd.DataFrame, order: npt.NDArray[np.intp]) -> pd.DataFrame:
    if (np.diff(order) == 1).all():
        return frame
    return frame.take(order).reset_index(drop=True)


def _checked(given: pd.DataFrame, name: str) -> pd.DataFrame:
    """Give `Files.rows`, in the order of the file."""
    import pandas as pd

    for column in NEEDED:
        require(given[column].notna(), given[column], name, "no empty field")
    time = times(given["timestamp"], name)
    amount = amounts(given["amount"], name)
    texts = _texts(given)
    customer, ids = pd.factorize(texts["customer_id"])
    texts["customer_id"] = pd.Categorical.from_codes(customer, pd.Index(ids, dtype="str"))
    return pd.DataFrame(
        {
            **texts,
            "transaction_id": _optional(given, "transaction_id").astype("str"),
            "timestamp": time,
            "amount": amount,
            **{
                label: flags(given[column], name) if column in given else False
                for column, label in LABEL_OF_COLUMN.items()
            },
            "customer": customer,
            "day": time.dt.normalize(),
            "cents": (amount * 100).round().astype("int64"),
            "empty_fields": sum(
                given[column].isna().to_numpy().astype(np.int64)
                for column in TRANSACTION_COLUMNS
                if column in given
            ),
            "file_row": np.arange(len(given)),
        },
        copy=False,
    )


def _optional(given: pd.DataFrame, column: str) -> pd.Series:
    import pandas as pd

    return given.get(column, pd.Series(None, given.index, dtype="str"))


def _texts(given: pd.DataFrame) -> dict[str, pd.Categorical]:
    """Take text for categories, the same for columns that are compared with each other."""
    import pandas as pd

    texts: dict[str, pd.Categorical] = {}
    shared: dict[str, list[str]] = {}
    for column in COLUMNS:
        if column.name not in {"transaction_id", "timestamp", "amount", *LABEL_OF_COLUMN}:
            found = pd.Categorical(_optional(given, column.name))
            # Categories of a column that is missing have no type of their own.
            names = pd.Index(found.categories, dtype="str")
            texts[column.name] = pd.Categorical.from_codes(found.codes, names)
            shared.setdefault(column.categories or column.name, []).append(column.name)
    for names in shared.values():
        if len(names) > 1:
            alike = [texts[name] for name in names]
            every = pd.api.types.union_categoricals(alike, ignore_order=True).categories
            texts |= {name: texts[name].set_categories(every) for name in names}
    return texts


def _read(path: Path) -> pd.DataFrame:
    """Read a file: text that repeats as categories, amounts as numbers if all of them are."""
    import pandas as pd

    try:
        header = pd.read_csv(path, nrows=0)
        types: dict[Hashable, str] = dict.fromkeys(header.columns, "category")
        types |= {"timestamp": "str", "transaction_id": "str"}
        types.pop("amount", None)
        frame = _parsed(path, lambda _: True, types)
        # pandas takes categories for numbers if all of them are: 007 would be 7.
        numbers = {
            name
            for name, column in frame.items()
            if name not in LABEL_OF_COLUMN
            and isinstance(column.dtype, pd.CategoricalDtype)
            and pd.api.types.is_numeric_dtype(column.cat.categories)
        }
        if numbers:
            texts = _parsed(path, numbers.__contains__, dict.fromkeys(numbers, "str"))
            frame = frame.assign(**texts.astype("category"))
    except (OSError, ValueError) as error:
        raise DatasetFileError(f"{path} cannot be read: {error}") from error
    return frame


def _parsed(
    path: Path, wanted: Callable[[Hashable], bool], types: dict[Hashable, str]
) -> pd.DataFrame:
    """Parse some columns. To choose them, even all of them, halves the time."""
    import pandas as pd

    with warnings.catch_warnings():
        # Amounts of several types are looked at later, one by one.
        warnings.simplefilter("ignore", pd.errors.DtypeWarning)
        # "None" or "NA" may well be somebody's name.
        return pd.read_csv(path, usecols=wanted, dtype=types, keep_default_na=False, na_values=[""])
