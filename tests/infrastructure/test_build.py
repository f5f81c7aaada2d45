"""What `sam build` makes: one artefact, small and whole, that Lambda's own runtime runs."""

import filecmp
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from accidental_transfers.local.deployment import ROOT
from accidental_transfers.local.serve import served
from accidental_transfers.pipeline.identity import PACKAGE, code_sha256

pytestmark = pytest.mark.slow

FUNCTIONS = ["PlanFunction", "GenerateSliceFunction", "ConcatenatePartsFunction"]
ARCHITECTURE = {"x86_64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}[platform.machine()]
MEBIBYTE = 2**20


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


def test_all_functions_share_one_artefact(artefacts: Path, artefact: Path) -> None:
    for function in FUNCTIONS[1:]:
        assert files(artefacts / function) == files(artefact)
        same, different, failed = filecmp.cmpfiles(
            artefact, artefacts / function, map(str, files(artefact)), shallow=False
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
    assert {"pandas", "moto", "rich", "samtranslator", "bin"}.isdisjoint(top)
    assert not [file for file in files(artefact) if "tests" in file.parts]
    size = sum((artefact / file).stat().st_size for file in files(artefact))
    assert size < 120 * MEBIBYTE  # Lambda's limit is 250


def test_the_artefact_is_for_the_architecture_that_the_template_asks_for(artefact: Path) -> None:
    extensions = [file.name for file in files(artefact / "numpy") if file.suffix == ".so"]
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
def test_every_module_has_bytecode_that_is_never_checked(artefact: Path) -> None:
    everything = files(artefact)
    sources = {file for file in everything if file.suffix == ".py"}
    compiled = {file for file in everything if file.suffix == ".pyc"}
    assert {
        file.parent / "__pycache__" / f"{file.stem}.cpython-313.pyc" for file in sources
    } == compiled
    flags = {(artefact / file).read_bytes()[4:8] for file in compiled}
    assert flags == {(1).to_bytes(4, "little")}  # by hash, not checked: see PEP 552


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


@contextmanager
def runtime(
    artefact: Path, handler: str, environment: dict[str, str], folder: Path
) -> Iterator[Any]:
    """Lambda's runtime interface emulator around an artefact, with nothing else to import."""
    samcli = find_spec("samcli")
    assert samcli is not None
    assert samcli.origin is not None
    emulator = Path(samcli.origin).parent / "local" / "rapid" / f"aws-lambda-rie-{ARCHITECTURE}"
    port, runtime_port = free_ports(2)
    command: list[str | Path] = [
        emulator,
        *("--runtime-interface-emulator-address", f"127.0.0.1:{port}"),
        *("--runtime-api-address", f"127.0.0.1:{runtime_port}"),
        *(sys.executable, "-S", "-m", "awslambdaric", handler),
    ]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(
            command,
            cwd=artefact,
            env={
                **environment,
                "PATH": os.environ["PATH"],
                "PYTHONPATH": f"{artefact}:{runtime_client(folder)}",
                "PYTHONDONTWRITEBYTECODE": "1",
                "AWS_REGION": "us-east-1",
                "AWS_ACCESS_KEY_ID": "local",
                "AWS_SECRET_ACCESS_KEY": "local",
                "AWS_LAMBDA_LOG_FORMAT": "JSON",
                "POWERTOOLS_TRACE_DISABLED": "true",
            },
            stdout=log,
            stderr=log,
        ) as process,
    ):
        try:
            wait_for(port, process)
            yield lambda event: post(port, event)
        finally:
            process.terminate()


def runtime_client(folder: Path) -> Path:
    """A folder with the runtime interface client and what it needs, and nothing besides."""
    alone = folder / "runtime"
    alone.mkdir()
    for name in ("awslambdaric", "runtime_client", "snapshot_restore_py", "simplejson"):
        found = find_spec(name)
        assert found is not None
        assert found.origin is not None
        origin = Path(found.origin)
        source = origin.parent if origin.name == "__init__.py" else origin
        (alone / source.name).symlink_to(source)
    return alone


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, "the emulator ended"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing answers at port {port}")


def post(port: int, event: bytes) -> bytes:
    url = f"http://127.0.0.1:{port}/2015-03-31/functions/function/invocations"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(url, data=event), timeout=60) as response:
        body: bytes = response.read()
    return body
