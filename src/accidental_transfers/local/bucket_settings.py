"""What a bucket that the stack does not create should have, and has not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import boto3
from botocore.exceptions import ClientError

from accidental_transfers.pipeline.parts import UNNAMED

_NOT_SET = {"NoSuchLifecycleConfiguration", "NoSuchPublicAccessBlockConfiguration"}
"""S3's words for a setting that was never made."""

Rule = Mapping[str, Any]


def missing_settings(bucket: str) -> list[str]:
    """Say what a bucket lacks of what the template gives a new one, in a sentence each."""
    client = boto3.client("s3")
    versioning = client.get_bucket_versioning(Bucket=bucket).get("Status")
    block = _or_nothing(lambda: client.get_public_access_block(Bucket=bucket))
    blocked = block.get("PublicAccessBlockConfiguration", {})
    lifecycle = _or_nothing(lambda: client.get_bucket_lifecycle_configuration(Bucket=bucket))
    rules = [rule for rule in lifecycle.get("Rules", []) if rule["Status"] == "Enabled"]
    wanted = {
        "versioning is off: a set that is replaced while somebody reads it is lost to him": (
            versioning == "Enabled"
        ),
        "public access is not blocked": len(blocked) == 4 and all(blocked.values()),
        "no lifecycle rule expires runs/: working files stay for ever": any(
            "Expiration" in rule and _applies_to_runs(rule) for rule in rules
        ),
        "no lifecycle rule deletes replaced versions: they stay for ever": any(
            "NoncurrentVersionExpiration" in rule and _prefix(rule) == "" for rule in rules
        ),
        "no lifecycle rule expires the tag lake=unnamed: replaced Parquet files stay for ever": any(
            "Expiration" in rule and _applies_to_unnamed_files(rule) for rule in rules
        ),
        "no lifecycle rule aborts incomplete uploads: what is left stays until a run sweeps": any(
            "AbortIncompleteMultipartUpload" in rule and _prefix(rule) == "" for rule in rules
        ),
    }
    return [sentence for sentence, is_so in wanted.items() if not is_so]


def _or_nothing(ask: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    try:
        return ask()
    except ClientError as error:
        if error.response["Error"]["Code"] not in _NOT_SET:
            raise
        return {}


def _applies_to_runs(rule: Rule) -> bool:
    return _prefix(rule) in ("runs/", "runs")


def _applies_to_unnamed_files(rule: Rule) -> bool:
    tag = rule.get("Filter", {}).get("Tag")
    return tag is not None and f"{tag['Key']}={tag['Value']}" == UNNAMED


def _prefix(rule: Rule) -> str | None:
    """The prefix of a rule; None where something else limits it as well."""
    if "Filter" not in rule:
        return str(rule.get("Prefix", ""))
    limits = rule["Filter"]
    return str(limits.get("Prefix", "")) if set(limits) <= {"Prefix"} else None
