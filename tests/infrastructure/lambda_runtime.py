"""Lambda's own runtime around a built artefact, without Docker."""

import os
import platform
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

ARCHITECTURE = {"x86_64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}[platform.machine()]


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
