"""The command ``verify``: a set is one run's, here or in a bucket, or it says what differs."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from accidental_transfers.local.cli import main
from accidental_transfers.local.stored_set import MOST_READINGS
from accidental_transfers.pipeline.storage import CSV, Bucket
from tests.pipeline.support import (
    COMPANIONS,
    OUTPUT,
    PUBLISHED,
    SMALL,
    concatenated,
    embedded_bucket,
    made,
    set_environment,
)

pytestmark = pytest.mark.slow

MANIFEST = COMPANIONS[-1]
Verify = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    set_environment(monkeypatch)
    with embedded_bucket() as made_bucket:
        yield made_bucket


@pytest.fixture
def verify(capsys: pytest.CaptureFixture[str]) -> Verify:
    def verified(*targets: object) -> tuple[int, list[str]]:
        capsys.readouterr()
        status = main(["verify", *map(str, targets)])
        printed = capsys.readouterr()
        return status, (printed.out + printed.err).splitlines()

    return verified


def keep_versions(bucket: Bucket) -> None:
    bucket.client.put_bucket_versioning(
        Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"}
    )


def published(bucket: Bucket, run: str = "r", seed: int = 7) -> None:
    made(bucket, run, SMALL | {"seed": seed})
    concatenated(run)


@pytest.fixture
def folder(bucket: Bucket, tmp_path: Path) -> Path:
    """A set that was downloaded."""
    published(bucket)
    for key in PUBLISHED:
        (tmp_path / key.rpartition("/")[2]).write_bytes(bucket.get(key))
    return tmp_path


@pytest.mark.parametrize("key", [OUTPUT, MANIFEST])
def test_a_downloaded_set_has_a_line_for_each_file(folder: Path, verify: Verify, key: str) -> None:
    status, lines = verify(folder / key.rpartition("/")[2])
    assert status == 0
    assert [line.split()[0] for line in lines[:-1]] == [
        "dataset", "accidents", "customers", "outcomes", "card",
    ]  # fmt: skip
    assert all(line.endswith(": as the manifest says") for line in lines[:-1])
    assert lines[-1].endswith("run r, one set")


@pytest.mark.parametrize("which", range(len(PUBLISHED) - 1))
def test_a_changed_byte_and_a_missing_file_are_named(
    folder: Path, verify: Verify, which: int
) -> None:
    name = PUBLISHED[which].rpartition("/")[2]
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(b"X" + content[1:])
    status, lines = verify(folder / OUTPUT.rpartition("/")[2])
    assert status == 1
    assert f"{name}: has {len(content):,} bytes and CRC32" in lines[which]
    assert lines[-1].endswith("1 of 5 files differ")

    (folder / name).unlink()
    status, lines = verify(folder / OUTPUT.rpartition("/")[2])
    assert status == 1
    assert lines[which].endswith(f"{name}: cannot be read: No such file or directory")


@pytest.mark.parametrize("versions", [True, False])
@pytest.mark.parametrize("key", [OUTPUT, MANIFEST])
def test_a_set_in_a_bucket_is_one_set(
    bucket: Bucket, verify: Verify, key: str, versions: bool
) -> None:
    if versions:
        keep_versions(bucket)
    published(bucket)
    status, lines = verify(bucket.url(key))
    assert status == 0, lines
    assert len(lines) == 6
    assert lines[-1] == f"{bucket.url(MANIFEST)}: run r, one set"
    assert ("(version " in lines[0]) == versions


@pytest.mark.parametrize("which", range(len(PUBLISHED) - 1))
def test_without_versions_a_file_that_was_replaced_is_named(
    bucket: Bucket, verify: Verify, which: int
) -> None:
    published(bucket)
    bucket.put(PUBLISHED[which], b"another", CSV)
    status, lines = verify(bucket.url(OUTPUT))
    assert status == 1
    assert "; the manifest says ETag " in lines[which]
    assert lines[-1].endswith("1 of 5 files differ")
    bucket.delete(PUBLISHED[which])
    status, lines = verify(bucket.url(OUTPUT))
    assert (status, lines[which].endswith("is not there")) == (1, True)


def test_with_versions_the_set_is_still_there_under_a_newer_object(
    bucket: Bucket, verify: Verify
) -> None:
    keep_versions(bucket)
    published(bucket)
    bucket.put(COMPANIONS[0], b"another", CSV)
    bucket.delete(COMPANIONS[1])
    status, lines = verify(bucket.url(OUTPUT))
    assert status == 0
    remarks = [line.endswith("says, but its key now holds something else") for line in lines]
    assert remarks == [False, True, True, False, False, False]


def test_a_set_that_is_replaced_meanwhile_is_read_again(
    bucket: Bucket, verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(bucket, "one")
    made(bucket, "two", SMALL | {"seed": 8})
    head, looked = Bucket.head, []

    def replaced(self: Bucket, key: str, version_id: str | None = None) -> object:
        looked.append(key)
        if len(looked) == 1:
            concatenated("two")
        return head(self, key, version_id)

    monkeypatch.setattr(Bucket, "head", replaced)
    status, lines = verify(bucket.url(OUTPUT))
    assert status == 0
    assert lines[-1].endswith("run two, one set")
    assert MOST_READINGS > 1


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("s3://{bucket}/data/none.csv", "ManifestError: there is no s3://{bucket}/data/none.manif"),
        ("s3://no-such-bucket/x.csv", "ManifestError: s3://no-such-bucket/x.manifest.json cannot"),
        ("{folder}/none.csv", "none.manifest.json cannot be read: No such file or directory"),
        ("{folder}/x.html", "TARGET: got {folder}/x.html; allowed is the dataset (.csv, "),
        ("{folder}/empty.csv", "empty.manifest.json is no manifest of a set"),
        ("{folder}/older.csv", "older.manifest.json is no manifest of a set that was published"),
    ],
)
def test_what_is_no_manifest_is_refused_by_name(
    bucket: Bucket, tmp_path: Path, verify: Verify, target: str, words: str
) -> None:
    (tmp_path / "empty.manifest.json").write_text("")
    (tmp_path / "older.manifest.json").write_text(json.dumps({"run": "r", "files": {}}))
    names = {"bucket": bucket.name, "folder": tmp_path}
    status, lines = verify(target.format(**names))
    assert status == 2
    assert words.format(**names) in lines[-1]
    assert "ManifestError" in lines[-1]


def test_without_boto3_a_bucket_cannot_be_read_and_the_error_says_what_to_install(
    folder: Path, verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "accidental_transfers.local.stored_set")
    monkeypatch.setitem(sys.modules, "botocore.exceptions", None)
    status, lines = verify("s3://bucket/x.csv")
    assert status == 2
    assert "MissingDependencyError: botocore" in lines[-1]
    assert "pip install boto3" in lines[-1]
    assert verify(folder / OUTPUT.rpartition("/")[2])[0] == 0
