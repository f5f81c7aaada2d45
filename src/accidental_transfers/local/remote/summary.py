"""What people are told at the end: the dataset, its files, or the error."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console

from accidental_transfers.local.remote.fetching import FetchedSet


def print_set(console: Console, fetched: FetchedSet) -> None:
    """Tell what is in a dataset, and where its files are."""
    manifest, dataset = fetched.manifest, fetched.downloads.get("dataset")
    rows, labels = manifest["rows"], manifest["counts"]["accident"]
    counts = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in labels.items())
    share = sum(labels.values()) / max(rows, 1)
    print_table(
        console,
        {
            "rows": f"{rows:,}",
            "customers": f"{manifest['spec']['customers']:,}",
            "labels": f"{counts} ({share:.2%} of all rows)",
            "size": f"{manifest['bytes']:,} bytes",
            **({"sha256": dataset.sha256} if dataset else {}),
            "crc32": manifest["crc32"],
            **_lake(fetched),
        }.items(),
    )
    console.print()
    print_table(console, ((str(each.file), each.url) for each in fetched.beside.values()))


def _lake(fetched: FetchedSet) -> dict[str, str]:
    """Tell of a lake how many files it has, and where: they may be too many to name."""
    lake, files = fetched.manifest["lake"], len(fetched.downloads) - len(fetched.beside)
    if lake is None:
        return {}
    months = ", ".join(lake["months"])
    folder = fetched.downloads["card"].file.with_suffix("")
    return {"Parquet": f"{files:,} files in {folder}/, months {months}"}


def print_answer(console: Console, answer: dict[str, Any]) -> None:
    """Tell what an execution answered: the dataset that it published, or a plan's estimates."""
    if answer.get("dry_run"):
        print_table(console, answer.items())
        return
    url = f"s3://{answer['bucket']}/{answer['key']}"
    shown = {"rows": f"{answer['rows']:,}", "size": f"{answer['bytes']:,} bytes", "dataset": url}
    print_table(console, shown.items())


def print_error(errors: Console, name: str, message: str) -> None:
    """Tell the error that ended an execution."""
    errors.print(name, style="red", end="")
    # A message may hold brackets, which are no markup.
    errors.print(f": {message}", markup=False)


def print_table(console: Console, lines: Iterable[tuple[str, Any]]) -> None:
    """Print names and values in two columns."""
    table = [(name, str(value)) for name, value in lines]
    width = max(len(name) for name, _ in table)
    for name, value in table:
        console.print(f"  {name:<{width}}  {value}", markup=False)
