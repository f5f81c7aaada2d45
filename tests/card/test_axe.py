"""axe has nothing to find: in the light, in the dark, on a desk and on a telephone."""

from pathlib import Path

import pytest

from accidental_transfers.card.page import render
from accidental_transfers.local.card import about
from accidental_transfers.statistics.from_frames import statistics_from_csv
from tests.card.axe import axe_script, judged
from tests.card.browser import CHROMIUM
from tests.card.drawn_dataset import Dataset

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.skipif(axe_script() is None, reason="axe is not installed"),
]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [400, 1200])
def test_axe_finds_nothing(dataset: Dataset, width: int, dark: bool, tmp_path: Path) -> None:
    plain = render(statistics_from_csv(dataset.file), about(dataset.file))
    for card in (dataset.html, plain):
        found = judged(card, width, dark, tmp_path)
        assert found.violations == []
        assert found.rules > 30


def test_axe_would_find_a_skipped_heading_and_a_page_without_a_language(
    dataset: Dataset, tmp_path: Path
) -> None:
    broken = dataset.html.replace("<h3>", "<h5>").replace("</h3>", "</h5>")
    broken = broken.replace('<html lang="en">', "<html>")
    found = judged(broken, 1200, False, tmp_path)
    assert {rule for rule, _ in found.violations} >= {"heading-order", "html-has-lang"}
