"""The manifest: what a published dataset is, and how it was made."""

from __future__ import annotations

import json
import zlib
from typing import Any

from accidental_transfers.pipeline.crc32 import to_hex
from accidental_transfers.pipeline.keys import CSV_FILES, CsvFile, OutputKeys
from accidental_transfers.pipeline.publish import Publication
from accidental_transfers.pipeline.receipts import Ledger
from accidental_transfers.pipeline.run_plan import RunPlan
from accidental_transfers.pipeline.storage import CSV
from accidental_transfers.statistics.compared import compared


def publication_of(file: CsvFile, plan: RunPlan, ledger: Ledger) -> Publication:
    """What the whole text of one file is to be published as."""
    return Publication(
        key=OutputKeys(plan.spec.output_key).of(file),
        run=plan.run,
        rows=ledger.rows(file),
        size=ledger.bytes(file),
        crc32=ledger.crc32(file),
        content_type=CSV,
        only_new=plan.spec.if_exists == "fail",
    )


def publication_of_document(
    key: str, content_type: str, body: bytes, plan: RunPlan, ledger: Ledger
) -> Publication:
    """What a document about the dataset is to be published as."""
    return Publication(
        key=key,
        run=plan.run,
        rows=ledger.rows("dataset"),
        size=len(body),
        crc32=zlib.crc32(body),
        content_type=content_type,
        only_new=plan.spec.if_exists == "fail",
    )


def manifest(plan: RunPlan, ledger: Ledger) -> dict[str, Any]:
    """Describe a dataset; it has no clock, so a run that is run again says the same."""
    files = {file: _file(file, plan, ledger) for file in CSV_FILES}
    dataset = files["dataset"]
    return {
        "run": plan.run,
        "seed": plan.spec.seed,
        "rows": dataset["rows"],
        "bytes": dataset["bytes"],
        "crc32": dataset["crc32"],
        "counts": {
            "transaction_type": ledger.statistics.by_type,
            "accident": ledger.statistics.by_label,
            "kind": ledger.statistics.by_kind,
        },
        "compared": compared(plan.spec, ledger.statistics),
        "spec": plan.spec.model_dump(mode="json"),
        "versions": plan.versions.model_dump(),
        "files": files,
    }


def encode(document: dict[str, Any]) -> bytes:
    """The manifest's bytes."""
    return json.dumps(document, indent=1).encode("ascii")


def _file(file: CsvFile, plan: RunPlan, ledger: Ledger) -> dict[str, Any]:
    whole = publication_of(file, plan, ledger)
    return {
        "key": whole.key,
        "rows": whole.rows,
        "bytes": whole.size,
        "crc32": to_hex(whole.crc32),
        "parts": [
            {
                **part.slice.model_dump(),
                "rows": part.rows,
                "bytes": part.object.size,
                "crc32": to_hex(part.crc32),
            }
            for part in ledger.parts[file]
        ],
    }
