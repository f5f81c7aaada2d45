"""All of a run is made by the same code, facts and numpy, or it is refused by name."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accidental_transfers.dataset.version import DATASET_VERSION
from accidental_transfers.errors import OtherCodeError, OtherPlanError, UnknownRunError
from accidental_transfers.pipeline import concatenate_parts, generate_slice
from accidental_transfers.pipeline.identity import PACKAGE, Identity, code_sha256
from accidental_transfers.pipeline.run_plan import RunPlan
from accidental_transfers.pipeline.storage import JSON, Bucket
from tests.facts_folder import ENTITY_TYPES, edit_json, entity_type
from tests.pipeline.support import (
    CONTEXT,
    OUTPUT,
    PUBLISHED,
    SMALL,
    concatenated,
    keys,
    made,
    manifest_of,
    planned,
)

PLAN = "runs/r/plan.json"
RECEIPT = "runs/r/receipts/00001.json"
FIRST = {"run": "r", "index": 0, "first_customer": 1, "last_customer": 1}

Change = Callable[[dict[str, Any]], object]
OTHERS: dict[str, tuple[Change, str]] = {
    "dataset version": (
        lambda identity: identity.update(dataset_version=DATASET_VERSION - 1),
        f"dataset version {DATASET_VERSION - 1}, not {DATASET_VERSION}",
    ),
    "code": (
        lambda identity: identity.update(code_sha256="0" * 64),
        "code and facts 000000000000, not [0-9a-f]{12}",
    ),
    "numpy": (
        lambda identity: identity["versions"].update(numpy="1.26.4"),
        r"numpy 1\.26\.4, not 2\.",
    ),
}


def sign(bucket: Bucket, key: str, change: Change, **more: Any) -> None:
    """Let a document say that something else made it."""
    document = json.loads(bucket.get(key))
    change(document["identity"])
    bucket.put(key, json.dumps(document | more).encode(), JSON)


@pytest.mark.parametrize(("change", "said"), OTHERS.values(), ids=OTHERS)
def test_a_slice_is_not_made_for_a_plan_of_other_code(
    bucket: Bucket, change: Change, said: str
) -> None:
    planned("r", SMALL)
    sign(bucket, PLAN, change)
    with pytest.raises(OtherCodeError, match=f"the plan of run r was made by {said}"):
        generate_slice.handler(FIRST, CONTEXT)
    assert keys(bucket, "runs/r/dataset/") == keys(bucket, "runs/r/receipts/") == []


@pytest.mark.parametrize(("change", "said"), OTHERS.values(), ids=OTHERS)
def test_what_other_code_planned_is_not_published(
    bucket: Bucket, change: Change, said: str
) -> None:
    made(bucket, "r", SMALL)
    sign(bucket, PLAN, change)
    with pytest.raises(OtherCodeError, match=f"the plan of run r was made by {said}"):
        concatenated("r")
    assert keys(bucket, "data/") == []


@pytest.mark.parametrize(("change", "said"), OTHERS.values(), ids=OTHERS)
def test_a_slice_of_other_code_is_not_joined(bucket: Bucket, change: Change, said: str) -> None:
    made(bucket, "r", SMALL)
    sign(bucket, RECEIPT, change)
    owner = r"run r: slice 1 \(customers 2 to 2\)"
    with pytest.raises(OtherCodeError, match=f"{owner} was made by {said}"):
        concatenated("r")
    assert keys(bucket, "data/") == []


@pytest.mark.parametrize(("change", "said"), OTHERS.values(), ids=OTHERS)
def test_a_run_that_other_code_planned_is_not_planned_again(
    bucket: Bucket, change: Change, said: str
) -> None:
    planned("r", SMALL)
    sign(bucket, PLAN, change)
    with pytest.raises(OtherCodeError, match=f"the plan of run r was made by {said}"):
        planned("r", SMALL)


def test_a_foreign_plan_is_refused_by_every_state(bucket: Bucket) -> None:
    tasks = made(bucket, "r", SMALL)
    planned("other", SMALL)
    bucket.put(PLAN, bucket.get("runs/other/plan.json"), JSON)
    said = "runs/r/plan.json is the plan of run other, not of r"
    with pytest.raises(OtherPlanError, match=said):
        planned("r", SMALL)
    with pytest.raises(OtherPlanError, match=said):
        generate_slice.handler(tasks[0], CONTEXT)
    with pytest.raises(OtherPlanError, match=said):
        concatenated("r")
    assert keys(bucket, "data/") == []


def test_what_belongs_to_an_older_plan_of_the_same_name_is_refused(bucket: Bucket) -> None:
    """As after 90 days, when an execution may have its name again, and the old run is gone."""
    one = planned("r", SMALL | {"output_key": "data/one.csv"})
    (task, *_) = json.loads(bucket.get(one["slices_key"]))
    bucket.delete(PLAN)
    two = planned("r", SMALL | {"output_key": "data/two.csv"})
    said = f"runs/r/plan.json is the plan {two['digest'][:12]}; wanted .* {one['digest'][:12]}"
    with pytest.raises(OtherPlanError, match=said):
        generate_slice.handler(task, CONTEXT)
    assert keys(bucket, "runs/r/dataset/") == []
    for each in json.loads(bucket.get(two["slices_key"])):
        generate_slice.handler(each, CONTEXT)
    with pytest.raises(OtherPlanError, match=said):
        concatenate_parts.handler({"run": "r", "plan": one["digest"]}, CONTEXT)
    assert keys(bucket, "data/") == []
    answer = concatenate_parts.handler({"run": "r", "plan": two["digest"]}, CONTEXT)
    assert answer["key"] == "data/two.csv"


CUTS: dict[str, Change] = {
    "a slice less": lambda plan: plan["slices"].pop(),
    "a slice twice": lambda plan: plan["slices"].append(plan["slices"][-1]),
    "another order": lambda plan: plan["slices"].reverse(),
    "a gap": lambda plan: plan["slices"][1].update(first_customer=3, last_customer=3),
    "nobody": lambda plan: plan["slices"][1].update(last_customer=1),
    "more customers": lambda plan: plan["spec"].update(customers=4),
}


@pytest.mark.parametrize("change", CUTS.values(), ids=CUTS)
def test_a_plan_whose_slices_are_not_all_customers_once_is_no_plan(
    bucket: Bucket, change: Change
) -> None:
    planned("r", SMALL)
    document = json.loads(bucket.get(PLAN))
    change(document)
    bucket.put(PLAN, json.dumps(document).encode(), JSON)
    with pytest.raises(UnknownRunError, match=r"runs/r/plan\.json is not a plan"):
        concatenated("r")


def test_the_digest_of_a_plan_binds_run_spec_slices_and_what_makes_the_bytes(
    bucket: Bucket,
) -> None:
    planned("r", SMALL)
    plan = RunPlan.load(bucket, "r")
    identity = plan.identity
    others = [
        plan.model_copy(update={"run": "s"}),
        plan.model_copy(update={"spec": plan.spec.model_copy(update={"seed": 7})}),
        plan.model_copy(update={"slices": plan.slices[:2]}),
        *(
            plan.model_copy(update={"identity": identity.model_copy(update=update)})
            for update in (
                {"dataset_version": 1},
                {"code_sha256": "0" * 64},
                {"versions": identity.versions.model_copy(update={"numpy": "1.26.4"})},
            )
        ),
    ]
    digests = {RunPlan.model_construct(**dict(other)).digest for other in others}
    assert len(digests | {plan.digest}) == 7
    versions = identity.versions.model_copy(update={"python": "3.13.99"})
    same = plan.model_copy(update={"identity": identity.model_copy(update={"versions": versions})})
    assert RunPlan.model_construct(**dict(same)).digest == plan.digest


@pytest.mark.parametrize("key", [PLAN, RECEIPT])
def test_other_code_is_named_though_its_documents_have_another_shape(
    bucket: Bucket, key: str
) -> None:
    made(bucket, "r", SMALL)
    sign(bucket, key, OTHERS["code"][0], something="new")
    with pytest.raises(OtherCodeError, match="code and facts 0000"):
        concatenated("r")


def test_versions_that_change_no_byte_are_no_reason_to_refuse(bucket: Bucket) -> None:
    made(bucket, "r", SMALL)
    sign(bucket, RECEIPT, lambda found: found["versions"].update(python="3.13.99"))
    assert concatenated("r")["rows"] > 0


def test_plan_manifest_and_every_object_say_what_made_them(bucket: Bucket) -> None:
    manifest = manifest_of(bucket, SMALL)
    here = Identity.here().model_dump()
    assert json.loads(bucket.get(PLAN))["identity"] == here
    assert manifest["dataset_version"] == here["dataset_version"] == 2
    assert manifest["code_sha256"] == here["code_sha256"] == code_sha256(PACKAGE)
    assert manifest["versions"] == here["versions"]
    for key in PUBLISHED:
        stored = bucket.head(key)
        assert stored is not None
        assert stored.metadata["dataset-version"] == "2", key
    card = bucket.get(OUTPUT.replace(".csv", ".html")).decode()
    assert "Dataset version 2." in card
    assert here["code_sha256"] in card


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package somewhere else."""
    target = tmp_path / "accidental_transfers"
    shutil.copytree(PACKAGE, target, ignore=shutil.ignore_patterns("__pycache__"))
    return target


def test_the_digest_is_that_of_any_copy_whatever_its_line_ends(copy: Path) -> None:
    for file in [*copy.rglob("*.py"), *copy.rglob("*.json"), *copy.rglob("*.csv")]:
        unix = file.read_bytes().replace(b"\r\n", b"\n")
        file.write_bytes(unix.replace(b"\n", b"\r\n"))
    assert code_sha256(copy) == code_sha256(PACKAGE)


def test_the_digest_knows_nothing_of_what_shapes_no_slice(copy: Path) -> None:
    shutil.rmtree(copy / "local")
    shutil.rmtree(copy / "evaluation")
    (copy / "card" / "page.py").write_text("", "utf-8")
    (copy / "model" / "__pycache__").mkdir()
    (copy / "model" / "__pycache__" / "people.cpython-313.pyc").write_bytes(b"bytecode")
    (copy / "model" / "data" / "merchants.json~").write_text("an editor's", "utf-8")
    (copy / "model" / ".people.py").symlink_to("nowhere")
    assert code_sha256(copy) == code_sha256(PACKAGE)


CHANGES: dict[str, Callable[[Path], object]] = {
    "a fact": lambda copy: edit_json(
        copy / "model" / "data",
        ENTITY_TYPES,
        lambda facts: entity_type(facts, "Grocery").update(share=0.5),
    ),
    "a city": lambda copy: (copy / "model" / "data" / "us_cities.csv").write_text("", "utf-8"),
    "an accident": lambda copy: (copy / "model" / "accidents" / "new.py").write_text("", "utf-8"),
    "a default": lambda copy: (copy / "spec" / "dataset.py").write_text("", "utf-8"),
    "a column": lambda copy: (copy / "dataset" / "columns.py").unlink(),
    "a name": lambda copy: (copy / "dataset" / "block.py").rename(copy / "dataset" / "blocks.py"),
    "a count": lambda copy: (copy / "statistics" / "tally.py").write_text("", "utf-8"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_digest_is_another_when_something_changes(
    copy: Path, change: Callable[[Path], object]
) -> None:
    change(copy)
    assert code_sha256(copy) != code_sha256(PACKAGE)
