"""The card in a real Chromium: no complaint in its console, nothing cut, nothing overlapping."""

from pathlib import Path

import pytest

from accidental_transfers import generate
from accidental_transfers.card.page import render
from accidental_transfers.spec import JobSpec
from accidental_transfers.statistics.tally import statistics_of
from tests.card.browser import CHROMIUM, chromium, look

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

SPECS = {
    "a quarter": JobSpec(customers=60),
    "a year, many customers' cities": JobSpec.parse({"customers": 150, "end_date": "2024-12-31"}),
    "one customer's day": JobSpec.parse({"customers": 1, "end_date": "2024-01-01"}),
}


@pytest.fixture(scope="module", params=SPECS)
def card(request: pytest.FixtureRequest) -> str:
    spec = SPECS[request.param]
    about = {
        "location": f"s3://accidentaltransferproject/{spec.output_key}",
        "bytes": 1234567890,
        "crc32": "0123abcd",
        "run": "a-run-whose-name-is-as-long-as-the-names-that-a-schedule-gives",
        "seed": "2024-01-01T06:00:00Z",
        "spec": spec.model_dump(mode="json"),
    }
    return render(statistics_of(generate(spec).blocks), about)


@pytest.mark.parametrize("width", [400, 700, 1400])
def test_nothing_is_cut_and_nothing_overlaps(card: str, width: int, tmp_path: Path) -> None:
    seen = look(card, width, dark=False, folder=tmp_path)
    assert seen.complaints == []
    assert seen.measured["width"] == width
    assert seen.measured["overlaps"] == []
    assert seen.measured["cut"] == []
    assert seen.measured["small"] == []
    assert seen.measured["pictures"] >= 8


def test_it_is_dark_where_people_want_it_dark(card: str, tmp_path: Path) -> None:
    backgrounds = {}
    for dark in (True, False):
        seen = look(card, 400, dark, tmp_path)
        assert seen.complaints == []
        red, green, blue = seen.measured["background"].removeprefix("rgb(")[:-1].split(", ")
        backgrounds[dark] = int(red) + int(green) + int(blue)
    assert backgrounds[True] < 150
    assert backgrounds[False] > 700


def test_the_browser_would_complain(tmp_path: Path) -> None:
    """What the other tests rely on: that an error reaches the console that they read."""
    page = tmp_path / "broken.html"
    page.write_text("<script>nowhere()</script>", "utf-8")
    done = chromium(page, False, tmp_path, "--dump-dom")
    assert "CONSOLE" in done.stderr
