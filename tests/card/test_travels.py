"""A card that travels: it names files, not places, and says what may be done with them."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from accidental_transfers.card.page import render
from accidental_transfers.local.card import about
from accidental_transfers.statistics.from_frames import statistics_from_csv
from tests.card.card_page import Page, text_of
from tests.card.drawn_dataset import SPEC, Dataset


def shown(dataset: Dataset, location: str) -> str:
    facts = statistics_from_csv(dataset.file)
    made = {**about(dataset.file), "location": location, "spec": SPEC.model_dump(mode="json")}
    return render(facts, made)


def buckets_in(html: str) -> set[str]:
    return set(re.findall(r"s3://([^/\s]+)", html))


def test_a_local_card_names_no_folder_and_no_bucket(dataset: Dataset) -> None:
    assert str(dataset.file.parent) not in dataset.html
    assert buckets_in(dataset.html) == {"YOUR-BUCKET"}
    assert "<title>some.csv · dataset card</title>" in dataset.html


def test_its_python_loads_the_file_beside_it(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(dataset.file.parent)
    (code,) = (
        text for pre in dataset.page.section("loading").iter("pre")
        if "read_csv(" in (text := "".join(pre.itertext())) and "import pandas" in text
    )  # fmt: skip
    found: dict[str, pd.DataFrame] = {}
    exec(code, found)  # noqa: S102
    assert len(found["frame"]) == len(dataset.rows)


@pytest.mark.parametrize(
    "location",
    ["s3://bucket/data/some.csv", "/home/me/some.csv", r"C:\Users\me\some.csv", "some.csv"],
)
def test_names_are_relative_wherever_it_was_made(dataset: Dataset, location: str) -> None:
    html = shown(dataset, location)
    page = Page(html)
    assert buckets_in(html) == {"YOUR-BUCKET"}
    python, sql, athena = ("".join(pre.itertext()) for pre in page.section("loading").iter("pre"))
    assert "'some.csv'" in python
    assert "read_csv('some.csv'" in sql
    assert "aws s3 cp some.csv s3://YOUR-BUCKET/athena/some/" in athena
    assert "as some.*" in text_of(page.section("loading"))


def test_it_says_what_may_be_done_with_the_data_and_what_to_cite(dataset: Dataset) -> None:
    licence = dataset.page.section("licence")
    said = text_of(licence)
    for owed in ("(CC0)", "GeoNames", "CC BY 4.0", "2020 US Census", "Federal Reserve"):
        assert owed in said
    pre = next(licence.iter("pre"))
    crc32 = about(dataset.file)["crc32"]
    cited = "".join(pre.itertext())
    assert cited.startswith(f"@misc{{transactions_{crc32},")
    assert f"customers {SPEC.customers}, days 2024-01-01 to 2024-03-31, CRC32 {crc32}" in cited
    assert cited.count("{") == cited.count("}")


def test_a_card_of_an_unknown_file_promises_no_licence(dataset: Dataset) -> None:
    page = Page(render(statistics_from_csv(dataset.file), about(dataset.file)))
    assert "the licence is its maker's" in text_of(page.section("licence"))


def test_a_seed_cannot_break_the_citation(dataset: Dataset) -> None:
    facts = statistics_from_csv(dataset.file)
    page = Page(render(facts, {**about(dataset.file), "seed": "}\\input{x}"}))
    cited = "".join(next(page.section("licence").iter("pre")).itertext())
    assert "seed inputx, customers" in cited


def headings(body: ET.Element) -> list[int]:
    return [int(each.tag[1]) for each in body.iter() if re.fullmatch("h[1-6]", each.tag)]


def test_no_heading_is_skipped_and_no_header_is_empty(dataset: Dataset) -> None:
    plain = Page(render(statistics_from_csv(dataset.file), about(dataset.file)))
    for page in (dataset.page, plain):
        levels = headings(page.body)
        assert levels[0] == 1
        assert all(b <= a + 1 for a, b in pairwise(levels))
        assert all(text_of(header) for header in page.body.iter("th"))
        assert levels.count(1) == 1
