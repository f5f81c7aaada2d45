"""Marks on a picture: shapes that can be told apart, and text that stays text."""

from xml.etree import ElementTree as ET

import pytest
from markupsafe import Markup

from accidental_transfers.card.svg import SHAPES, marker, picture, rectangle, text
from accidental_transfers.model.accident import Marker


@pytest.mark.parametrize("shape", SHAPES)
def test_a_marker_is_a_small_closed_shape_where_it_belongs(shape: Marker) -> None:
    drawn = ET.fromstring(marker(40, 7.31, shape, "12 & more", "burst spot"))  # noqa: S314
    assert drawn.get("transform") == "translate(40.0 7.3)"
    assert drawn.get("class") == "burst spot"
    assert (drawn.get("d") or "").endswith("Z")
    assert drawn.findtext("title") == "12 & more"


def test_no_two_shapes_are_the_same() -> None:
    assert len({marker(0, 0, shape, "", "") for shape in SHAPES}) == len(SHAPES)


def test_text_stays_text_and_marks_stay_marks() -> None:
    name = "<b>\"'&amp;"
    marks = [text(1, 2, name), rectangle(1, 2.5, -3, 4, name, fill_opacity=0.126)]
    drawn = picture(10, marks, name)
    assert isinstance(drawn, Markup)
    root = ET.fromstring(drawn)  # noqa: S314
    assert root.get("aria-label") == root.findtext("text") == root.findtext("rect/title") == name
    assert root[1].attrib | {"y": "2.5", "width": "0", "fill-opacity": "0.13"} == root[1].attrib
