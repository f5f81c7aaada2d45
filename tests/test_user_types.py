"""What users write is clean in their type checkers: without plugins, and strictly."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.newcomer.notebook import code_cells, read

ROOT = Path(__file__).parent.parent
LIBRARY = ROOT / "docs" / "library.md"
PAGES = [ROOT / "README.md", LIBRARY]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
USUAL = """\
from datetime import date

import pandas as pd
from accidental_transfers import DatasetSpec, SpecError, generate
from accidental_transfers.spec import JobSpec

spec = DatasetSpec(customers=50, seed=7)
also: DatasetSpec = JobSpec(start_date=date(2024, 6, 1), daily_transactions=(8, 15))
days: int = spec.days
labels: pd.Series = generate(spec).to_frame()["is_accident_burst"]
try:
    generate(customers=0)
except SpecError as error:
    print(error)
"""
MISTAKES = """\
from accidental_transfers import DatasetSpec, generate
from accidental_transfers.spec import JobSpec

generate(custmers=50)  # type: ignore[call-arg]
generate(customers="many")  # type: ignore[arg-type]
DatasetSpec(output_key="data/x.csv")  # type: ignore[call-arg]
JobSpec(output_key="data/x.csv", lookalikes="few")  # type: ignore[arg-type]
"""
"""Each has to be found: an `ignore` that nothing needs is itself an error."""


def blocks(page: Path) -> list[str]:
    return BLOCK.findall(page.read_text("utf-8"))


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A folder with what users write, in a file each."""
    (tmp_path / "usual.py").write_text(USUAL)
    (tmp_path / "mistakes.py").write_text(MISTAKES)
    for page in PAGES:
        for number, block in enumerate(blocks(page)):
            (tmp_path / f"{page.stem.lower()}_{number}.py").write_text(block, "utf-8")
    cells = "\n\n".join(cell.source for cell in code_cells(read()))
    (tmp_path / "notebook.py").write_text(cells, "utf-8")
    return tmp_path


def test_the_readme_has_python() -> None:
    assert blocks(ROOT / "README.md")


@pytest.mark.slow
def test_mypy_finds_nothing_without_plugins(written: Path) -> None:
    settings = written / "mypy.ini"
    settings.write_text("[mypy]\nstrict = true\n[mypy-sklearn.*]\nignore_missing_imports = true\n")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", str(settings), "--follow-imports=silent",
         "--cache-dir", str(written / "cache"), *map(str, sorted(written.glob("*.py")))],
        capture_output=True, text=True, check=False, cwd=written,
        env={**os.environ, "MYPYPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.slow
def test_pyright_finds_nothing(written: Path) -> None:
    settings = {
        "extraPaths": [str(ROOT / "src")],
        "include": ["."],
        "typeCheckingMode": "standard",
        "reportUnnecessaryTypeIgnoreComment": "error",
    }
    (written / "pyrightconfig.json").write_text(json.dumps(settings))
    checked = subprocess.run(
        [sys.executable, "-m", "basedpyright", "--pythonpath", sys.executable, "-p", str(written)],
        capture_output=True, text=True, check=False, cwd=written,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.slow
def test_what_the_page_for_notebooks_shows_runs(tmp_path: Path) -> None:
    for block in blocks(LIBRARY):
        subprocess.run([sys.executable, "-c", block], check=True, cwd=tmp_path)
