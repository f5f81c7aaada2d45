"""Write docs/baselines.md: what rules and models reach on the default dataset.

Usage: python -m benchmarks.baselines; needs the `evaluate` extra and some three minutes of one
processor.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from accidental_transfers.evaluation.dataset import read_dataset
from accidental_transfers.evaluation.tasks.answers import answers
from accidental_transfers.evaluation.tasks.page import page
from accidental_transfers.local.cli import main

PAGE = Path(__file__).parent.parent / "docs" / "baselines.md"
COMMANDS = """\
accidental-transfers generate --seed 2024 --output data.csv
accidental-transfers tasks data.csv --page baselines.md"""


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "data.csv"
        main(["generate", "--seed", "2024", "--output", str(path)])
        data = read_dataset(path)
        PAGE.write_text(page(data, answers(data), COMMANDS), "utf-8")
