"""Two months by two executions, as a schedule starts them: the rows of both made at once."""

from typing import Any

import pytest

from accidental_transfers.dataset.table import Table
from accidental_transfers.local.embedded_aws import EmbeddedAws
from tests.integration.support import Bucket, library_text

PEOPLE: dict[str, Any] = {"seed": 7, "customers": 6, "customers_per_slice": 4}
MONTHLY: dict[str, Any] = {**PEOPLE, "period": "last-month", "output_key": "data/{month}.csv"}


def executed(aws: EmbeddedAws, bucket: Bucket, scheduled: str) -> tuple[str, list[bytes]]:
    outcome = aws.execute({**MONTHLY, "scheduled_time": scheduled})
    assert outcome.succeeded, outcome
    return outcome.output["key"], bucket.read(outcome.output["key"]).splitlines()


@pytest.mark.slow
def test_each_month_adds_to_the_same_people(aws: EmbeddedAws, bucket: Bucket) -> None:
    march_key, (_, *march) = executed(aws, bucket, "2024-04-01T06:00:00Z")
    april_key, (_, *april) = executed(aws, bucket, "2024-05-01T06:00:00Z")
    assert (march_key, april_key) == ("data/2024-03.csv", "data/2024-04.csv")
    both = {**PEOPLE, "start_date": "2024-03-01", "end_date": "2024-04-30"}
    _, *expected = library_text(both, Table.write_csv).splitlines()
    assert sorted(march + april, key=lambda row: row.split(b",")[0]) == expected
    manifest = bucket.read("data/2024-04.manifest.json").decode()
    assert '"start_date": "2024-04-01"' in manifest


def test_without_a_scheduled_time_the_executions_start_counts(aws: EmbeddedAws) -> None:
    outcome = aws.execute({"customers": 1, "period": "yesterday", "output_key": "{start_date}.csv"})
    assert outcome.succeeded, outcome
    assert 300 > outcome.output["rows"] > 0


def test_a_period_with_dates_is_refused_by_name(aws: EmbeddedAws, bucket: Bucket) -> None:
    outcome = aws.execute({**MONTHLY, "start_date": "2024-04-01"})
    assert (outcome.status, outcome.error) == ("FAILED", "SpecError")
    assert outcome.cause.startswith("period: got 'last-month' together with start_date")
    assert bucket.keys() == []
