"""Two executions that want the same key: one set stands there, and who lost says so."""

from collections.abc import Iterator
from typing import Any

import pytest

from accidental_transfers.local.cli import main
from accidental_transfers.local.embedded_aws import EmbeddedAws
from accidental_transfers.pipeline.storage import Bucket as PipelineBucket
from tests.integration.support import OUTPUT_KEY, THREE_SLICES, Bucket, library_text
from tests.pipeline.conditional_moto import conditional_completes
from tests.pipeline.support import Faults, made, publish_within

pytestmark = pytest.mark.slow

OTHER = {**THREE_SLICES, "seed": 8}


@pytest.fixture(autouse=True)
def conditions(aws: EmbeddedAws) -> Iterator[None]:
    made(PipelineBucket(aws.deployment.bucket), "quick", OTHER)
    with conditional_completes():
        yield


def overtake(faults: Faults, method: str, *words: str) -> None:
    """Have another run publish while a request is under way."""

    def overtaken(request: Any, truth: Any) -> Any:
        publish_within(PipelineBucket(request.url.split("/")[2].split(".")[0]), "quick")
        return truth

    faults.on(method, OUTPUT_KEY, *words, answer=overtaken)


def check_one_set(bucket: Bucket, run: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["verify", f"s3://{bucket.name}/{OUTPUT_KEY}"]) == 0
    assert capsys.readouterr().out.endswith(f"run {run}, one set\n")


def test_who_is_overtaken_while_publishing_fails_by_name(
    aws: EmbeddedAws, bucket: Bucket, faults: Faults, capsys: pytest.CaptureFixture[str]
) -> None:
    overtake(faults, "POST", "uploadId=")
    outcome = aws.execute(THREE_SLICES, run="slow")
    assert (outcome.status, outcome.error) == ("FAILED", "OutputContestedError")
    assert "run quick began to publish while run slow did" in outcome.cause
    check_one_set(bucket, "quick", capsys)
    assert bucket.open_uploads() == []


def test_who_is_overtaken_before_publishing_tries_again_and_comes_last(
    aws: EmbeddedAws,
    bucket: Bucket,
    faults: Faults,
    pauses: list[float],
    capsys: pytest.CaptureFixture[str],
) -> None:
    overtake(faults, "PUT", "partNumber=1")
    outcome = aws.execute(THREE_SLICES, run="slow")
    assert outcome.succeeded, outcome
    assert len(pauses) == 1
    check_one_set(bucket, "slow", capsys)
    assert bucket.read(OUTPUT_KEY) == library_text(THREE_SLICES, lambda t, s: t.write_csv(s))
