"""What `sam build` makes: small and whole artefacts, that Lambda's own runtime runs."""

import filecmp
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from accidental_transfers.local.deployment import ROOT
from accidental_transfers.local.serve import served
from accidental_transfers.pipeline.identity import PACKAGE, code_sha256
from tests.infrastructure.lambda_runtime import ARCHITECTURE, runtime

pytestmark = pytest.mark.slow

OF_CSV = ["PlanFunction", "GenerateSliceFunction", "ConcatenatePartsFunction"]
OF_PARQUET = "GenerateParquetFunction"
MEBIBYTE = 2**20

ROUND_TRIP = """
import io, json
from pyarrow import parquet
from accidental_transfers.dataset.generate import simulate
from accidental_transfers.dataset.parquet import parquet_rows
from accidental_transfers.spec import DatasetSpec

spec, stream = DatasetSpec.parse({"customers": 3, "end_date": "2024-01-05"}), io.BytesIO()
with parquet_rows(stream, spec) as rows:
    for table in simulate(spec, 1, 3):
        for block in table.blocks:
            rows.write(block)
read = parquet.read_table(stream, columns=["customer_id", "amount"])
print(json.dumps([read.num_rows, sorted({*read["customer_id"].to_pylist()})]))
"""
"""Writes a dataset of three customers as Parquet, and reads it."""


@pytest.fixture(scope="session")
def artefacts() -> Iterator[Path]:
    """Folder with the built artefact of each function."""
    # A folder of its own, because checks must not touch what somebody is about to deploy; beside
    # the usual one, because the build keeps the installed dependencies there.
    folder = ROOT / ".aws-sam" / f"checks-{os.getpid()}"
    built = subprocess.run(
        [
            Path(sys.executable).with_name("sam"),
            "build",
            *("--build-dir", folder),
            *("--parameter-overrides", f"Architecture={ARCHITECTURE}"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def artefact(artefacts: Path) -> Path:
    return artefacts / "PlanFunction"


def files(folder: Path) -> set[Path]:
    return {file.relative_to(folder) for file in folder.rglob("*") if file.is_file()}


def test_the_functions_of_the_csv_share_one_artefact(artefacts: Path, artefact: Path) -> None:
    for function in OF_CSV[1:]:
        assert files(artefacts / function) == files(artefact)
        assert_same_bytes(artefact, artefacts / function)


def test_the_function_of_parquet_has_pyarrow_besides(artefacts: Path, artefact: Path) -> None:
    besides = files(artefacts / OF_PARQUET) - files(artefact)
    assert {file.parts[0].partition("-")[0] for file in besides} == {"pyarrow"}
    assert_same_bytes(artefact, artefacts / OF_PARQUET)


def assert_same_bytes(artefact: Path, other: Path) -> None:
    """Every file of an artefact is in another one as well."""
    same, different, failed = filecmp.cmpfiles(
        artefact, other, map(str, files(artefact)), shallow=False
    )
    assert same
    assert different == failed == []


def test_the_artefact_holds_the_package_but_not_what_runs_only_here(artefact: Path) -> None:
    package = files(ROOT / "src" / "accidental_transfers")
    here = {"local", "evaluation"}
    wanted = {
        file for file in package if file.parts[0] not in here and "__pycache__" not in file.parts
    }
    built = files(artefact / "accidental_transfers")
    assert {file for file in built if "__pycache__" not in file.parts} == wanted


def test_the_artefact_has_the_identity_of_the_checkout(artefact: Path) -> None:
    assert code_sha256(artefact / "accidental_transfers") == code_sha256(PACKAGE)


def test_the_artefact_is_small(artefact: Path) -> None:
    top = {entry.name for entry in artefact.iterdir()}
    assert {"numpy", "pydantic", "boto3", "jinja2", "aws_lambda_powertools"} <= top
    assert {"pandas", "moto", "pyarrow", "rich", "samtranslator", "bin"}.isdisjoint(top)
    assert not [file for file in files(artefact) if "tests" in file.parts]
    assert size(artefact) < 120 * MEBIBYTE  # Lambda's limit is 250


def test_the_artefact_of_parquet_has_nothing_to_compile_or_to_test_with(artefacts: Path) -> None:
    artefact = artefacts / OF_PARQUET
    of_pyarrow = {file for file in files(artefact) if file.parts[0] == "pyarrow"}
    assert {"include", "tests"}.isdisjoint(part for file in of_pyarrow for part in file.parts)
    assert {".h", ".pxd", ".pxi", ".pyx"}.isdisjoint(file.suffix for file in of_pyarrow)
    assert not [
        *artefact.glob("pyarrow/libarrow_flight.*"),
        *artefact.glob("pyarrow/libarrow_s3.*"),
    ]
    assert size(artefact) < 190 * MEBIBYTE


def size(artefact: Path) -> int:
    """Bytes, as Lambda counts them: unzipped."""
    return sum((artefact / file).stat().st_size for file in files(artefact))


@pytest.mark.parametrize(
    ("function", "package"), [("PlanFunction", "numpy"), (OF_PARQUET, "pyarrow")]
)
def test_the_artefact_is_for_the_architecture_that_the_template_asks_for(
    artefacts: Path, function: str, package: str
) -> None:
    extensions = [
        file.name for file in files(artefacts / function / package) if file.suffix == ".so"
    ]
    assert extensions
    machine = {"x86_64": "x86_64", "arm64": "aarch64"}[ARCHITECTURE]
    assert all(f"cpython-313-{machine}-linux-gnu" in name for name in extensions)


def on_lambdas_python() -> bool:
    return sys.version_info[:2] == (3, 13)


needs_lambdas_python = pytest.mark.skipif(
    not on_lambdas_python(),
    reason=f"Lambda runs Python 3.13, these checks {platform.python_version()}: "
    "make it with `make clean test PYTHON=python3.13`",
)


@needs_lambdas_python
@pytest.mark.parametrize("function", ["PlanFunction", OF_PARQUET])
def test_every_module_has_bytecode_that_is_never_checked(artefacts: Path, function: str) -> None:
    artefact = artefacts / function
    everything = files(artefact)
    sources = {file for file in everything if file.suffix == ".py"}
    compiled = {file for file in everything if file.suffix == ".pyc"}
    assert {
        file.parent / "__pycache__" / f"{file.stem}.cpython-313.pyc" for file in sources
    } == compiled
    flags = {(artefact / file).read_bytes()[4:8] for file in compiled}
    assert flags == {(1).to_bytes(4, "little")}  # by hash, not checked: see PEP 552


@needs_lambdas_python
def test_what_is_left_of_pyarrow_writes_and_reads(artefacts: Path) -> None:
    artefact = artefacts / OF_PARQUET
    # Without the site's packages there is nothing else to import.
    told = subprocess.run(
        [sys.executable, "-S", "-c", ROUND_TRIP],
        env={"PYTHONPATH": str(artefact), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rows, customers = json.loads(told)
    assert rows > 3 * 5 * 3
    assert customers == ["customer_001", "customer_002", "customer_003"]


@needs_lambdas_python
@pytest.mark.parametrize(
    ("function", "event", "answer"),
    [
        ("PlanFunction", "plan", {"run": "example", "slices": 2}),
        ("GenerateSliceFunction", "generate-slice", {"index": 0}),
        ("ConcatenatePartsFunction", "concatenate-parts", {"run": "example"}),
    ],
)
def test_a_built_function_answers_in_lambdas_runtime(
    artefacts: Path,
    tmp_path: Path,
    function: str,
    event: str,
    answer: dict[str, Any],
) -> None:
    given = (ROOT / "events" / f"{event}.json").read_bytes()
    with served("127.0.0.1") as (aws, address):
        handler = aws.deployment.functions[function]["Handler"]
        variables = aws.deployment.functions[function]["Environment"]["Variables"]
        environment = {**variables, "AWS_ENDPOINT_URL_S3": address}
        with runtime(artefacts / function, handler, environment, tmp_path) as invoke:
            got = json.loads(invoke(given))
    assert got | answer == got


@needs_lambdas_python
def test_the_built_function_of_parquet_leaves_a_lakes_files(
    artefacts: Path, tmp_path: Path
) -> None:
    spec = {"customers": 4, "end_date": "2024-02-03", "format": "parquet"}
    with served("127.0.0.1") as (aws, address):
        plan = aws.functions.call("PlanFunction", {"run": "lake", "spec": spec})
        client, bucket = boto3.client("s3"), plan["bucket"]
        (task,) = json.loads(
            client.get_object(Bucket=bucket, Key=plan["slices_key"])["Body"].read()
        )
        function = aws.deployment.functions[OF_PARQUET]
        variables = {**function["Environment"]["Variables"], "AWS_ENDPOINT_URL_S3": address}
        with runtime(artefacts / OF_PARQUET, function["Handler"], variables, tmp_path) as invoke:
            got = json.loads(invoke(json.dumps(task).encode()))
        found = client.list_objects_v2(Bucket=bucket, Prefix="data/")["Contents"]
    assert got["rows"] > 4 * 34 * 3
    assert len([each for each in found if each["Key"].endswith(".parquet")]) == 7


@needs_lambdas_python
def test_a_built_function_fails_by_name(artefact: Path, tmp_path: Path) -> None:
    environment = {
        "BUCKET_NAME": "accidentaltransferproject",
        "ROW_LIMIT": "1000",
        "SLICE_MEMORY_MB": "1769",
    }
    handler = "accidental_transfers.pipeline.plan.handler"
    with runtime(artefact, handler, environment, tmp_path) as invoke:
        got = json.loads(invoke(b'{"run": "example", "spec": {"customers": 0}}'))
    assert got["errorType"] == "SpecError"
    assert got["errorMessage"].startswith("customers: got 0")
