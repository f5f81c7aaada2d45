"""The state ConcatenateParts: prove that all slices are there, join them, publish."""

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from accidental_transfers.card.page import render
from accidental_transfers.pipeline import publish
from accidental_transfers.pipeline.crc32 import to_hex
from accidental_transfers.pipeline.events import ConcatenateRequest, parse_event
from accidental_transfers.pipeline.join import Join, publish_joins
from accidental_transfers.pipeline.join_plan import plan_join
from accidental_transfers.pipeline.keys import OutputKeys, RunKeys
from accidental_transfers.pipeline.manifest import encode, manifest
from accidental_transfers.pipeline.observability import (
    logger,
    logging_the_run,
    metrics,
    tracer,
)
from accidental_transfers.pipeline.receipts import Ledger, prove_complete
from accidental_transfers.pipeline.run_plan import RunPlan
from accidental_transfers.pipeline.settings import Settings
from accidental_transfers.pipeline.storage import HTML, JSON, Bucket, naming_transient_faults
from accidental_transfers.spec.files import CSV_FILES, CsvFile


@logger.inject_lambda_context
@logging_the_run
@tracer.capture_lambda_handler
@metrics.log_metrics
@naming_transient_faults()
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Publish the dataset of the run of an event ``{"run"}`` and answer where it is."""
    metrics.add_metric("JoinsStarted", MetricUnit.Count, 1)
    settings = Settings.from_environment()
    request = parse_event(event, ConcatenateRequest)
    bucket = Bucket(settings.bucket_name)

    plan = RunPlan.load(bucket, request.run)
    ledger = prove_complete(plan, bucket)
    publish_texts(plan, ledger, bucket)
    publish_documents(plan, ledger, bucket)

    answer = describe(plan, ledger, bucket)
    logger.info("published", extra=answer)
    metrics.add_metric("RowsPublished", MetricUnit.Count, answer["rows"])
    return answer


def publish_texts(plan: RunPlan, ledger: Ledger, bucket: Bucket) -> None:
    """Publish the dataset and the companions that have parts."""
    joins = [_join(file, plan, ledger) for file in CSV_FILES]
    publish_joins(bucket, joins, RunKeys(plan.run).joints)


def _join(file: CsvFile, plan: RunPlan, ledger: Ledger) -> Join:
    pieces = plan_join(part.object for part in ledger.parts[file])
    publication = publish.publication_of(file, plan, ledger)
    extra = {
        "key": publication.key,
        "bytes": publication.size,
        "pieces": len(pieces),
        "downloaded": sum(piece.downloaded for piece in pieces),
    }
    logger.info("joining", extra=extra)
    return Join(publication, pieces)


def publish_documents(plan: RunPlan, ledger: Ledger, bucket: Bucket) -> None:
    """Publish the card and then the manifest: where the manifest stands, everything does."""
    output = OutputKeys(plan.spec.output_key)
    about = manifest(plan, ledger)
    card = render(
        ledger.statistics,
        {**about.model_dump(mode="json"), "location": bucket.url(output.dataset)},
    )
    documents = [(output.card, HTML, card.encode()), (output.manifest, JSON, encode(about))]
    for key, content_type, body in documents:
        publication = publish.publication_of_document(key, content_type, body, plan, ledger)
        publish.put(bucket, publication, body)


def describe(plan: RunPlan, ledger: Ledger, bucket: Bucket) -> dict[str, Any]:
    """What the state answers: where the dataset is, and how much it is."""
    output = OutputKeys(plan.spec.output_key)
    return {
        "run": plan.run,
        "bucket": bucket.name,
        "key": output.dataset,
        "rows": ledger.rows("dataset"),
        "bytes": ledger.bytes("dataset"),
        "crc32": to_hex(ledger.crc32("dataset")),
        "companions": output.companions,
    }
