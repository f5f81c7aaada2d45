"""A scratch copy of the project: a recipe changes it, then the commands run in it."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from accidental_transfers.local.documents import DOCUMENTS
from tests.card.card_page import Page

ROOT = Path(__file__).parents[2]
NEEDED = (
    "src/accidental_transfers", "docs/schemas", "statemachine", "template.yaml", *DOCUMENTS,
)  # fmt: skip
STEM = "made"


@dataclass(frozen=True)
class Made:
    """What the whole job made, and what `evaluate` found in it."""

    folder: Path
    stem: str = STEM

    def companion(self, name: str) -> Path:
        return self.folder / f"{self.stem}.{name}"

    @cached_property
    def csv(self) -> Path:
        return self.companion("csv")

    @cached_property
    def rows(self) -> pd.DataFrame:
        return pd.read_csv(self.csv, keep_default_na=False)

    @cached_property
    def truth(self) -> pd.DataFrame:
        truth = pd.read_csv(self.companion("accidents.csv"), keep_default_na=False)
        return truth.merge(self.rows, on="transaction_id", validate="one_to_one")

    @cached_property
    def customers(self) -> pd.DataFrame:
        return pd.read_csv(self.companion("customers.csv"))

    @cached_property
    def manifest(self) -> dict[str, Any]:
        manifest: dict[str, Any] = json.loads(self.companion("manifest.json").read_text("utf-8"))
        return manifest

    @cached_property
    def html(self) -> str:
        return self.companion("html").read_text("utf-8")

    @cached_property
    def page(self) -> Page:
        return Page(self.html)

    @cached_property
    def report(self) -> dict[str, Any]:
        report: dict[str, Any] = json.loads(self.companion("scorecard.json").read_text("utf-8"))
        return report

    @cached_property
    def lines(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The lines of the scorecard, by item and part."""
        return {(line["item"], line["part"]): line for line in self.report["lines"]}


@dataclass(frozen=True)
class Scratch:
    """A copy of what the job, the command and `make docs` need.

    Attributes
    ----------
    folder
        Where it is.
    """

    folder: Path

    @classmethod
    def copy(cls, folder: Path) -> "Scratch":
        for name in NEEDED:
            source, target = ROOT / name, folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)
        return cls(folder)

    @property
    def package(self) -> Path:
        return self.folder / "src" / "accidental_transfers"

    def text(self, name: str) -> str:
        return (self.folder / name).read_text("utf-8")

    def insert(self, file: Path, text: str, after: str) -> None:
        """Put a text behind the first place where another one stands, as in an editor."""
        before = file.read_text("utf-8")
        assert after in before
        file.write_text(before.replace(after, after + text, 1), "utf-8")

    def run(self, *arguments: str) -> str:
        """Run Python in the copy: what it prints."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.folder / "src")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def command(self, *arguments: str) -> str:
        """Run the command ``accidental-transfers``."""
        return self.run("-m", "accidental_transfers.local", *arguments)

    def make_docs(self) -> None:
        """Do what `make docs` does, but for the site."""
        self.run("-m", "accidental_transfers.local.documents")

    def make(self, **spec: object) -> Made:
        """Do what `make run` does, and judge what came out."""
        event, folder = self.folder / "event.json", self.folder / "out"
        event.write_text(json.dumps({**spec, "output_key": f"{STEM}.csv"}), "utf-8")
        job = ("accidental_transfers.local.run", "--event", str(event), "--output", str(folder))
        self.run("-m", *job)
        made = Made(folder)
        self.judge(made.csv)
        return made

    def judge(self, csv: Path) -> None:
        """Have a dataset judged; whether it is in its bands does not matter."""
        command = f"['evaluate', {str(csv)!r}, '--without-models']"
        self.run(
            "-c", f"from accidental_transfers.local.cli import main; assert main({command}) < 2"
        )

    def csv_of(self, **spec: object) -> str:
        """Give the text of a dataset's CSV."""
        event = self.folder / "spec.json"
        event.write_text(json.dumps(spec), "utf-8")
        return self.command("generate", "--spec", str(event), "--output", "-")
