"""The manifest's schema takes every manifest, and nothing that lacks or adds a field."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from accidental_transfers.pipeline.identity import Versions
from accidental_transfers.pipeline.manifest import Counts
from accidental_transfers.pipeline.storage import Bucket
from accidental_transfers.spec import JobSpec
from tests.pipeline.support import DENSE, embedded_bucket, manifest_of, set_environment

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "schemas" / "manifest.schema.json").read_text()
)
VALIDATOR = jsonschema.Draft202012Validator(
    SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)


def test_the_schema_knows_every_field() -> None:
    defined = SCHEMA["$defs"]
    assert defined["ResolvedSpec"]["properties"].keys() == JobSpec.model_fields.keys()
    assert defined["Versions"]["properties"].keys() == Versions.model_fields.keys()


@pytest.mark.slow
@pytest.mark.parametrize(
    "spec",
    [
        DENSE,
        {"customers": 1, "seed": "text", "end_date": "2024-01-01"},
        {
            "customers": 2, "end_date": "2024-01-01", "if_exists": "fail",
            "daily_transactions": {"min": 0.1, "max": 0.1},
        },
    ],
    ids=["several slices", "a single one", "hardly a row"],
)  # fmt: skip
def test_a_manifest_keeps_to_its_schema(bucket: Bucket, spec: dict[str, Any]) -> None:
    VALIDATOR.validate(manifest_of(bucket, spec))


@pytest.fixture(scope="module")
def small() -> Any:
    """A manifest to be spoilt."""
    with pytest.MonkeyPatch.context() as patch, embedded_bucket() as bucket:
        set_environment(patch)
        return manifest_of(bucket, {"customers": 2, "end_date": "2024-01-02"})


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every object or list of a document, with each of its keys."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        yield value, key
        if isinstance(inner, dict | list):
            yield from places(inner)


def accepts(manifest: Any) -> bool:
    return bool(VALIDATOR.is_valid(manifest))


@pytest.mark.slow
def test_the_schema_refuses_a_manifest_that_lacks_any_field(small: Any) -> None:
    optional = small["compared"]["shares"]["entity_type"].values()
    tried = 0
    for place, key in list(places(small)):
        # Entity types are reference data, to which everybody may add.
        if any(place is each for each in optional):
            continue
        kept = list(place) if isinstance(place, list) else dict(place)
        del place[key]
        assert not accepts(small), f"{key} is not missed"
        place.clear()
        place.extend(kept) if isinstance(place, list) else place.update(kept)
        tried += 1
    assert accepts(small)
    assert tried > 150


def test_the_schema_refuses_a_manifest_that_has_more(small: Any) -> None:
    objects = {id(place): place for place, _ in places(small) if isinstance(place, dict)}
    for place in objects.values():
        place["more"] = "anything"
        assert not accepts(small), f"more is allowed beside {', '.join(place)}"
        del place["more"]
    assert accepts(small)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("run", "a/b"),
        ("run", "x" * 81),
        ("dataset_version", 0),
        ("dataset_version", "2"),
        ("code_sha256", "0" * 63),
        ("seed", None),
        ("rows", -1),
        ("rows", "7"),
        ("crc32", "ABCDEF01"),
        ("crc32", "0"),
        ("counts.accident.burst", -1),
        ("counts.kind.split.events", 0.5),
        ("compared.rates.home_city_bias.requested", -0.1),
        ("compared.rates.home_city_bias.requested", None),
        ("compared.shares.entity_type.Credit Card.Grocery.realised", "much"),
        ("spec.preset", "other"),
        ("spec.customers", 0),
        ("spec.customers", 1_000_001),
        ("spec.lookalikes", -1),
        ("spec.output_key", "data/x.txt"),
        ("spec.if_exists", "ask"),
        ("spec.customers_per_slice", 0),
        ("spec.dry_run", True),
        ("versions.numpy", "two"),
        ("files.dataset.parts", []),
        ("files.dataset.parts.0.index", -1),
        ("files.dataset.parts.0.first_customer", 0),
        ("files.customers.bytes", 1.5),
    ],
)
def test_the_schema_refuses_what_no_manifest_says(small: Any, path: str, value: Any) -> None:
    spoilt = copy.deepcopy(small)
    *way, last = path.split(".")
    place = spoilt
    for step in way:
        place = place[int(step) if isinstance(place, list) else step]
    assert last in place
    place[last] = value
    assert not accepts(spoilt)


def test_the_builder_refuses_counts_of_other_names() -> None:
    rows = {"Credit Card": 1, "Online Purchase": 2, "Venmo/PayPal": 3, "Cheque": 4}
    with pytest.raises(ValidationError, match=r"Cheque; allowed are .*Bank Transfer"):
        Counts.model_validate({"transaction_type": rows, "accident": {}, "kind": {}})
