import json
import re
import zlib
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError

from accidental_transfers.dataset.generate import simulate
from accidental_transfers.errors import (
    LONGEST_MESSAGE,
    LONGEST_VALUE,
    EventError,
    IncompleteRunError,
    StorageRefusedError,
    StorageUnavailableError,
    UnknownRunError,
)
from accidental_transfers.pipeline import generate_slice
from accidental_transfers.pipeline.crc32 import to_base64, to_hex
from accidental_transfers.pipeline.storage import CSV, Bucket
from accidental_transfers.spec import JobSpec
from accidental_transfers.spec.files import CSV_FILES
from accidental_transfers.statistics.naming import named
from accidental_transfers.statistics.share import Share
from accidental_transfers.statistics.tally import Tally, statistics_of
from tests.pipeline.support import (
    CONTEXT,
    SMALL,
    Faults,
    Requests,
    keys,
    library_texts,
    planned,
    refusal,
)
from tests.statistics.support import share_of

FIRST = {"run": "r", "index": 0, "first_customer": 1, "last_customer": 1}
SECOND = {"run": "r", "index": 1, "first_customer": 2, "last_customer": 2}


def generated(task: dict[str, Any]) -> Any:
    return generate_slice.handler(task, CONTEXT)


def test_parts_are_the_library_s_text_and_slice_0_begins_with_the_headers(bucket: Bucket) -> None:
    spec = {"customers": 80, "customers_per_slice": 70, "end_date": "2024-01-05"}
    planned("r", spec)
    for index, (first, last) in enumerate([(1, 70), (71, 80)]):
        generated({"run": "r", "index": index, "first_customer": first, "last_customer": last})
        expected = library_texts(JobSpec.parse(spec), first, last, header=index == 0)
        for file in CSV_FILES:
            assert bucket.get(f"runs/r/{file}/{index:05}.csv") == expected[file]
    assert bucket.get("runs/r/dataset/00000.csv").startswith(b"customer_id,transaction_id,")
    assert bucket.get("runs/r/dataset/00001.csv").startswith(b"customer_071,")


def test_the_answer_is_small_and_the_receipt_says_the_rest(bucket: Bucket) -> None:
    planned("r", SMALL)
    answer = generated(FIRST)
    receipt = json.loads(bucket.get("runs/r/receipts/00000.json"))
    texts = {file: bucket.get(f"runs/r/{file}/00000.csv") for file in CSV_FILES}

    assert answer == {
        "index": 0,
        "rows": texts["dataset"].count(b"\n") - 1,
        "bytes": len(texts["dataset"]),
    }
    assert (receipt["run"], receipt["slice"]["index"]) == ("r", 0)
    for file, text in texts.items():
        head = bucket.head(f"runs/r/{file}/00000.csv")
        assert head is not None
        assert receipt["parts"][file] == {
            "rows": text.count(b"\n") - 1,
            "bytes": len(text),
            "crc32": to_hex(zlib.crc32(text)),
            "etag": head.etag,
        }
    assert receipt["parts"]["customers"]["rows"] == 1
    (table,) = simulate(JobSpec.parse(SMALL), 1, 1)
    spec = JobSpec.parse(SMALL)
    counted = Share.model_validate_json(json.dumps(receipt["statistics"]))
    assert named(counted, spec.start_date, spec.accidents) == statistics_of(table.blocks)
    assert counted.rows == answer["rows"]


def test_the_receipt_comes_last_and_every_put_is_checked_by_s3(requests: Requests) -> None:
    planned("r", SMALL)
    generated(SECOND)
    puts = requests.of("PutObject")[2:]
    assert [put["Key"] for put in puts] == [
        *(f"runs/r/{file}/00001.csv" for file in CSV_FILES),
        "runs/r/receipts/00001.json",
    ]
    for put in puts[:-1]:
        assert put["ContentType"] == CSV
        assert put["ChecksumCRC32"] == to_base64(zlib.crc32(put["Body"]))
    assert puts[-1]["ChecksumAlgorithm"] == "CRC32"


def test_a_slice_made_again_is_the_same_bytes(bucket: Bucket) -> None:
    planned("r", SMALL)
    first = generated(SECOND)
    before = {key: bucket.get(key) for key in keys(bucket)}
    assert generated(SECOND) == first
    assert {key: bucket.get(key) for key in keys(bucket)} == before


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"run": "other"}, "run 'other' was never planned"),
        ({"index": 3}, r"no slice 3 .*planned is 3 slices"),
        ({"first_customer": 2, "last_customer": 2}, r"planned is slice 0 \(customers 1 to 1\)"),
    ],
)
def test_a_slice_that_was_not_planned_is_refused(
    bucket: Bucket, change: dict[str, Any], message: str
) -> None:
    planned("r", SMALL)
    with pytest.raises(UnknownRunError, match=message):
        generated(FIRST | change)
    assert keys(bucket, "runs/r/dataset/") == []


@pytest.mark.usefixtures("bucket")
def test_a_plan_that_may_not_be_read_is_told_from_one_that_is_missing(faults: Faults) -> None:
    planned("r", SMALL)
    faults.on("GET", "/plan.json", answer=refusal(403, "AccessDenied"))
    with pytest.raises(StorageRefusedError, match="AccessDenied"):
        generated(FIRST)
    with pytest.raises(UnknownRunError, match="there is no s3://"):
        generated(FIRST | {"run": "other"})


@pytest.mark.usefixtures("bucket")
def test_an_event_of_another_shape_is_refused_with_all_that_is_wrong() -> None:
    with pytest.raises(EventError, match=r"index: got '0'.*last_customer: got .*required"):
        generated({"run": "r", "index": "0", "first_customer": 1})


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize("event", [None, 3, "run", ["run"]])
def test_an_event_that_is_no_object_is_refused(event: Any) -> None:
    with pytest.raises(EventError, match=r"the event: got .*; allowed: an object"):
        generated(event)


def test_no_receipt_is_written_of_a_slice_that_counts_other_rows_than_it_writes(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned("r", SMALL)
    other = share_of(JobSpec.parse(SMALL), 2, 3)
    monkeypatch.setattr(Tally, "share", lambda _: other)
    with pytest.raises(IncompleteRunError, match=r"slice 0 .* contradicts itself: the month"):
        generated(FIRST)
    assert keys(bucket, "runs/r/receipts/") == []


HUGE_EVENTS: dict[str, dict[str, Any]] = {
    "28,000 unknown fields": FIRST | {f"field_{number:05}": 1 for number in range(28_000)},
    "a value of 8 MB": FIRST | {"run": "x" * 8_000_000},
    "a name of 8 MB": FIRST | {"x" * 8_000_000: 1},
}


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize("event", HUGE_EVENTS.values(), ids=HUGE_EVENTS)
def test_a_refusal_of_a_huge_event_stays_short_and_says_how_much_is_left_out(
    event: dict[str, Any],
) -> None:
    with pytest.raises(
        EventError, match=r"(run|field_00000|x+ … [\d,]+ characters more): got"
    ) as e:
        generated(event)
    assert len(str(e.value)) <= LONGEST_MESSAGE
    assert re.search(r"and 27,990 more|characters more", str(e.value))
    assert "x" * (LONGEST_VALUE + 1) not in str(e.value)


def test_no_receipt_stands_for_a_part_that_was_not_put(bucket: Bucket, faults: Faults) -> None:
    planned("r", SMALL)
    faults.on("PUT", "/outcomes/00000.csv", answer=refusal(403, "AccessDenied"))
    with pytest.raises(Exception, match="AccessDenied"):
        generated(FIRST)
    assert keys(bucket, "runs/r/receipts/") == []


@pytest.mark.slow
@pytest.mark.usefixtures("bucket")
def test_a_fault_that_passes_is_retried_by_the_client(faults: Faults) -> None:
    planned("r", SMALL)
    faults.on("PUT", "/dataset/00000.csv", answer=refusal(503, "SlowDown"))
    assert generated(FIRST)["rows"] > 0


@pytest.mark.usefixtures("bucket")
def test_a_fault_that_stays_has_the_one_name_that_is_retried(
    faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _seconds: None)
    planned("r", SMALL)
    for _ in range(5):
        faults.on("PUT", "/dataset/00000.csv", answer=refusal(503, "SlowDown"))
    with pytest.raises(StorageUnavailableError, match="SlowDown"):
        generated(FIRST)


@pytest.mark.usefixtures("bucket")
def test_a_connection_that_breaks_has_that_name_too(
    faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(request: Any, _truth: Any) -> Any:
        raise ConnectionClosedError(endpoint_url=request.url)

    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _seconds: None)
    planned("r", SMALL)
    for _ in range(5):
        faults.on("GET", "/plan.json", answer=breaks)
    with pytest.raises(StorageUnavailableError, match="Connection was closed"):
        generated(FIRST)
