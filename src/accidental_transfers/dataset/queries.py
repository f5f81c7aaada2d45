"""Queries that people begin with, of a Parquet dataset, as both Athena and DuckDB understand them.

A query that names a month reads no other month's files.
"""

from __future__ import annotations

from dataclasses import dataclass

from accidental_transfers.model.accidents import ACCIDENTS


def _is_labelled(indent: int) -> str:
    """Write that a row has one of the labels that every dataset has, on lines of their own."""
    labels = (each.column for each in ACCIDENTS if not each.is_optional)
    return f"\n{' ' * indent}OR ".join(labels)


@dataclass(frozen=True)
class Query:
    """A question and its SQL, of the tables of `athena`."""

    asked: str
    sql: str


QUERIES = (
    Query(
        "What share of each month's transactions has a label?",
        f"""\
SELECT month, count(*) AS transactions,
       100e0 * count(*) FILTER (
         WHERE {_is_labelled(12)}
       ) / count(*) AS percent_labelled
FROM transactions
GROUP BY month
ORDER BY month""",  # noqa: S608
    ),
    Query(
        "How much is paid by each kind of accident and look-alike, and how much was meant?",
        """\
SELECT kind, count(*) AS transactions, sum(amount) AS paid, sum(intended_amount) AS meant
FROM accidents
JOIN transactions USING (month, transaction_id)
GROUP BY kind
ORDER BY kind""",
    ),
    Query(
        "Whom did they mean who mistyped a number in February?",
        """\
SELECT transaction_id, recipient_entity, intended_recipient, typing_error, amount
FROM accidents
JOIN transactions USING (month, transaction_id)
WHERE kind = 'mistyped' AND month = '2024-02'
ORDER BY transaction_id""",
    ),
    Query(
        "How many of the labels were known on 1 March?",
        f"""\
SELECT month, count(*) AS labelled,
       count(*) FILTER (WHERE label_known_at < TIMESTAMP '2024-03-01 00:00:00') AS known
FROM transactions
LEFT JOIN outcomes USING (month, transaction_id)
WHERE month < '2024-03'
  AND ({_is_labelled(7)})
GROUP BY month
ORDER BY month""",  # noqa: S608
    ),
    Query(
        "What did one customer do in January?",
        """\
SELECT "timestamp", transaction_type, amount, city, entity_type, recipient_entity
FROM transactions
WHERE customer_id = 'customer_007' AND month = '2024-01'
ORDER BY "timestamp", transaction_id""",
    ),
    Query(
        "Where do those live who often mistype a number?",
        """\
SELECT home_city, home_state, count(*) AS customers
FROM customers
WHERE mistyped_entity_accident_probability > 0.1
GROUP BY home_city, home_state
ORDER BY customers DESC, home_city, home_state""",
    ),
)
