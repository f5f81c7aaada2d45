"""The parts of docs/athena.md: statements that create tables, and queries."""

from __future__ import annotations

from collections.abc import Iterable

from accidental_transfers.dataset.athena import csv_statement, parquet_statements
from accidental_transfers.dataset.lake import LAKE_TABLES
from accidental_transfers.dataset.queries import QUERIES
from accidental_transfers.spec import DatasetSpec

MONTHS = dict.fromkeys(["2024-01", "2024-02", "2024-03"], "RUN")
ROOT = "s3://YOUR-BUCKET/data/synthetic_transactions_labeled"


def parts() -> dict[str, str]:
    """Make every generated part, by its name."""
    accidents = DatasetSpec().accidents
    return {
        "parquet": _sql(
            parquet_statements(table, ROOT, MONTHS, "RUN", accidents) for table in LAKE_TABLES
        ),
        "csv": _sql(
            csv_statement(table, f"s3://YOUR-BUCKET/athena/{table}/", accidents)
            for table in LAKE_TABLES
        ),
        "queries": "\n\n".join(f"{query.asked}\n\n{_sql([query.sql])}" for query in QUERIES),
    }


def _sql(statements: Iterable[str]) -> str:
    return "\n".join(["```sql", "\n".join(statements).rstrip(), "```"])
