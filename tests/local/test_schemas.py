"""The published schemas: made from the models, valid, and up to date."""

import json

import jsonschema
import pytest

from accidental_transfers.local.schemas import FOLDER, schemas, text_of

REMEDY = "write it anew: `make schemas`"


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
    described = [schemas()[name], *schemas()[name]["$defs"].values()]
    assert all(each["description"].endswith(".") for each in described)
    assert all("\n" not in each["description"] for each in described)
