"""Whatever stands in a file of facts: it is read, or refused by the file's name."""

import copy
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.facts_folder import document, edit_json, problems, told
from tests.model.facts.fact_edits import FIVE, HOLIDAYS, OBLIGATIONS


def test_what_is_no_object_where_one_is_expected_is_named(tmp_path: Path) -> None:
    """Found by drawing thousands of slips: both once ended in an error of Python's."""

    def no_cars(content: Any) -> None:
        content["household"]["car"] = None

    assert any(
        "household: car" in line for line in problems(edit_json(tmp_path, OBLIGATIONS, no_cars))
    )


def test_an_occasion_without_a_name_is_named_by_its_place(tmp_path: Path) -> None:
    def no_name(content: Any) -> None:
        content["holidays"][40].pop("name")

    (only,) = problems(edit_json(tmp_path, HOLIDAYS, no_name))
    assert only.startswith("holidays.json: number 41: name: got nothing")


ODD: list[Any] = [None, True, 0, -1, 0.5, 2**70, 1e308, "", "x", "é", [], {}, [None], [1], {"a": 1}]


@pytest.mark.slow
@given(st.data())
def test_whatever_stands_in_a_file_is_read_or_refused_by_name(data: st.DataObject) -> None:
    """No other error than the one that names the file."""
    name = data.draw(st.sampled_from(FIVE))
    content = parent = document(name)
    key: Any = data.draw(st.sampled_from(list(content)))
    while parent[key] and isinstance(parent[key], dict | list) and data.draw(st.booleans()):
        parent = parent[key]
        keys = list(parent) if isinstance(parent, dict) else list(range(len(parent)))
        key = data.draw(st.sampled_from(keys))
    # Both are drawn whatever happens, so that one draw never depends on another's.
    odd, is_gone = copy.deepcopy(data.draw(st.sampled_from(ODD))), data.draw(st.booleans())
    if is_gone:
        parent.pop(key)
    else:
        parent[key] = odd
    with TemporaryDirectory() as folder:
        (Path(folder) / name).write_text(json.dumps(content), "utf-8")
        said = told(Path(folder))
        assert name in said or not said
