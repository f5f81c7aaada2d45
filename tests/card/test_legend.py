"""Labels and kinds on the card: told apart by shape and colour, named in one place only."""

from importlib.resources import files

from accidental_transfers.card.legend import MEANINGS, SIGNS
from accidental_transfers.model.accidents import KIND_NAMES, LABELS
from tests.card.drawn_dataset import LABELS as DRAWN
from tests.card.drawn_dataset import Dataset

TEMPLATES = files("accidental_transfers.card") / "templates"


def test_every_label_has_a_shape_and_colours_of_its_own() -> None:
    assert tuple(SIGNS) == LABELS
    for part in ("marker", "light", "dark"):
        assert len({getattr(sign, part) for sign in SIGNS.values()}) == len(LABELS)


def test_every_kind_and_every_label_has_a_meaning() -> None:
    assert MEANINGS.keys() == {*KIND_NAMES, *LABELS}


def test_the_page_colours_labels_as_the_legend_says(dataset: Dataset) -> None:
    style = dataset.html[dataset.html.index("<style>") : dataset.html.index("</style>")]
    light, dark = style.split("@media screen and (prefers-color-scheme: dark)")[-2:]
    for label, sign in SIGNS.items():
        if label.replace("_", " ") not in DRAWN:
            assert label not in style
            continue
        assert f"--{label}: {sign.light};" in light
        assert f"--{label}: {sign.dark};" in dark
        assert f".{label} {{ fill: var(--{label}); }}" in style
        assert f".is-{label} {{ --mine: var(--{label}); }}" in style


def test_no_template_names_a_label() -> None:
    for file in TEMPLATES.iterdir():
        text = file.read_text("utf-8")
        assert not [name for name in SIGNS if f".{name}" in text or f"--{name}" in text], file.name


def test_the_key_names_each_mark(dataset: Dataset) -> None:
    for section in ("amounts", "accidents"):
        (key,) = dataset.page.section(section).iterfind("ul[@class='key']")
        marks = key.findall("li/svg/path")
        names = list(DRAWN)
        assert [mark.get("class", "").replace("_", " ") for mark in marks] == names
        assert [mark.findtext("title") for mark in marks] == names
        assert [picture.tail for picture in key.iter("svg")] == names
