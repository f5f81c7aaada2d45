"""Columns in Arrow, for what writes Parquet: arrays, and schemas that tell what made the data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from accidental_transfers.dataset.column import (
    BOOLEAN,
    CATEGORY,
    DECIMAL,
    INTEGER,
    NUMBER,
    TEXT,
    TIMESTAMP,
    Coded,
    Column,
    ColumnType,
    Values,
)
from accidental_transfers.dataset.companion_columns import CompanionColumn
from accidental_transfers.dataset.csv_text import Text, Vocabulary
from accidental_transfers.dataset.version import DATASET_VERSION
from accidental_transfers.errors import MissingDependencyError
from accidental_transfers.model.arrays import Codes
from accidental_transfers.spec import DatasetSpec

if TYPE_CHECKING:
    import pyarrow as pa

PREFIX = "accidental_transfers."
"""Of the keys in a file's metadata."""
TIME_ZONE = "none: times are those of the local wall clock where the customer is"
AMOUNT_DIGITS, CENT_DIGITS = 12, 2
"""Of decimal amounts, as `column.DECIMAL` has them in SQL."""
ARROW_NAMES = {
    TEXT: "string",
    TIMESTAMP: "timestamp[ms]",
    BOOLEAN: "bool",
    INTEGER: "int64",
    NUMBER: "double",
}
"""What Arrow calls the types that are the same in every file."""


def pyarrow() -> tuple[Any, Any]:
    """Load pyarrow, which takes half a second, and which the artefact for AWS does without.

    Returns
    -------
    ``pyarrow`` and ``pyarrow.parquet``.

    Raises
    ------
    MissingDependencyError
        If it is not installed.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ModuleNotFoundError as error:
        raise MissingDependencyError(
            "Parquet needs pyarrow, which is not installed: "
            "pip install 'accidental-transfers[parquet]'"
        ) from error
    return pa, parquet


def schema_of_columns(
    columns: Iterable[Column | CompanionColumn],
    spec: DatasetSpec,
    categories: pa.DataType,
    decimals: bool = False,
    told: Mapping[str, str] | None = None,
) -> pa.Schema:
    """Give the schema of a file: its columns with their meanings, the specification, the version.

    Parameters
    ----------
    categories
        What categories are in this file.
    decimals
        Whether amounts are decimals, or the floating-point numbers nearest to the cents.
    told
        What else the file's metadata say, by its name, such as the run.

    Raises
    ------
    MissingDependencyError
        If pyarrow is not installed.
    """
    pa, _ = pyarrow()
    types = {
        **{type_: pa.type_for_alias(name) for type_, name in ARROW_NAMES.items()},
        CATEGORY: categories,
        DECIMAL: pa.decimal128(AMOUNT_DIGITS, CENT_DIGITS) if decimals else pa.float64(),
    }
    metadata = _metadata(spec) | {f"{PREFIX}{name}": text for name, text in (told or {}).items()}
    return pa.schema([_field(column, types) for column in columns], metadata)


def _field(column: Column | CompanionColumn, types: dict[ColumnType, pa.DataType]) -> pa.Field:
    pa, _ = pyarrow()
    nullable = isinstance(column, CompanionColumn) and column.may_be_empty
    meaning = {"meaning": column.meaning}
    return pa.field(column.name, types[column.type], nullable=nullable, metadata=meaning)


def _metadata(spec: DatasetSpec) -> dict[str, str]:
    # Of a job only what makes the data: where it was put is no matter of the data.
    told = spec.model_dump(mode="json", include=set(DatasetSpec.model_fields))
    return {
        f"{PREFIX}dataset_version": str(DATASET_VERSION),
        f"{PREFIX}spec": json.dumps(told),
        f"{PREFIX}time_zone": TIME_ZONE,
    }


def array_of(values: Values, wanted: pa.Field) -> pa.Array:
    """Give values as an array for a field; text that repeats is a dictionary in any case."""
    pa, _ = pyarrow()
    if isinstance(values, Coded):
        return _dictionary(values, is_category=pa.types.is_dictionary(wanted.type))
    if values.dtype.kind == "S":
        return _texts(values.astype(np.bytes_, copy=False))
    if pa.types.is_decimal(wanted.type):
        return _decimals(np.rint(values * 10**CENT_DIGITS).astype(np.int64))
    return pa.array(values.astype("M8[ms]") if values.dtype.kind == "M" else values)


def told_apart(numbers: npt.NDArray[np.int64]) -> tuple[Codes, npt.NDArray[np.int64]]:
    """Give the code of each number among the different ones, and those, in order of appearance."""
    pa, _ = pyarrow()
    found = pa.array(numbers).dictionary_encode()
    return found.indices.to_numpy(), found.dictionary.to_numpy()


def _dictionary(values: Coded, is_category: bool) -> pa.Array:
    pa, _ = pyarrow()
    codes, names = _all_different(values) if is_category else _that_occur(values)
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(names, pa.string()))


def _all_different(values: Coded) -> tuple[Codes, Sequence[str]]:
    """Give names that are all different, as categories must be: cities may have the same."""
    first: dict[str, int] = {}
    place = [first.setdefault(name, len(first)) for name in values.names]
    if len(first) == len(place):
        return values.codes, values.names
    return np.array(place, np.int32).take(values.codes), list(first)


def _that_occur(values: Coded) -> tuple[Codes, Sequence[str]]:
    """Give names that are few, where a vocabulary has many."""
    occurs = np.zeros(len(values.names), bool)
    occurs[values.codes] = True
    place = occurs.cumsum(dtype=np.int32) - np.int32(1)
    return place.take(values.codes), [
        values.names[code] for code in np.flatnonzero(occurs).tolist()
    ]


def _texts(values: Text) -> pa.Array:
    """Take ASCII texts that are padded with NUL bytes, without making each one in Python."""
    pa, _ = pyarrow()
    spelt = Vocabulary(values)
    ends = np.zeros(len(spelt) + 1, np.int32)
    if spelt.overhang:
        np.cumsum(spelt.lengths, out=ends[1:])
        text = pa.py_buffer(values.tobytes().translate(None, b"\0"))
    else:
        ends[:] = np.arange(len(ends)) * spelt.width
        text = pa.py_buffer(np.ascontiguousarray(values))
    return pa.Array.from_buffers(pa.string(), len(values), [None, pa.py_buffer(ends), text])


def _decimals(cents: npt.NDArray[np.int64]) -> pa.Array:
    """Take cents, not negative, for decimals of 128 bits."""
    pa, _ = pyarrow()
    words = np.zeros((len(cents), 2), np.int64)
    words[:, 0] = cents
    wanted = pa.decimal128(AMOUNT_DIGITS, CENT_DIGITS)
    return pa.Array.from_buffers(wanted, len(cents), [None, pa.py_buffer(words)])
