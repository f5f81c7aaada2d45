"""The card's sections for who uses the dataset: columns, loading, provenance, limits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from string import Template
from typing import Any

from accidental_transfers.card.markup import code, count, percent, section, table, tag
from accidental_transfers.dataset.columns import TRANSACTION_COLUMNS
from accidental_transfers.statistics.statistics import Statistics

COLUMNS = {
    "customer_id": ("text", "the customer; every customer's rows stand together"),
    "transaction_id": ("text", "the customer, then the position in the customer's order of time"),
    "timestamp": ("timestamp", "local wall clock where the customer is, whole seconds"),
    "transaction_type": ("category", "the way to pay"),
    "amount": ("decimal", "dollars, two decimals"),
    "is_accident_burst": ("boolean", "one of several transactions within seconds"),
    "is_high_amount_accident": ("boolean", "far above the usual maximum by mistake"),
    "is_mistyped_entity_accident": ("boolean", "to a number that was not meant"),
    "city": ("category", "where the customer is at that moment"),
    "entity_type": ("category", "the kind of recipient; each transaction type has its own"),
    "recipient_entity": ("text", "who was paid; where mistyped, the mistyped number"),
    "original_recipient_entity": ("text", "who was meant, in every row: the truth, no feature"),
}
LIMITS = (
    (
        "It is synthetic. No row is a real payment and no customer a real person; what holds here "
        "is a hypothesis about real accounts until it is tested there."
    ),
    (
        "8 to 15 transactions a day, the default, is a workload chosen for training, not a "
        "population: real Americans make about 1.6 payments a day."
    ),
    (
        "Amounts, hours, weekdays and days of the month follow the Federal Reserve's Diary of "
        "Consumer Payment Choice, 2017 to 2019, raised to dollars of early 2024. Typing errors "
        "follow published counts of people's errors. Shares of entity types and rates of accidents "
        "and their look-alikes are estimates, and can be set."
    ),
    (
        "Customers live in the 120 largest cities of the United States, in shares of the 2020 "
        "Census. There are no villages, no foreign countries, no incomes, balances or refunds."
    ),
    (
        "The rate of labels is far above what banks see. A model's precision here says nothing "
        "about its precision there: calibrate it to your own rate."
    ),
    ("original_recipient_entity and the companions tell the truth. Keep them away from features."),
)
FOREIGN = (
    "This file has no manifest of its own: the points below hold if accidental-transfers made it, "
    "which this card cannot know."
)
_PANDAS = Template("""import pandas as pd

frame = pd.read_csv(
    $location,
    parse_dates=["timestamp"],
    dtype={name: "category" for name in ("transaction_type", "city", "entity_type")},
)""")
_DUCKDB = Template("""SELECT transaction_type, count(*) AS transactions, sum(amount) AS dollars
FROM read_csv($location, header = true,
              types = {'amount': 'DECIMAL(12, 2)', 'timestamp': 'TIMESTAMP'})
GROUP BY transaction_type;""")
_ATHENA = Template("""-- A table is a whole folder, so give the CSV one of its own first:
-- aws s3 cp $location $prefix
CREATE EXTERNAL TABLE transactions_text (
  $texts
)
ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
LOCATION $quoted
TBLPROPERTIES ('skip.header.line.count' = '1');

CREATE VIEW transactions AS SELECT
  $typed
FROM transactions_text;""")


def columns(facts: Statistics) -> str:
    """Show the columns with types and example values."""
    examples = _example_row(facts)
    rows = [
        [tag("code", name), COLUMNS[name][0], tag("code", escape(examples.get(name, ""))),
         COLUMNS[name][1]]
        for name in TRANSACTION_COLUMNS
    ]  # fmt: skip
    lead = "One row is one transaction; rows are ordered by customer, then by time."
    content = table(["column", "type", "example", "meaning"], rows, prose=3)
    return section("columns", "Columns", lead, tag("div", content, class_="panel"))


def _example_row(facts: Statistics) -> dict[str, str]:
    """Give a row of the dataset: the first that an example has."""
    for found in facts.examples.values():
        for rows in found:
            return {name: str(value) for name, value in rows[0].items()}
    return {}


def loading(location: str) -> str:
    """Show how to load a dataset from where it is."""
    folder = location.rpartition("/")[0] or "."
    stem = location.rpartition("/")[2].removesuffix(".csv")
    bucket = location.split("/")[2] if location.startswith("s3://") else "YOUR-BUCKET"
    prefix = f"s3://{bucket}/athena/{stem}/"
    content = (
        code(_PANDAS.substitute(location=repr(location)), "pandas")
        + code(_DUCKDB.substitute(location=_sql(location)), "DuckDB")
        + code(_athena(location, prefix), "Athena")
    )
    lead = f"Addresses that begin with s3:// need your credentials. Companions: {folder}/{stem}.*"
    return section("loading", "How to load it", escape(lead),
                   tag("div", content, class_="panel"))  # fmt: skip


def _athena(location: str, prefix: str) -> str:
    return _ATHENA.substitute(
        location=location,
        prefix=prefix,
        quoted=_sql(prefix),
        texts=",\n  ".join(f"`{name}` string" for name in TRANSACTION_COLUMNS),
        typed=",\n  ".join(_typed(name) for name in TRANSACTION_COLUMNS),
    )


def _typed(name: str) -> str:
    kinds = {"timestamp": "timestamp", "decimal": "decimal(12, 2)", "boolean": "boolean"}
    kind = kinds.get(COLUMNS[name][0])
    quoted = f'"{name}"'
    return f"CAST({quoted} AS {kind}) AS {quoted}" if kind else quoted


def _sql(content: str) -> str:
    doubled = content.replace("'", "''")
    return f"'{doubled}'"


def provenance(about: Mapping[str, Any]) -> str:
    """Show who made the dataset, from what, and how to tell that it is unchanged."""
    rows = [[name, tag("code", escape(str(value)))] for name, value in _origin(about)]
    content = table(["what", "which"], rows, prose=1) + _asked_for(about)
    if about.get("spec"):
        spec = json.dumps(about["spec"], indent=2)
        content += tag(
            "details",
            tag("summary", "The whole input: run it again and every byte is the same")
            + tag("pre", tag("code", escape(spec)), tabindex=0),
        )
    else:
        content += tag(
            "p",
            "No manifest of this file stands beside it, so that its input is not known here.",
        )
    return section("provenance", "Provenance", "", tag("div", content, class_="panel"))


def _origin(about: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Give what is known of how a dataset was made."""
    named = [("run", about.get("run")), ("seed", about.get("seed")), ("CRC32", about.get("crc32"))]
    versions = [(f"version of {name}", each) for name, each in about.get("versions", {}).items()]
    companions = [
        (f"{kind}, CRC32", f"{each['key']} · {count(each['rows'])} rows · {each['crc32']}")
        for kind, each in about.get("files", {}).items()
        if kind != "dataset"
    ]
    return [(name, value) for name, value in [*named, *companions, *versions] if value is not None]


def _asked_for(about: Mapping[str, Any]) -> str:
    """Show the rates that were asked for beside those that the rows have."""
    rates = about.get("compared", {}).get("rates", {})
    if not rates:
        return ""
    rows = [[tag("code", name), _rate(each["requested"]), _rate(each["realised"])]
            for name, each in rates.items()]  # fmt: skip
    return tag("h4", "Asked for and realised") + table(
        ["mean over customers", "asked for", "realised"], rows, (1, 2)
    )


def _rate(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def limits(facts: Statistics, days: int, made_here: bool) -> str:
    """Say what the dataset is not."""
    rate = facts.rows / (facts.customers * days)
    share = percent(facts.labelled / facts.rows)
    own = f"Here, a customer makes {rate:.1f} transactions a day, and {share} of them have a label."
    reserve = () if made_here else (FOREIGN,)
    items = "".join(tag("li", text) for text in (*reserve, own, *LIMITS))
    return section("limits", "Honest limits", "",
                   tag("div", tag("ul", items), class_="panel"))  # fmt: skip
