"""What the tests of the deployed stack share."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TextIO

import boto3

from accidental_transfers import generate
from accidental_transfers.dataset.table import Table
from accidental_transfers.spec import JobSpec

TWELVE_SLICES: dict[str, Any] = {
    "seed": 7,
    "customers": 60,
    "end_date": "2024-01-05",
    "customers_per_slice": 5,
}
THREE_SLICES: dict[str, Any] = {
    "seed": 7,
    "customers": 6,
    "end_date": "2024-01-05",
    "customers_per_slice": 2,
}
OUTPUT_KEY = "data/synthetic_transactions_labeled.csv"


@dataclass(frozen=True)
class Bucket:
    """The deployment's bucket, as its user sees it."""

    name: str

    def keys(self, prefix: str = "") -> list[str]:
        listed = boto3.client("s3").list_objects_v2(Bucket=self.name, Prefix=prefix)
        return [entry["Key"] for entry in listed.get("Contents", [])]

    def read(self, key: str) -> bytes:
        return boto3.client("s3").get_object(Bucket=self.name, Key=key)["Body"].read()

    def write(self, key: str, body: bytes) -> None:
        boto3.client("s3").put_object(Bucket=self.name, Key=key, Body=body)

    def delete(self, key: str) -> None:
        boto3.client("s3").delete_object(Bucket=self.name, Key=key)

    def open_uploads(self) -> list[str]:
        listed = boto3.client("s3").list_multipart_uploads(Bucket=self.name)
        return [upload["Key"] for upload in listed.get("Uploads", [])]


def library_text(given: dict[str, Any], write: Callable[[Table, TextIO], None]) -> bytes:
    """What the library writes for the same input."""
    stream = io.StringIO()
    write(generate(JobSpec.parse(given)), stream)
    return stream.getvalue().encode()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
