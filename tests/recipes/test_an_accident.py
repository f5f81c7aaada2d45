"""The recipe of an accident: one new file, and nothing else by hand."""

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pandas as pd
import pytest

from accidental_transfers import DatasetSpec
from tests.card.card_page import tables
from tests.recipes.scratch import Made, Scratch
from tests.samples import PROBABILITIES, TYPES, Dataset, fixed

EXAMPLE = Path(__file__).with_name("wrong_currency.py")
LABEL, FIELD = "wrong_currency", "wrong_currency_accident_probability"
COLUMN = "is_wrong_currency_accident"
KIND, HONEST = "wrong_currency", "honest_conversion"
NONE = fixed(0)

pytestmark = pytest.mark.slow


def following(noticed: float) -> dict[str, Any]:
    """Facts about what follows, of which nothing comes back."""
    return {
        "reason": "CUST", "at_stake": "all",
        "noticed": {"share": noticed, "hours": 24, "sigma": 1.5, "source": "own"},
        "ways": [
            {"types": TYPES,
             "reported": {"share": 1.0, "hours": 4, "sigma": 1.4, "deadline": "Visa dispute",
                          "source": "own"},
             "deadline": "Regulation E answer",
             "answers": [{"outcome": "refused", "share": 1.0, "days": 8, "sigma": 0.5,
                          "source": "own"}]},
        ],
    }  # fmt: skip


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    scratch = Scratch.copy(tmp_path_factory.mktemp("accident"))
    shutil.copy(EXAMPLE, scratch.package / "model" / "accidents")
    scratch.make_docs()
    return scratch


@pytest.fixture(scope="module")
def made(scratch: Scratch) -> Made:
    return scratch.make(customers=60, end_date="2024-01-31", preset="dense")


def rows_of(text: str) -> list[list[str]]:
    """A CSV's header and rows, without the new label."""
    header, *rows = csv.reader(io.StringIO(text))
    place = header.index(COLUMN) if COLUMN in header else len(header)
    return [line[:place] + line[place + 1 :] for line in (header, *rows)]


def test_it_strikes_as_often_as_each_customer_s_probability_says(made: Made) -> None:
    """Some 400 accidents among what nothing else has happened to; a sd is 20 of them."""
    chance = made.customers.set_index("customer_id")[FIELD]
    assert chance.between(0.01, 0.06).all()  # the preset's
    others = made.truth.loc[made.truth["kind"] != KIND, "transaction_id"]
    rows = made.rows[~made.rows["transaction_id"].isin(others)]
    expected = rows["customer_id"].map(chance).sum()
    struck = made.truth[made.truth["kind"] == KIND]
    assert len(struck) == (made.rows[COLUMN].astype(str) == "True").sum() > 100
    assert abs(len(struck) - expected) < 4 * expected**0.5
    rate = struck["amount"] / struck["intended_amount"]
    assert rate[struck["intended_amount"] > 5].between(0.73, 1.28).all()
    assert (struck["intended_recipient"] == struck["recipient_entity"]).all()
    assert set(made.truth.loc[made.truth["kind"] == HONEST, COLUMN].astype(str)) == {"False"}


def test_nothing_comes_of_it_until_the_facts_say_so(made: Made) -> None:
    told = pd.read_csv(made.companion("outcomes.csv"))
    kinds = made.truth.set_index("transaction_id")["kind"]
    assert not {KIND, HONEST} & set(told["transaction_id"].map(kinds))
    assert len(told) > 200


def test_what_comes_of_it_is_told_when_the_facts_say_so(tmp_path: Path, scratch: Scratch) -> None:
    """All are reported, and an honest one in five is disputed."""
    copy = Scratch(tmp_path / "copy")
    shutil.copytree(scratch.folder, copy.folder)
    facts = copy.package / "model" / "data" / "aftermath.json"
    for kind, each in ((KIND, following(1.0)), (HONEST, following(0.2) | {"honest": True})):
        copy.insert(facts, f'  "{kind}": {json.dumps(each)},\n', after='"kinds": {\n')
    assert "nothing is wrong" in copy.command("facts", "check")
    option = ["--customers", "30", "--end-date", "2024-01-31", "--preset", "dense"]
    copy.command("generate", *option, "--output", str(tmp_path / "made.csv"))
    made = Made(tmp_path)
    told = pd.read_csv(made.companion("outcomes.csv")).merge(made.truth, on="transaction_id")
    own = told[told["kind"] == KIND]
    assert len(own) == (made.truth["kind"] == KIND).sum() > 100
    assert set(own["reason"]) == {"CUST"}
    assert own["label_known_at"].notna().mean() > 0.9
    assert set(told.loc[told["kind"] == HONEST, "outcome"]) == {"refused"}


def test_it_is_a_field_a_preset_and_an_option(scratch: Scratch) -> None:
    assert "--wrong-currency-accident-probability MIN MAX" in scratch.command("generate", "--help")
    option = ["--wrong-currency-accident-probability", "0.25", "0.25", "--customers", "5"]
    text = scratch.command("generate", *option, "--end-date", "2024-01-31", "--output", "-")
    rows = pd.read_csv(io.StringIO(text))
    assert rows[COLUMN].mean() == pytest.approx(0.25, abs=4 * (3 / 16 / len(rows)) ** 0.5)


def test_the_card_shows_it(made: Made) -> None:
    accidents = made.page.section("accidents")
    rows = {row[0]: row[1] for row in next(tables(accidents))}
    assert rows["wrong currency"] == "wrong currency"
    assert rows["honest conversion"] == "none"
    (key,) = accidents.iterfind("ul[@class='key']")
    assert [mark.tail for mark in key.iter("svg")][-1] == "wrong currency"
    assert f"--{LABEL}: #5b6b00;" in made.html
    assert "payments in the wrong currency" in made.html
    assert "As many euros, pounds or Canadian" in "".join(accidents.itertext())
    assert [title for title in made.page.titles("Labelled transactions per week")
            if title.endswith("wrong currency")]  # fmt: skip
    assert [title for title in made.page.titles("Venmo/PayPal") if "wrong currency" in title]
    assert COLUMN in "".join(made.page.section("columns").itertext())
    assert f"`{COLUMN}` boolean" in "".join(made.page.section("loading").itertext())


def test_the_scorecard_has_lines_for_it(made: Made) -> None:
    assert {("share_of_label", LABEL), ("best_raw", LABEL), ("best_history", LABEL)} <= set(
        made.lines
    )
    share = made.lines["share_of_label", LABEL]["value"]
    assert share == pytest.approx((made.rows[COLUMN].astype(str) == "True").mean())
    assert LABEL in made.lines["prone", ""]["also"]
    assert HONEST in made.lines["lookalikes", ""]["also"]
    for item in ("others_as_intended", "one_label"):
        assert made.lines[item, ""]["value"] == 1


def test_the_manifest_counts_it_and_keeps_to_its_schema(scratch: Scratch, made: Made) -> None:
    manifest = made.manifest
    assert manifest["spec"][FIELD] == {"min": 0.01, "max": 0.06}
    assert manifest["counts"]["accident"][LABEL] == manifest["counts"]["kind"][KIND]["rows"] > 100
    assert manifest["counts"]["kind"][HONEST]["events"] > 0
    assert manifest["compared"]["rates"][FIELD]["realised"] > 0.01
    schema = json.loads(scratch.text("docs/schemas/manifest.schema.json"))
    jsonschema.Draft202012Validator(schema).validate(manifest)
    spec = json.loads(scratch.text("docs/schemas/spec.schema.json"))
    assert spec["properties"][FIELD]["default"] == {"min": 0.001, "max": 0.01}
    assert f"    {FIELD}: Interval\n" in scratch.text("src/accidental_transfers/spec/keywords.py")
    old = json.loads((Path(__file__).parents[2] / "docs/schemas/manifest.schema.json").read_text())
    assert not jsonschema.Draft202012Validator(old).is_valid(manifest)


def test_the_readme_describes_it(scratch: Scratch) -> None:
    readme = scratch.text("README.md")
    assert f"| `{COLUMN}` | boolean | the amount is the number that was meant" in readme
    assert f'| `{FIELD}` | `{{"min": 0.001, "max": 0.01}}` | min and max within 0 to 0.25' in readme
    assert "True" in [row.split(",")[8] for row in readme.splitlines()
                      if row.startswith("customer_0")]  # fmt: skip


def test_the_dictionary_has_its_column_its_parameter_and_its_kinds(scratch: Scratch) -> None:
    dictionary = scratch.text("docs/dictionary.md")
    assert f"| `{COLUMN}` | boolean | the amount is the number that was meant" in dictionary
    assert f"| `{FIELD}` | number | " in dictionary
    assert f"| `{KIND}` | `{COLUMN}` | " in dictionary
    assert f"| `{HONEST}` | none | " in dictionary
    assert "--wrong-currency-accident-probability" in scratch.text("docs/command.md")


def test_without_it_and_its_lookalikes_the_dataset_is_what_it_was(scratch: Scratch) -> None:
    """All else is byte for byte the same, the other accidents too."""
    found = scratch.csv_of(customers=20, lookalikes=0, **{FIELD: NONE})
    before = Dataset(DatasetSpec(customers=20, lookalikes=0)).csv
    assert set(pd.read_csv(io.StringIO(found))[COLUMN]) == {False}
    assert rows_of(found) == rows_of(before)


def test_its_lookalikes_are_honest_and_change_nobody_else(scratch: Scratch) -> None:
    """Without accidents, only the amounts in other currencies differ from the ones before."""
    never = dict.fromkeys(PROBABILITIES, NONE)
    found = rows_of(scratch.csv_of(customers=60, **never, **{FIELD: NONE}))
    before = rows_of(Dataset(DatasetSpec.parse({"customers": 60, **never})).csv)
    changed = [(old, new) for old, new in zip(before, found, strict=True) if old != new]
    assert 100 < len(changed) < 400 < 0.01 * len(found)
    place = found[0].index("amount")
    assert all(
        old[:place] == new[:place] and old[place + 1 :] == new[place + 1 :] for old, new in changed
    )
