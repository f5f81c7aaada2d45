"""The reader's rule, as ``docs/reading.md`` writes it out, gives one run's files."""

import re
from pathlib import Path
from typing import Any

import pytest

from accidental_transfers.pipeline.storage import CSV, Bucket
from accidental_transfers.spec.files import CSV_FILES
from tests.pipeline.support import (
    PUBLISHED,
    SMALL,
    concatenated,
    made,
    publish_within,
    text_of,
)

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[2] / "docs" / "reading.md"
OTHER = SMALL | {"seed": 8}


def read_as_documented() -> dict[str, bytes]:
    """Run the program of the page."""
    (program,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(program, names)  # noqa: S102 - it is the documentation's own
    texts: dict[str, bytes] = names["texts"]
    return texts


def keep_versions(bucket: Bucket, *, wanted: bool) -> None:
    if wanted:
        bucket.client.put_bucket_versioning(
            Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"}
        )


@pytest.mark.parametrize("versions", [True, False])
def test_it_gives_the_files_of_the_run(bucket: Bucket, versions: bool) -> None:
    keep_versions(bucket, wanted=versions)
    made(bucket, "r", SMALL)
    concatenated("r")
    assert read_as_documented() == {file: text_of(SMALL, file) for file in CSV_FILES}


def test_it_gives_the_earlier_set_where_a_run_died(bucket: Bucket) -> None:
    keep_versions(bucket, wanted=True)
    made(bucket, "r", SMALL)
    concatenated("r")
    for key in PUBLISHED[:3]:
        bucket.put(key, b"torn", CSV, metadata={"run": "dead"})
    assert read_as_documented() == {file: text_of(SMALL, file) for file in CSV_FILES}


@pytest.mark.parametrize("versions", [True, False])
def test_it_gives_one_set_where_another_takes_its_place_meanwhile(
    bucket: Bucket, versions: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_versions(bucket, wanted=versions)
    made(bucket, "one", SMALL)
    concatenated("one")
    made(bucket, "two", OTHER)

    import boto3

    client, read = boto3.client("s3"), []
    get = client.get_object

    def get_and_be_overtaken(**request: Any) -> Any:
        read.append(request["Key"])
        if len(read) == 3:  # the manifest and the dataset are read
            publish_within(bucket, "two")
        return get(**request)

    client.get_object = get_and_be_overtaken  # type: ignore[method-assign]
    monkeypatch.setattr(boto3, "client", lambda _: client)
    spec = SMALL if versions else OTHER
    assert read_as_documented() == {file: text_of(spec, file) for file in CSV_FILES}
    assert len(read) == (5 if versions else 3 + 5)
