"""The command `remote` against the deployed stack."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import boto3
import pytest

from accidental_transfers.dataset.table import Table
from accidental_transfers.local.cli import main
from accidental_transfers.local.embedded_aws import EmbeddedAws, embedded_aws
from accidental_transfers.local.stored_set import read_file
from tests.integration.support import OUTPUT_KEY, THREE_SLICES, Bucket, library_text

pytestmark = pytest.mark.slow

FEW = ["--seed", "7", "--customers", "6", "--end-date", "2024-01-05", "--customers-per-slice", "2"]
"""`THREE_SLICES`, as options."""
NAMES = {"accidents.csv", "customers.csv", "outcomes.csv", "csv", "html", "manifest.json"}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accidental_transfers.local.remote.actions.SECONDS_BETWEEN_LOOKS", 0.05)


def remote(aws: EmbeddedAws, action: str, *options: str) -> int:
    return main(["remote", action, "--state-machine", aws.state_machine_arn, *options])


def names(folder: Path) -> set[str]:
    return {file.name.removeprefix("synthetic_transactions_labeled.") for file in folder.iterdir()}


def test_start_shows_the_slices_and_download_fetches_the_set(
    aws: EmbeddedAws, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert remote(aws, "start", *FEW, "--name", "first") == 0
    told = capsys.readouterr().out
    assert told.startswith("run first\n")
    assert "slices 3 of 3, joining the parts" in told
    assert f"dataset  s3://accidentaltransferproject/{OUTPUT_KEY}" in told

    assert remote(aws, "download", "--output", str(tmp_path)) == 0
    assert names(tmp_path) == NAMES
    expected = library_text(THREE_SLICES, Table.write_csv)
    assert (tmp_path / "synthetic_transactions_labeled.csv").read_bytes() == expected
    assert "6\n" in capsys.readouterr().out.partition("customers")[2]


def test_start_fetches_at_once_if_it_is_told_where(aws: EmbeddedAws, tmp_path: Path) -> None:
    assert remote(aws, "start", *FEW, "--output", str(tmp_path / "here")) == 0
    assert names(tmp_path / "here") == NAMES


def test_the_stack_is_found_by_its_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with embedded_aws():
        assert main(["remote", "plan", "--stack", "local", "--customers", "9000"]) == 0
        assert "slices              196" in capsys.readouterr().out
        boto3.client("cloudformation").create_stack(
            StackName="other",
            TemplateBody=json.dumps({"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}),
        )
        assert main(["remote", "plan", "--stack", "other"]) == 2
        assert "UnknownStackError: --stack: got other" in capsys.readouterr().err
        assert main(["remote", "plan"]) == 2
    assert (
        "got accidental-transfers; there is no such stack in us-east-1" in capsys.readouterr().err
    )


def test_a_failed_execution_tells_its_error(
    aws: EmbeddedAws, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.wait(aws.start({"customers": 0}, "bad"))
    assert remote(aws, "follow", "bad") == 1
    assert capsys.readouterr().err.startswith("SpecError: customers: got 0")
    assert remote(aws, "download", "bad") == 1


def test_unacceptable_input_starts_nothing(
    aws: EmbeddedAws, capsys: pytest.CaptureFixture[str]
) -> None:
    assert remote(aws, "start", "--customers", "0") == 2
    assert "SpecError: customers: got 0" in capsys.readouterr().err
    client = boto3.client("stepfunctions")
    listed = client.list_executions(stateMachineArn=aws.state_machine_arn)
    assert listed["executions"] == []


def test_follow_takes_the_newest_and_detach_does_not_wait(
    aws: EmbeddedAws, capsys: pytest.CaptureFixture[str]
) -> None:
    assert remote(aws, "start", *FEW, "--name", "alone", "--detach") == 0
    assert capsys.readouterr().out == "run alone\n"
    assert remote(aws, "follow") == 0
    assert "slices 3 of 3" in capsys.readouterr().out


def test_a_failed_run_is_resumed_and_downloaded(
    aws: EmbeddedAws,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    make = aws.functions.handlers["GenerateSliceFunction"]
    made = []

    def broken(task: dict[str, Any], _: Any) -> Any:
        raise ValueError(f"slice {task['index']} is broken")

    def counted(task: dict[str, Any], context: Any) -> Any:
        made.append(task["index"])
        return make(task, context)

    with monkeypatch.context() as patch:
        patch.setitem(aws.functions.handlers, "GenerateSliceFunction", broken)
        assert remote(aws, "start", *FEW, "--name", "night") == 1
    told = capsys.readouterr().err
    assert told.startswith("IncompleteRunError: ")
    assert '{"resume":"night"}' in told.replace('": "', '":"')

    monkeypatch.setitem(aws.functions.handlers, "GenerateSliceFunction", counted)
    assert remote(aws, "resume", "night", "--name", "morning") == 0
    assert "slices 3 of 3, joining the parts" in capsys.readouterr().out
    assert remote(aws, "resume", "night") == 0
    assert sorted(made) == [0, 1, 2], "the second time there is nothing left to make"

    assert remote(aws, "download", "morning", "--output", str(tmp_path)) == 0
    expected = library_text(THREE_SLICES, Table.write_csv)
    assert (tmp_path / "synthetic_transactions_labeled.csv").read_bytes() == expected


def test_a_run_that_never_was_cannot_be_resumed(
    aws: EmbeddedAws, capsys: pytest.CaptureFixture[str]
) -> None:
    assert remote(aws, "resume", "nobody") == 1
    assert capsys.readouterr().err.startswith("UnknownRunError: ")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["follow", "nobody"], "UnknownExecutionError: RUN: got nobody"),
        (["follow"], "UnknownExecutionError: the state machine has no executions"),
        (["download"], "UnknownExecutionError: no execution has made a dataset yet"),
    ],
)
def test_an_execution_that_is_not_there_is_named(
    aws: EmbeddedAws, capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    assert remote(aws, *options) == 2
    assert message in capsys.readouterr().err


def test_a_dry_run_has_nothing_to_download(
    aws: EmbeddedAws, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.wait(aws.start({"dry_run": True}, "dry"))
    assert remote(aws, "download", "dry") == 2
    assert "UnknownExecutionError: RUN: got dry, a dry run" in capsys.readouterr().err


def test_what_aws_refuses_has_a_name_and_no_traceback(
    aws: EmbeddedAws, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = aws.state_machine_arn.replace("Dataset", "Nothing")
    assert main(["remote", "follow", "--state-machine", wrong]) == 2
    assert "AwsError: StateMachineDoesNotExist" in capsys.readouterr().err


def test_a_set_that_another_run_replaced_is_told_so(
    aws: EmbeddedAws, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.execute(THREE_SLICES, "first")
    aws.execute({**THREE_SLICES, "seed": 8}, "second")
    assert remote(aws, "download", "first", "--output", str(tmp_path)) == 2
    assert "RUN: got first; run second has replaced its dataset" in capsys.readouterr().err
    assert not tmp_path.exists() or names(tmp_path) == set()


def test_a_file_that_is_not_the_manifests_is_refused_and_nothing_is_left(
    aws: EmbeddedAws, bucket: Bucket, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.execute(THREE_SLICES, "first")
    (tmp_path / "synthetic_transactions_labeled.csv").write_text("mine")
    manifest = OUTPUT_KEY.replace(".csv", ".manifest.json")
    about = json.loads(bucket.read(manifest))
    about["files"]["customers"]["crc32"] = "00000000"
    bucket.write(manifest, json.dumps(about).encode())
    assert remote(aws, "download", "--output", str(tmp_path)) == 2
    assert "TornSetError" in (err := capsys.readouterr().err)
    assert "customers.csv has" in err
    assert "CRC32 00000000" in err
    assert (tmp_path / "synthetic_transactions_labeled.csv").read_text() == "mine"
    assert names(tmp_path) == {"csv"}


def test_a_set_that_is_replaced_while_it_is_read_is_read_again(
    aws: EmbeddedAws, bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.execute(THREE_SLICES, "first")
    manifest = OUTPUT_KEY.replace(".csv", ".manifest.json")
    good = bucket.read(manifest)
    about = json.loads(good)
    about["files"]["customers"] |= {"bytes": 1}
    bucket.write(manifest, json.dumps(about).encode())

    def replaced(*arguments: Any) -> Iterator[bytes]:
        bucket.write(manifest, good)
        return read_file(*arguments)

    monkeypatch.setattr("accidental_transfers.local.remote.fetching.read_file", replaced)
    assert remote(aws, "download", "first", "--output", str(tmp_path)) == 0
    assert names(tmp_path) == NAMES


@pytest.mark.parametrize(("versions", "status"), [("Suspended", 2), ("Enabled", 0)])
def test_a_file_that_is_gone_is_told_unless_its_version_is_there(
    aws: EmbeddedAws,
    bucket: Bucket,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    versions: Literal["Suspended", "Enabled"],
    status: int,
) -> None:
    boto3.client("s3").put_bucket_versioning(
        Bucket=bucket.name, VersioningConfiguration={"Status": versions}
    )
    aws.execute(THREE_SLICES, "first")
    bucket.delete(OUTPUT_KEY.replace(".csv", ".html"))
    assert remote(aws, "download", "--output", str(tmp_path)) == status
    told = ".html is not there any more as the manifest names it" in capsys.readouterr().err
    assert told == (status != 0)
    assert names(tmp_path) == (set() if told else NAMES)


def test_what_is_local_leaves_the_dataset_in_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["remote", "start", "--local", *FEW]) == 0
    assert names(tmp_path / "out") == NAMES
    assert "slices 3 of 3" in capsys.readouterr().out


def test_what_functions_print_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Their log has tracebacks, and their logger keeps the output that it finds at its start."""

    @contextmanager
    def logging(**_: object) -> Iterator[EmbeddedAws]:
        log = sys.stdout
        with embedded_aws() as running:
            log.write("Traceback")
            yield running

    monkeypatch.setattr("accidental_transfers.local.embedded_aws.embedded_aws", logging)
    assert main(["remote", "plan", "--local", "--customers", "1000000"]) == 1
    said = capsys.readouterr()
    assert said.err.startswith(
        "RowLimitError: customers, days and daily_transactions: got 1,000,000"
    )
    assert "Traceback" not in said.out + said.err


def test_interrupting_says_that_the_execution_goes_on(
    aws: EmbeddedAws, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    clock = "accidental_transfers.local.remote.following.time"
    monkeypatch.setattr(clock, SimpleNamespace(sleep=interrupt))
    assert remote(aws, "start", *FEW, "--name", "left") == 130
    assert "An execution that was started goes on" in capsys.readouterr().err
