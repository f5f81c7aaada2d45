"""The card printed on A4: nothing cut, titles with their charts, light whatever the screen is."""

import re
from pathlib import Path

import pytest

from tests.card.browser import CHROMIUM, chromium, look
from tests.card.drawn_dataset import Dataset

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

PAPER = 688
"""Pixels between the margins of A4: 210 mm less twice 14, of 96 to an inch."""
POINTS_OF_A4 = (595, 842)


def as_printed(card: str) -> str:
    """Have a screen show what paper shows."""
    return card.replace("@media print", "@media all").replace("@media screen", "@media print")


def test_it_prints_on_a4(dataset: Dataset, tmp_path: Path) -> None:
    page, printed = tmp_path / "card.html", tmp_path / "card.pdf"
    page.write_text(dataset.html, "utf-8")
    chromium(page, True, tmp_path, f"--print-to-pdf={printed}", "--no-pdf-header-footer")
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed.read_bytes())
    assert 8 < len(boxes) < 30
    for box in boxes:
        assert tuple(round(float(side)) for side in box) == POINTS_OF_A4


def test_nothing_is_cut_on_paper(dataset: Dataset, tmp_path: Path) -> None:
    seen = look(as_printed(dataset.html), PAPER, dark=True, folder=tmp_path)
    assert seen.complaints == []
    assert seen.measured["width"] == PAPER
    assert seen.measured["cut"] == []
    assert seen.measured["hidden"] == []
    assert seen.measured["overlaps"] == []


def test_paper_is_light_on_a_dark_screen(dataset: Dataset, tmp_path: Path) -> None:
    seen = look(as_printed(dataset.html), PAPER, dark=True, folder=tmp_path)
    assert seen.measured["accent"] == "rgb(20, 103, 168)"


def test_titles_stay_with_their_charts(dataset: Dataset, tmp_path: Path) -> None:
    seen = look(as_printed(dataset.html), PAPER, dark=False, folder=tmp_path)
    assert seen.measured["breakable"] == []


def test_a_screen_would_cut_what_paper_does_not(dataset: Dataset, tmp_path: Path) -> None:
    """What the tests above rely on: that a table wider than its box is seen as hidden."""
    seen = look(dataset.html, 400, dark=False, folder=tmp_path)
    assert seen.measured["hidden"] != []
    assert seen.measured["breakable"] != []
