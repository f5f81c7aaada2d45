"""Run the notebook anew, and put into it what its cells print and draw.

`make docs` does so: python -m tests.newcomer.notebook
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

FILE = Path(__file__).parents[2] / "docs" / "notebook.ipynb"
SECONDS = 300
"""For one cell, on the slowest machine."""
ONE_THREAD = {"OMP_NUM_THREADS": "1"}
"""Two threads of scikit-learn on a busy machine take ten times as long as one."""


def read() -> NotebookNode:
    """Read the notebook as it stands in the documents."""
    return nbformat.read(FILE, as_version=4)  # type: ignore[no-untyped-call,no-any-return]


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def run(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Run all cells in a new kernel, in a folder, and keep no trace of the machine or the time."""
    client = NotebookClient(
        notebook,
        timeout=SECONDS,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
    )
    done = client.execute(env={**os.environ, **ONE_THREAD})
    done.metadata.language_info = {"name": "python"}
    return done


def shown(cell: NotebookNode) -> list[Mapping[str, Any]]:
    """What stands below a cell: by media type, what is printed as ``text/plain``."""
    return [
        {"text/plain": output.text} if output.output_type == "stream" else output.data
        for output in cell.outputs
    ]


def main() -> int:
    nbformat.write(run(read(), FILE.parent), FILE)  # type: ignore[no-untyped-call]
    sys.stderr.write(f"{FILE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
