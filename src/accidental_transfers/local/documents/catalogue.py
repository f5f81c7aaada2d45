"""The parts of template.yaml: the catalogue's columns, since CloudFormation cannot ask the code."""

from __future__ import annotations

import json

from accidental_transfers.dataset.athena import athena_columns
from accidental_transfers.dataset.lake import LAKE_TABLES

INDENT = 12 * " "


def parts() -> dict[str, str]:
    """Make the columns of every table, as YAML."""
    return {
        table: "\n".join(
            f"{INDENT}- {{Name: {column.name}, Type: {json.dumps(column.type)}, "
            f"Comment: {json.dumps(column.meaning)}}}"
            for column in athena_columns(table)
        )
        for table in LAKE_TABLES
    }
