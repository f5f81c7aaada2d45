"""The published schemas: made from the models, valid, and up to date."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource

from accidental_transfers.local.documents import SCHEMAS as FOLDER
from accidental_transfers.local.documents.schemas import schemas, text_of

REMEDY = "write it anew: `make docs`"
EVENTS = sorted(path for path in (FOLDER.parents[1] / "events").glob("*.json"))


@pytest.mark.parametrize("name", schemas())
def test_a_published_schema_is_the_models(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == text_of(schemas()[name]), REMEDY


def test_the_folder_holds_nothing_else() -> None:
    assert {path.name for path in FOLDER.iterdir()} == schemas().keys()


@pytest.mark.parametrize("name", schemas())
def test_a_schema_is_one_of_its_dialect(name: str) -> None:
    published = json.loads((FOLDER / name).read_text("utf-8"))
    assert published["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(published)


@pytest.mark.parametrize("name", schemas())
def test_every_object_of_a_schema_says_what_it_is(name: str) -> None:
    described = [schemas()[name], *schemas()[name].get("$defs", {}).values()]
    assert all(each["description"].endswith(".") for each in described)
    assert all("\n" not in each["description"] for each in described)


@pytest.mark.parametrize(
    "event",
    [path for path in EVENTS if not path.stem.startswith("local-env")],
    ids=lambda path: path.stem,
)
def test_an_event_names_its_schema_and_keeps_to_it(event: Path) -> None:
    document = json.loads(event.read_text("utf-8"))
    named = (event.parent / document["$schema"]).resolve()
    assert named.parent == FOLDER
    registry: Registry[Any] = Registry().with_resources(
        (name, Resource.from_contents(schema)) for name, schema in schemas().items()
    )
    validator = jsonschema.Draft202012Validator(schemas()[named.name], registry=registry)
    validator.validate(document)
    with pytest.raises(jsonschema.ValidationError, match="custmers"):
        validator.validate({**document, "custmers": 5})


def test_the_schema_of_a_spec_says_what_a_spec_allows() -> None:
    validator = jsonschema.Draft202012Validator(schemas()["spec.schema.json"])
    validator.validate({})
    validator.validate({"daily_transactions": {"max": 20}, "seed": "any", "dry_run": True})
    for wrong in (
        {"customers": 0},
        {"seed": -1},
        {"accident_probability": {"max": 0.3}},
        {"daily_transactions": {"mean": 3}},
        {"if_exists": "keep"},
    ):
        assert not validator.is_valid(wrong), wrong
