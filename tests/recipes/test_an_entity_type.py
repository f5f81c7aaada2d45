"""The recipe of an entity type: one entry in one data file, and its merchants."""

import json

import jsonschema
import pytest

from accidental_transfers.model.facts.reference import reference
from tests.recipes.scratch import Made, Scratch

ENTRY = """
    {"name": "Florist", "share": 0.05, "hours": null, "median": 18, "sigma": 0.5, \
"endings": {"whole": 0.5, "five": 0.3, "ninety_nine": 0.1, "ninety_five": 0.0, "half": 0.05}, \
"favourites": 2, "zipf": 1.5, "explore": 0.1, "local": 0.5, "large": 0.1},"""
NATIONAL = """
    "Florist": ["Teleflora", "FTD", "Petal & Stem"],"""
LOCAL = """
      "Florist": ["Floral", "Florist", "Blooms", "Bouquets", "Petals"],"""

CARDS = next(
    code for code, each in enumerate(reference().transaction_types) if each.name == "Credit Card"
)
SHARE = 0.05 / (
    0.05 + sum(each.share for each in reference().entity_types if each.transaction_type == CARDS)
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    scratch = Scratch.copy(tmp_path_factory.mktemp("entity_type"))
    data = scratch.package / "model" / "data"
    scratch.insert(data / "entity_types.json", ENTRY, after='"entity_types": [')
    scratch.insert(data / "merchants.json", NATIONAL, after='"national": {')
    scratch.insert(data / "merchants.json", LOCAL, after='"kinds": {')
    scratch.make_docs()
    return scratch


@pytest.fixture(scope="module")
def made(scratch: Scratch) -> Made:
    return scratch.make(customers=40, end_date="2024-01-31")


def test_the_facts_are_as_they_should_be(scratch: Scratch) -> None:
    printed = scratch.command("facts", "check")
    assert f"{len(reference().entity_types) + 1} entity types" in printed


def test_people_pay_it_as_often_as_its_share_says(made: Made) -> None:
    """Some 380 of 8,000 credit card payments, less or more by chance and by person."""
    cards = made.rows[made.rows["transaction_type"] == "Credit Card"]
    own = made.rows[made.rows["entity_type"] == "Florist"]
    assert set(own["transaction_type"]) == {"Credit Card"}
    assert len(own) / len(cards) == pytest.approx(SHARE, rel=0.25)
    assert own["amount"].median() == pytest.approx(18, rel=0.25)
    national = {"Teleflora", "FTD", "Petal & Stem"}
    local = (" Floral", " Florist", " Blooms", " Bouquets", " Petals")
    is_local = own["recipient_entity"].str.endswith(local)
    assert (is_local != own["recipient_entity"].isin(national)).all()
    assert 0.25 < is_local.mean() < 0.75


def test_the_card_shows_it(made: Made) -> None:
    rows = (made.rows["entity_type"] == "Florist").sum()
    titles = [title for panel in made.page.section("recipients").iter("title")
              if (title := panel.text or "").startswith("Florist: ")]  # fmt: skip
    assert len(titles) == 1
    assert titles[0].startswith(f"Florist: {rows:,}")


def test_the_manifest_counts_it_and_keeps_to_its_schema(scratch: Scratch, made: Made) -> None:
    shares = made.manifest["compared"]["shares"]["entity_type"]["Credit Card"]
    assert shares["Florist"]["requested"] == pytest.approx(SHARE, abs=1e-6)
    found = (made.rows["entity_type"] == "Florist").sum()
    cards = (made.rows["transaction_type"] == "Credit Card").sum()
    assert shares["Florist"]["realised"] == pytest.approx(found / cards, abs=1e-6)
    schema = json.loads(scratch.text("docs/schemas/manifest.schema.json"))
    jsonschema.Draft202012Validator(schema).validate(made.manifest)


def test_the_scorecard_judges_it(made: Made) -> None:
    assert made.lines["one_label", ""]["value"] == 1
    assert made.lines["intended_known", ""]["value"] == 1
