"""A stack that is updated while a run is under way: what other facts made is not joined."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from accidental_transfers.errors import OtherCodeError
from accidental_transfers.local.serve import served
from accidental_transfers.pipeline.identity import PACKAGE
from tests.facts_folder import ENTITY_TYPES, edit_json, entity_type
from tests.integration.support import THREE_SLICES, Bucket

pytestmark = pytest.mark.slow

PLAN_AND_MAKE = """
import json, sys
from types import SimpleNamespace
from accidental_transfers.pipeline import generate_slice, plan
from accidental_transfers.pipeline.storage import Bucket
context = SimpleNamespace(
    function_name="f", memory_limit_in_mb=1, invoked_function_arn="a", aws_request_id="r"
)
answer = plan.handler(json.loads(sys.argv[1]), context)
for task in json.loads(Bucket(answer["bucket"]).get(answer["slices_key"])):
    generate_slice.handler(task, context)
"""


def other_package(folder: Path) -> Path:
    """A copy of the package with one fact that differs."""
    copy = folder / "accidental_transfers"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))

    def dearer(facts: Any) -> None:
        entity_type(facts, "Grocery")["median"] += 1

    edit_json(copy / "model" / "data", ENTITY_TYPES, dearer)
    return folder


def test_what_other_facts_made_is_refused_by_name(tmp_path: Path) -> None:
    request = {"run": "updated", "spec": THREE_SLICES}
    task = {"run": "updated", "index": 0, "first_customer": 1, "last_customer": 2}
    with served("127.0.0.1") as (aws, address):
        variables = aws.deployment.functions["PlanFunction"]["Environment"]["Variables"]
        subprocess.run(
            [sys.executable, "-c", PLAN_AND_MAKE, json.dumps(request)],
            env={
                **os.environ,
                **variables,
                "AWS_ENDPOINT_URL_S3": address,
                "NO_PROXY": "127.0.0.1",
                "PYTHONPATH": str(other_package(tmp_path)),
            },
            check=True,
            capture_output=True,
        )
        bucket = Bucket(aws.deployment.bucket)
        assert len(bucket.keys("runs/updated/receipts/")) == 3

        said = r"the plan of run updated was made by code and facts"
        with pytest.raises(OtherCodeError, match=said):
            aws.functions.call("GenerateSliceFunction", task)
        with pytest.raises(OtherCodeError, match=said):
            aws.functions.call("ConcatenatePartsFunction", {"run": "updated"})

        with pytest.raises(OtherCodeError, match=said):
            aws.functions.call("PlanFunction", request)

        bucket.delete("runs/updated/plan.json")
        aws.functions.call("PlanFunction", request)
        said = r"run updated: slice 0 \(customers 1 to 2\) was made by code and"
        with pytest.raises(OtherCodeError, match=said):
            aws.functions.call("ConcatenatePartsFunction", {"run": "updated"})
        assert bucket.keys("data/") == []
