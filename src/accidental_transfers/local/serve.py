"""Serve the embedded S3 for `sam local invoke`: `python -m accidental_transfers.local.serve`.

A run is prepared in it, as far as the events need: planned, with all its slices made. So each
function finds what it reads, in any order of invocations.
"""

import argparse
import json
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from moto.core.models import botocore_stubber
from werkzeug import Request, Response
from werkzeug.serving import make_server

from accidental_transfers.local.deployment import ROOT
from accidental_transfers.local.embedded_aws import EmbeddedAws, embedded_aws

DOCKER_BRIDGE = "172.17.0.1"
"""This machine, as a container of Docker on Linux sees it, and only such containers."""
LOOPBACK = "127.0.0.1"
"""This machine to itself. Docker Desktop, on macOS and Windows, leads its containers there from
host.docker.internal."""
PORT = 5000


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(
        prog="python -m accidental_transfers.local.serve",
        description="Serve the embedded S3, with a run prepared for the events of the functions.",
    )
    parser.add_argument(
        "--host",
        default=host_for(sys.platform),
        help="address of this machine that containers reach: of Docker's bridge on Linux, of the "
        "machine itself with Docker Desktop (default here: %(default)s)",
    )
    parser.add_argument("--port", type=int, default=PORT, help="port (default: %(default)s)")
    options = parser.parse_args(arguments)
    with served(options.host, options.port) as (aws, address):
        print(f"s3://{aws.deployment.bucket} is served at {address} (end with Ctrl-C)", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print()
    return 0


def host_for(platform: str) -> str:
    """Give the address to serve at, so that Docker's containers reach it and nobody else does."""
    return DOCKER_BRIDGE if platform == "linux" else LOOPBACK


@contextmanager
def served(host: str, port: int = 0) -> Iterator[tuple[EmbeddedAws, str]]:
    """Run an embedded AWS whose S3 answers at an address, the run of the events prepared in it.

    Parameters
    ----------
    host : str
        Address to bind.
    port : int
        0 for any that is free.
    """
    with embedded_aws() as aws:
        prepare(aws, _event("plan"))
        server = make_server(host, port, Request.application(relay), threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield aws, f"http://{server.host}:{server.port}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def relay(request: Request) -> Response:
    """Have moto answer a request to S3, as it answers those of this process."""
    prepared = AWSPreparedRequest(
        method=request.method,
        url=f"https://s3.amazonaws.com{request.environ['RAW_URI']}",
        headers=HTTPHeaders.from_pairs(request.headers),
        body=request.get_data(),
        stream_output=False,
    )
    answer = botocore_stubber.process_request(prepared)
    assert answer is not None, "moto knows S3"
    status, headers, body = answer
    return Response(body, status, headers)


def prepare(aws: EmbeddedAws, request: dict[str, Any]) -> None:
    """Plan a run and make all its slices."""
    plan = aws.functions.call("PlanFunction", request)
    stored = boto3.client("s3").get_object(Bucket=plan["bucket"], Key=plan["slices_key"])
    for item in json.loads(stored["Body"].read()):
        aws.functions.call("GenerateSliceFunction", item)


def _event(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((ROOT / "events" / f"{name}.json").read_text("utf-8"))
    return event


if __name__ == "__main__":
    raise SystemExit(main())
