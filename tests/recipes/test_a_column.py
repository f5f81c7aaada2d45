"""The recipe of a column: one entry, and where its value comes from."""

import io
from pathlib import Path

import pandas as pd
import pytest

from accidental_transfers import DatasetSpec, generate
from accidental_transfers.model.facts.reference import reference
from tests.card.card_page import Page, tables
from tests.recipes.scratch import Made, Scratch
from tests.samples import VERSION_1

SOURCE = """
def _state_names() -> list[str]:
    return [city.state for city in reference().cities]


@cache
def _state_texts() -> Vocabulary:
    return vocabulary(_state_names(), lasts=True)


"""
ENTRY = """
    Column(
        "state",
        CATEGORY,
        "the city's state, as the post writes it",
        lambda block: [Field((_state_texts(),), block.city)],
        lambda block: Coded(_state_names(), block.city),
    ),"""
MEANING = "the city's state, as the post writes it"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    scratch = Scratch.copy(tmp_path_factory.mktemp("column"))
    columns = scratch.package / "dataset" / "columns.py"
    scratch.insert(columns, SOURCE, after="    return vocabulary(_city_names(), lasts=True)\n\n")
    scratch.insert(columns, ENTRY, after="\n    *_LABEL_COLUMNS,")
    scratch.make_docs()
    return scratch


@pytest.fixture(scope="module")
def made(scratch: Scratch) -> Made:
    return scratch.make(customers=40, end_date="2024-01-31", preset="dense")


def test_the_csv_has_it_where_its_entry_stands(made: Made) -> None:
    states: dict[str, set[str]] = {}
    for city in reference().cities:
        states.setdefault(city.name, set()).add(city.state)
    place = VERSION_1.index("city")
    expected = [*VERSION_1[:place], "state", *VERSION_1[place:]]
    assert list(made.rows.columns) == expected
    assert all(
        state in states[city]
        for city, state in zip(made.rows["city"], made.rows["state"], strict=True)
    )
    assert made.rows["state"].nunique() > 10


def test_all_other_columns_are_what_they_were(scratch: Scratch) -> None:
    found = pd.read_csv(io.StringIO(scratch.csv_of(customers=10)), dtype=str)
    stream = io.StringIO()
    generate(DatasetSpec(customers=10)).write_csv(stream)
    before = pd.read_csv(io.StringIO(stream.getvalue()), dtype=str)
    pd.testing.assert_frame_equal(found.drop(columns="state"), before)


def test_the_frame_is_what_pandas_reads(scratch: Scratch) -> None:
    """The text is the frame's, and equal states of two cities are one category."""
    scratch.run(
        "-c",
        """if True:
        import io
        from accidental_transfers import DatasetSpec, generate
        table, text = generate(DatasetSpec(customers=5)), io.StringIO()
        table.write_csv(text)
        frame = table.to_frame()
        assert text.getvalue() == frame.to_csv(index=False, float_format="%.2f")
        assert str(frame["state"].dtype) == "category"
        assert frame["state"].cat.categories.is_unique""",
    )


def test_the_card_describes_it_and_casts_it(made: Made) -> None:
    described = {row[0]: row[1:] for row in next(tables(made.page.section("columns")))}
    kind, example, meaning = described["state"]
    assert (kind, meaning) == ("category", MEANING)
    assert example in set(made.rows["state"])
    assert "`state` string" in "".join(made.page.section("loading").itertext())


def test_the_search_for_leaks_covers_it(made: Made) -> None:
    line = made.lines["leak", "any other column"]
    assert line["note"].startswith("state, by its ")
    assert line["also"].keys() == {"state"}


def test_the_catalogue_and_athena_have_it(scratch: Scratch) -> None:
    column = f'{{Name: state, Type: "string", Comment: "{MEANING}"}}'
    assert column in scratch.text("template.yaml")
    assert scratch.text("docs/athena.md").count("  `state` string,\n") == 2


def test_the_readme_describes_it(scratch: Scratch) -> None:
    readme = scratch.text("README.md")
    assert f"| `state` | category | {MEANING} |" in readme
    assert "accident,state,city,entity_type" in readme


def test_the_dictionary_and_the_schema_of_parquet_have_it(scratch: Scratch) -> None:
    assert f"| `state` | category | {MEANING} | one of " in scratch.text("docs/dictionary.md")
    schema = "| `state` | `dictionary of string` | `category` |"
    assert schema in scratch.text("docs/library.md")


def test_a_file_made_before_is_drawn_and_judged_as_well(scratch: Scratch, tmp_path: Path) -> None:
    file = tmp_path / "before.csv"
    with file.open("w", newline="") as stream:
        table = generate(DatasetSpec(customers=30))
        table.write_csv(stream)
    scratch.command("card", str(file))
    scratch.judge(file)
    before = Made(tmp_path, "before")
    assert Page(before.html).strip()["transactions"][0] == f"{table.rows:,}"
    assert before.lines["leak", "any other column"]["note"] == "there is no other column"
    assert before.report["missing_columns"] == ["state"]
