"""The dataset's files as Athena's tables: their columns, and the statements that create them.

No field of the CSV needs quotes, so that Athena's reader of delimited text takes it with real
types: times as they are written, and booleans in any case
(https://docs.aws.amazon.com/athena/latest/ug/lazy-simple-serde.html).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from accidental_transfers.dataset.columns import columns_of
from accidental_transfers.dataset.companion_columns import companion_columns
from accidental_transfers.dataset.lake import BY_MONTH, LAKE_TABLES, LakeTable
from accidental_transfers.model.accident import Accident
from accidental_transfers.model.accidents import ACCIDENTS


@dataclass(frozen=True)
class AthenaColumn:
    """A column, with its type as Athena and Glue name it."""

    name: str
    type: str
    meaning: str


def athena_columns(
    table: LakeTable, accidents: Collection[Accident] = tuple(ACCIDENTS)
) -> list[AthenaColumn]:
    """Give the columns of a table, in Parquet and in CSV.

    Parameters
    ----------
    accidents
        Those that the dataset has; by default all that there are. In Parquet, a column that a file
        lacks is missing in its rows.
    """
    file = LAKE_TABLES[table]
    columns = columns_of(accidents) if file == "dataset" else companion_columns(file, accidents)
    return [
        AthenaColumn(column.name, (column.type.sql or "string").replace(" ", ""), column.meaning)
        for column in columns
    ]


def csv_statement(table: LakeTable, folder: str, accidents: Collection[Accident]) -> str:
    """Write the statement that creates a table of a CSV file, which is alone in its folder."""
    return _statement(
        table,
        accidents,
        "ROW FORMAT DELIMITED FIELDS TERMINATED BY ','",
        f"LOCATION {quoted(folder)}",
        # What is empty is missing, in texts as well.
        "TBLPROPERTIES ('skip.header.line.count' = '1', 'serialization.null.format' = '')",
    )


def parquet_statements(
    table: LakeTable,
    root: str,
    months: Mapping[str, str],
    people: str,
    accidents: Collection[Accident],
) -> str:
    """Write the statements that create a table of a Parquet dataset, for who has no catalogue.

    Parameters
    ----------
    root
        Address of the folder that has a folder of each table.
    months, people
        The run of each month's files, and that of the customers: the manifest has them.
    """
    folder = f"{root}/{table}/"
    if table not in BY_MONTH:
        place = f"LOCATION {quoted(f'{folder}run={people}/')}"
        return _statement(table, accidents, "STORED AS PARQUET", place)
    created = _statement(
        table,
        accidents,
        "PARTITIONED BY (`month` string)",
        "STORED AS PARQUET",
        f"LOCATION {quoted(folder)}",
    )
    places = [
        f"\n  PARTITION (month = {quoted(month)})"
        f" LOCATION {quoted(f'{folder}run={run}/month={month}/')}"
        for month, run in sorted(months.items())
    ]
    return f"{created}\nALTER TABLE {table} ADD IF NOT EXISTS{''.join(places)};\n"


def _statement(table: LakeTable, accidents: Collection[Accident], *ends: str) -> str:
    columns = ",\n".join(
        f"  `{column.name}` {column.type}" for column in athena_columns(table, accidents)
    )
    return "\n".join([f"CREATE EXTERNAL TABLE {table} (", columns, ")", *ends]) + ";\n"


def quoted(content: str) -> str:
    """Write a text as SQL does."""
    doubled = content.replace("'", "''")
    return f"'{doubled}'"
