"""Write the catalogue's columns anew: `python -m accidental_transfers.local.catalogue_columns`.

CloudFormation cannot ask the code for them, so that ``template.yaml`` has what is made here.
"""

from __future__ import annotations

import json
import sys

from accidental_transfers.dataset.athena import athena_columns
from accidental_transfers.dataset.lake import LAKE_TABLES
from accidental_transfers.local.deployment import TEMPLATE
from accidental_transfers.local.readme import write_parts

INDENT = 12 * " "
COMMENT = 10 * " " + "# {}"
"""Where a part begins and ends in YAML."""


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


def main() -> int:
    """Write the columns into the template; gives the exit status."""
    return write_parts(TEMPLATE, parts(), COMMENT)


if __name__ == "__main__":
    sys.exit(main())
