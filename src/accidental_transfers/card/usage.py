"""What the card's sections for its users show: columns, loading, provenance, limits."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from accidental_transfers.card.disclosures import ATTRIBUTION, LICENCE, SOURCES
from accidental_transfers.card.legend import accidents_of
from accidental_transfers.card.numbers import count
from accidental_transfers.dataset.athena import csv_statement, parquet_statements, quoted
from accidental_transfers.dataset.columns import columns_of
from accidental_transfers.dataset.queries import QUERIES
from accidental_transfers.model.accident import Accident
from accidental_transfers.statistics.statistics import Statistics

BUCKET = "YOUR-BUCKET"
PARQUET = ".parquet"


def file_name(location: str) -> str:
    """Give the last part of an address or a path: a card travels with the file, not its folder."""
    return location.replace("\\", "/").rpartition("/")[2]


@dataclass(frozen=True)
class Column:
    """A column, with a value that stands in a row of the dataset."""

    name: str
    type: str
    example: str
    meaning: str


def columns(facts: Statistics) -> list[Column]:
    """Describe the columns."""
    examples = _example_row(facts)
    return [
        Column(each.name, each.type.name, examples.get(each.name, ""), each.meaning)
        for each in columns_of(accidents_of(facts))
    ]


def _example_row(facts: Statistics) -> dict[str, str]:
    """Give a row of the dataset: the first that an example has."""
    for found in facts.examples.values():
        for rows in found:
            return {name: str(value) for name, value in rows[0].items()}
    return {}


@dataclass(frozen=True)
class LakeLoading:
    """The transactions that a run has left as Parquet, as each program names and reads them."""

    in_python: str
    a_month: str
    in_sql: str
    query: str
    statements: str


@dataclass(frozen=True)
class Loading:
    """A dataset's name, as each program writes it, and the statement by which Athena reads it.

    Attributes
    ----------
    has_file
        Whether the dataset is one file; a lake may be all there is.
    statement
        None of a file of somebody else, whose columns Athena could not know.
    """

    has_file: bool
    is_parquet: bool
    name: str
    in_python: str
    in_sql: str
    companions: str
    athena_prefix: str
    statement: str | None
    lake: LakeLoading | None


def loading(about: Mapping[str, Any], facts: Statistics) -> Loading:
    """Tell how to load a dataset that stands beside its card, wherever both have been sent."""
    name = file_name(about["location"])
    stem = name.removesuffix(".gz").removesuffix(".csv").removesuffix(PARQUET)
    prefix = f"s3://{BUCKET}/athena/{stem}/"
    lake, accidents = about.get("lake"), accidents_of(facts)
    return Loading(
        has_file=not lake or bool(about["files"]),
        is_parquet=name.endswith(PARQUET),
        name=name,
        in_python=repr(name),
        in_sql=quoted(name),
        companions=f"{stem}.*",
        athena_prefix=prefix,
        statement=csv_statement("transactions", prefix, accidents) if "spec" in about else None,
        lake=_lake_loading(stem, about["run"], lake, accidents) if lake else None,
    )


def _lake_loading(
    stem: str, run: str, lake: Mapping[str, Any], accidents: Collection[Accident]
) -> LakeLoading:
    """Tell how to load the months that one run made; Athena is told of every month."""
    months = {month: made["run"] for month, made in lake["months"].items()}
    people = lake["customers"]["run"]
    folder = f"{stem}/transactions/run={run}"
    return LakeLoading(
        in_python=repr(folder),
        a_month=min(month for month, by in months.items() if by == run),
        in_sql=quoted(f"{folder}/*/*.parquet"),
        query=QUERIES[0].sql,
        statements=parquet_statements(
            "transactions", f"s3://{BUCKET}/{stem}", months, people, accidents
        ),
    )


@dataclass(frozen=True)
class Licence:
    """What may be done with a dataset, who asks to be named, and what to cite."""

    citation: str
    licence: str = LICENCE
    attribution: str = ATTRIBUTION
    sources: str = SOURCES


def licence(about: Mapping[str, Any], facts: Statistics) -> Licence:
    """Tell what may be done with a dataset, and what to cite."""
    days = (min(facts.by_date), max(facts.by_date)) if facts.by_date else None
    return Licence(citation(about, facts.customers, days))


def citation(about: Mapping[str, Any], customers: int, days: tuple[str, str] | None) -> str:
    """Write what to cite, as BibTeX: enough to make the dataset again, or to know it by.

    Parameters
    ----------
    about
        As of `page.render`.
    days
        The first and the last.
    """
    versions, seed = about.get("versions", {}), about.get("seed")
    known = {
        "dataset version": about.get("dataset_version"),
        "code": versions.get("accidental_transfers"),
        "seed": seed,
        "customers": customers,
        "days": " to ".join(days) if days else None,
        "CRC32": about["crc32"],
    }
    note = ", ".join(f"{name} {each}" for name, each in known.items() if each is not None)
    plain = note.translate({ord(sign): None for sign in "{}\\"})
    title = "Labelled consumer transactions with accidental transfers"
    title = f"{title}, synthetic" if "spec" in about else title
    return (
        f"@misc{{transactions_{about['crc32']},\n  title = {{{title}}},\n  note = {{{plain}}}\n}}"
    )


@dataclass(frozen=True)
class Rate:
    """A rate that was asked for beside the one that the rows have; empty where there is none."""

    name: str
    requested: str
    realised: str


@dataclass(frozen=True)
class Provenance:
    """How a dataset was made, as far as that is known; the spec is JSON."""

    origin: list[tuple[str, str]]
    rates: list[Rate]
    spec: str | None


def provenance(about: Mapping[str, Any]) -> Provenance:
    """Tell who made the dataset, from what, and how to see that it is unchanged."""
    rates = about.get("compared", {}).get("rates", {})
    spec = about.get("spec")
    return Provenance(
        origin=_origin(about),
        rates=[Rate(name, _rate(each["requested"]), _rate(each["realised"]))
               for name, each in rates.items()],
        spec=json.dumps(spec, indent=2) if spec else None,
    )  # fmt: skip


def _origin(about: Mapping[str, Any]) -> list[tuple[str, str]]:
    names = {"run": "run", "dataset_version": "dataset version", "seed": "seed", "crc32": "CRC32"}
    named = [(shown, about.get(name)) for name, shown in names.items()]
    versions = [(f"version of {name}", each) for name, each in about.get("versions", {}).items()]
    versions.append(("code and facts, SHA-256", about.get("code_sha256")))
    companions = [
        (
            f"{kind}, CRC32",
            f"{file_name(each['key'])} · {count(each['rows'])} rows · {each['crc32']}",
        )
        for kind, each in about.get("files", {}).items()
        if kind != "dataset"
    ]
    known = (item for item in [*named, *companions, *versions] if item[1] is not None)
    return [(name, str(value)) for name, value in known]


def _rate(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"
