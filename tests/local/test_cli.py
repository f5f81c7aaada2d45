"""The command: the same bytes as the library, every field an option, clear refusals."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from accidental_transfers import generate
from accidental_transfers.local.cli import main
from accidental_transfers.model.parameters import Range
from accidental_transfers.spec import JobSpec
from accidental_transfers.spec.period import days_of


def library_text(spec: JobSpec) -> str:
    text = io.StringIO()
    generate(spec).write_csv(text)
    return text.getvalue()


def test_writes_the_bytes_of_the_library_and_the_companions(tmp_path: Path) -> None:
    output = tmp_path / "three.csv"

    status = main(["generate", "--customers", "3", "--seed", "7", "--output", str(output)])

    assert status == 0
    assert output.read_bytes().decode() == library_text(JobSpec(customers=3, seed=7))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "three.accidents.csv",
        "three.csv",
        "three.customers.csv",
        "three.html",
        "three.manifest.json",
        "three.outcomes.csv",
    ]
    assert len((tmp_path / "three.customers.csv").read_text().splitlines()) == 1 + 3


def test_options_come_before_the_fields_of_a_file(tmp_path: Path) -> None:
    fields = tmp_path / "spec.json"
    fields.write_text(
        json.dumps({"customers": 2, "seed": "autumn", "end_date": "2024-01-20"}), "utf-8"
    )
    output = tmp_path / "out.csv"
    options = ["--spec", str(fields), "--customers", "4", "--daily-transactions", "3", "5.5"]

    assert main(["generate", *options, "--output", str(output)]) == 0

    expected = JobSpec.parse(
        {
            "customers": 4,
            "seed": "autumn",
            "end_date": "2024-01-20",
            "daily_transactions": {"min": 3, "max": 5.5},
        }
    )
    assert expected.daily_transactions == Range(min=3, max=5.5)
    assert output.read_bytes().decode() == library_text(expected)


def test_every_field_of_the_specification_is_an_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["generate", "--help"])

    help_text = capsys.readouterr().out
    missing = [
        name for name in JobSpec.model_fields if f"--{name.replace('_', '-')}" not in help_text
    ]
    assert missing == []


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--customers", "0"], "customers: got 0"),
        (["--customers", "many"], "customers: got 'many'"),
        (["--home-city-bias", "0.2", "0.9"], "home_city_bias"),
        (["--start-date", "2024-02-30"], "start_date: got '2024-02-30'"),
        (["--if-exists", "ask"], "if_exists: got 'ask'"),
    ],
)
def test_refusals_name_the_field_and_write_nothing(
    options: list[str], named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "never.csv"

    status = main(["generate", *options, "--output", str(output)])

    assert status == 2
    assert f"SpecError: {named}" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_period_is_counted_from_this_machines_day_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "month.csv"
    options = ["--customers", "1", "--period", "last-month", "--output", str(output)]
    before = datetime.now().astimezone().date()
    assert main(["generate", *options]) == 0
    after = datetime.now().astimezone().date()
    months = {days_of("last-month", day) for day in (before, after)}
    told = capsys.readouterr().err.splitlines()[0]
    assert told in {f"last-month: {first} to {last}" for first, last in months}
    assert output.read_text().splitlines()[1].split(",")[2][:7] == told.split()[1][:7]


def test_a_period_is_counted_from_the_scheduled_time_that_is_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "month.csv"
    event = Path(__file__).parents[2] / "events" / "month.json"
    options = ["--spec", str(event), "--customers", "2", "--output", str(output)]
    assert main(["generate", *options]) == 0
    assert "last-month: 2024-04-01 to 2024-04-30\n" in capsys.readouterr().err
    april = {"customers": 2, "start_date": "2024-04-01", "end_date": "2024-04-30"}
    assert output.read_bytes().decode() == library_text(JobSpec.parse(april))


def test_an_unreadable_file_of_fields_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{customers: 5", "utf-8")

    assert main(["generate", "--spec", str(broken), "--output", str(tmp_path / "x.csv")]) == 2
    assert f"InputFileError: --spec: got {broken}" in capsys.readouterr().err


def test_a_file_of_fields_holds_an_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = tmp_path / "list.json"
    listed.write_text("[1, 2]", "utf-8")

    assert main(["generate", "--spec", str(listed), "--output", str(tmp_path / "x.csv")]) == 2
    assert f"SpecError: --spec: got {listed}" in capsys.readouterr().err


def test_a_dataset_that_exists_stands_when_asked_to_fail(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "kept.csv"
    output.write_text("mine", "utf-8")

    status = main(["generate", "--customers", "1", "--if-exists", "fail", "--output", str(output)])

    assert status == 2
    assert f"OutputExistsError: --output: {output} exists" in capsys.readouterr().err
    assert output.read_text("utf-8") == "mine"


def test_a_folder_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "nowhere" / "x.csv"

    assert main(["generate", "--customers", "1", "--output", str(output)]) == 2
    assert f"OutputError: --output: {output} cannot be written" in capsys.readouterr().err


def test_a_dry_run_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "x.csv"

    assert main(["generate", "--dry-run", "--output", str(output)]) == 0
    assert capsys.readouterr().out == "900 customers, about 941850 rows\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_standard_output_can_be_cut_short() -> None:
    command = [sys.executable, "-m", "accidental_transfers.local", "generate"]
    with subprocess.Popen(
        [*command, "--customers", "40", "--output", "-"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        header = process.stdout.readline()
        process.stdout.close()
        complaints = process.stderr.read()

    assert header.startswith(b"customer_id,transaction_id,timestamp,")
    assert process.returncode == 0
    assert complaints == b""
