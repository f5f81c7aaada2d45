"""Measure what a cold start loads: the import of each handler, and the first card that is drawn.

Every measurement is CPU seconds in a process of its own, with bytecode as the artefact has it. The
second card shows what of the first is the compiling of templates. Given the ``src`` folder of
another checkout, it is measured in turn with this one, and the ratio is the figure to quote:

    python -m benchmarks.cold_start [OTHER_SRC]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent.parent / "src"
HANDLERS = ("plan", "generate_slice", "concatenate_parts")
ROUNDS = 15

IMPORT = """
import json, time
start = time.process_time()
import accidental_transfers.pipeline.{handler}
print(json.dumps({{"import of {handler}": time.process_time() - start}}))
"""
CARDS = """
import json, time
import accidental_transfers.pipeline.concatenate_parts
from accidental_transfers import DatasetSpec, generate
from accidental_transfers.card.page import render
from accidental_transfers.statistics.tally import statistics_of
facts = statistics_of(generate(DatasetSpec(customers=20)).blocks)
about = {"location": "some.csv", "bytes": 1, "crc32": "00000000"}
seconds = {}
for name in ("first card", "second card"):
    start = time.process_time()
    render(facts, about)
    seconds[name] = time.process_time() - start
print(json.dumps(seconds))
"""
PROGRAMS = (*(IMPORT.format(handler=handler) for handler in HANDLERS), CARDS)


def seconds(source: Path) -> dict[str, float]:
    """Run every program once, each in a new process."""
    environment = {**os.environ, "PYTHONPATH": str(source)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    found: dict[str, float] = {}
    for program in PROGRAMS:
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        found |= json.loads(done.stdout)
    return found


def measure(sources: list[Path]) -> list[list[dict[str, float]]]:
    """Measure all sources in turn, several times; gives the rounds of each."""
    for source in sources:
        seconds(source)  # compiles the bytecode
    figures: list[list[dict[str, float]]] = [[] for _ in sources]
    places = list(range(len(sources)))
    for _ in range(ROUNDS):
        for place in places:
            figures[place].append(seconds(sources[place]))
        places.reverse()  # so that none always goes first
    return figures


def report(sources: list[Path]) -> None:
    """Measure everything and print it as a table."""
    ours, *others = measure(sources)
    table = Table(
        "what", "CPU seconds: median", "least", "most", *["times the other"] * len(others)
    )
    for name in ours[0]:
        values = [each[name] for each in ours]
        shown = [f"{value:.3f}" for value in (statistics.median(values), min(values), max(values))]
        for other in others:
            pairs = zip(values, (each[name] for each in other), strict=True)
            shown.append(f"{statistics.median(mine / theirs for mine, theirs in pairs):.2f}")
        table.add_row(name, *shown)
    Console().print(table)


def main() -> None:
    """Read the command line and report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cold_start")
    parser.add_argument("other", type=Path, nargs="?", metavar="OTHER_SRC")
    options = parser.parse_args()
    report([HERE] if options.other is None else [HERE, options.other.resolve()])


if __name__ == "__main__":
    main()
