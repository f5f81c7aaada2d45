"""The notebook of the documents runs from its first cell to its last, and shows what it stores."""

import re
import sys
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from nbformat import NotebookNode

from tests.newcomer.notebook import FILE, code_cells, read, run, shown

STORED = read()
ABOUT = "about"
"""The tag of cells whose numbers come from a trained model: another machine may round otherwise."""
NUMBER = re.compile(r"\d+\.\d+")
LARGEST = 60_000
"""Letters of a picture, as text: so that a look at the repository's history stays quick."""


def test_a_labelled_frame_takes_five_lines() -> None:
    lines = [line for line in code_cells(STORED)[0].source.splitlines() if line]
    assert len(lines) <= 5
    names: dict[str, Any] = {}
    exec("\n".join(lines), names)  # noqa: S102
    frame = names["frame"]
    assert isinstance(frame, pd.DataFrame)
    labels = frame.filter(like="is_")
    assert (labels.dtypes == "bool").all()
    assert labels.any().all()
    assert 0.005 < labels.any(axis=1).mean() < 0.02


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> NotebookNode:
    return run(deepcopy(STORED), tmp_path_factory.mktemp("notebook"))


@pytest.mark.slow
def test_every_cell_shows_what_it_stores(done: NotebookNode) -> None:
    for stored, ran in zip(code_cells(STORED), code_cells(done), strict=True):
        assert len(shown(stored)) == len(shown(ran)), stored.source
        for before, after in zip(shown(stored), shown(ran), strict=True):
            assert before.keys() == after.keys()
            compare(before, after, roughly=ABOUT in stored.metadata.get("tags", []))


def compare(before: Mapping[str, Any], after: Mapping[str, Any], *, roughly: bool) -> None:
    for kind, stored in before.items():
        if kind == "image/png":
            continue  # another version of Matplotlib draws other bytes
        if roughly:
            assert NUMBER.sub("", stored) == NUMBER.sub("", after[kind])
            numbers = [
                [float(each) for each in NUMBER.findall(text)] for text in (stored, after[kind])
            ]
            assert numbers[0] == pytest.approx(numbers[1], abs=0.05)
        else:
            assert stored == after[kind]


def test_it_has_pictures_and_no_trace_of_the_machine() -> None:
    pictures = [
        output["image/png"]
        for cell in code_cells(STORED)
        for output in shown(cell)
        if "image/png" in output
    ]
    assert len(pictures) >= 3
    assert max(map(len, pictures)) < LARGEST
    text = FILE.read_text("utf-8")
    for place in (str(Path.home()), str(FILE.parents[1]), sys.prefix, "/tmp/"):  # noqa: S108
        assert place not in text.replace("image/png", ""), place
    assert STORED.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    assert [cell.execution_count for cell in code_cells(STORED)] == list(
        range(1, len(code_cells(STORED)) + 1)
    )
