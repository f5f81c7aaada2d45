"""LocalStack, a second AWS, for `make test-localstack`.

It refuses what S3 does and the embedded S3 does not, and the SAM CLI can deploy to it.
"""

import os
import platform
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import samcli

from accidental_transfers.pipeline.storage import Bucket
from tests.pipeline.support import BUCKET, set_environment

PYTHON = os.environ.get("LOCALSTACK_PYTHON")
"""The interpreter that LocalStack is installed for, in an environment of its own."""
STARTS_WITHIN = 120
"""Seconds."""
SERVICES = "s3,sts,iam,cloudformation,lambda,logs,sqs,scheduler,cloudwatch,stepfunctions,ssm"
HOST = Path(__file__).with_name("host.py")
EMULATOR = Path(samcli.__file__).parent / "local" / "rapid"
"""The SAM CLI's emulator of Lambda's runtime, for each architecture."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and not PYTHON:
            item.add_marker(pytest.mark.skip(reason="`make test-localstack` runs it"))


@pytest.fixture(scope="session")
def localstack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run LocalStack in host mode, on this machine alone; its address."""
    assert PYTHON
    folder = tmp_path_factory.mktemp("localstack")
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "SERVICES": SERVICES,
        "EMULATOR": str(EMULATOR / f"aws-lambda-rie-{architecture()}"),
        "FILESYSTEM_ROOT": str(folder),
        "OVERRIDE_IN_DOCKER": "0",
        # It tells nobody, and asks nobody.
        "DISABLE_EVENTS": "1",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "DNS_ADDRESS": "0",
    }
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [PYTHON, str(HOST)], env=environment, cwd=folder, stdout=log, stderr=log
        )
        try:
            wait_for(port, server, folder / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(60)


def architecture() -> str:
    """This machine's processor, as the template has it."""
    return "arm64" if platform.machine() in {"aarch64", "arm64"} else "x86_64"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    pytest.fail(f"LocalStack did not start:\n{log.read_text()}")


@pytest.fixture
def bucket(localstack: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """An empty bucket that keeps versions, as the template's does."""
    set_environment(monkeypatch)
    monkeypatch.setenv("AWS_ENDPOINT_URL", localstack)
    made = Bucket(BUCKET)
    made.client.create_bucket(Bucket=BUCKET)
    made.client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    yield made
    empty(made)
    made.client.delete_bucket(Bucket=BUCKET)


def empty(bucket: Bucket) -> None:
    listed = bucket.client.list_object_versions(Bucket=BUCKET)
    for each in [*listed.get("Versions", []), *listed.get("DeleteMarkers", [])]:
        bucket.client.delete_object(Bucket=BUCKET, Key=each["Key"], VersionId=each["VersionId"])
    for upload in bucket.client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []):
        bucket.client.abort_multipart_upload(
            Bucket=BUCKET, Key=upload["Key"], UploadId=upload["UploadId"]
        )
