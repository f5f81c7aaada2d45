"""WCAG 2.2, level AA, in the light and in the dark: 4.5 for text, 3 for what a picture tells."""

import pytest

from tests.card.contrast import Colours, contrast, luminance, mixed, palettes
from tests.card.drawn_dataset import LABELS, Dataset

NAMES = [label.replace(" ", "_") for label in LABELS]
TINT = 0.13
"""How much of its label's colour shines through under a row that belongs to an example."""
IN_MARK = 0.8


@pytest.fixture(params=["light", "dark"])
def colours(request: pytest.FixtureRequest, dataset: Dataset) -> Colours:
    return palettes(dataset.html)[request.param]


def test_the_two_modes_differ(dataset: Dataset) -> None:
    modes = palettes(dataset.html)
    assert luminance(modes["light"]["paper"]) > 0.9
    assert luminance(modes["dark"]["paper"]) < 0.05
    assert modes["light"].keys() == modes["dark"].keys()
    assert {*NAMES, "accent-pale", "land"} <= modes["dark"].keys()


@pytest.mark.parametrize("text", ["ink", "quiet", "accent"])
@pytest.mark.parametrize("behind", ["paper", "panel", "land"])
def test_text_is_read_on_every_ground(colours: Colours, text: str, behind: str) -> None:
    assert contrast(colours[text], colours[behind]) >= 4.5


@pytest.mark.parametrize("label", [*NAMES, "quiet"])
def test_what_is_written_of_an_example_is_read(colours: Colours, label: str) -> None:
    tint = mixed(colours[label], colours["panel"], TINT)
    in_mark = mixed(colours[label], colours["ink"], IN_MARK)
    assert contrast(colours["ink"], tint) >= 4.5
    assert contrast(in_mark, tint) >= 4.5
    assert contrast(colours[label], colours["panel"]) >= 4.5


@pytest.mark.parametrize("mark", ["accent", "accent-pale", *NAMES])
def test_marks_are_seen_on_their_sheet(colours: Colours, mark: str) -> None:
    assert contrast(colours[mark], colours["panel"]) >= 3


@pytest.mark.parametrize("label", NAMES)
def test_labels_are_seen_on_the_bars_that_they_stand_in(colours: Colours, label: str) -> None:
    assert contrast(colours[label], colours["accent-soft"]) >= 3


def test_cities_are_seen_on_the_land(colours: Colours) -> None:
    assert contrast(mixed(colours["accent"], colours["land"], 0.75), colours["land"]) >= 3


def test_weekends_are_paler_in_the_light_and_in_the_dark(colours: Colours) -> None:
    """Nearer to white in both, as the card says, and not only nearer to the sheet."""
    assert luminance(colours["accent-pale"]) > luminance(colours["accent"]) + 0.1


def test_the_shares_above_are_those_of_the_style(dataset: Dataset) -> None:
    assert f"var(--mine) {TINT:.0%}, transparent" in dataset.html
    assert f"var(--mine) {IN_MARK:.0%}, var(--ink)" in dataset.html
    assert ".city { fill: var(--accent); fill-opacity: 0.75;" in dataset.html
    assert ".weekend { fill: var(--accent-pale); }" in dataset.html
