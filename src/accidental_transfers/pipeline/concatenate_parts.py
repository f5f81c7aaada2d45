"""The state ConcatenateParts: prove that all slices are there, join them, publish."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from accidental_transfers.card.page import render
from accidental_transfers.pipeline.crc32 import to_hex
from accidental_transfers.pipeline.events import ConcatenateRequest, parse_event
from accidental_transfers.pipeline.failures import naming_failures
from accidental_transfers.pipeline.join import Join, prepared
from accidental_transfers.pipeline.join_plan import plan_join
from accidental_transfers.pipeline.keys import OutputKeys, RunKeys
from accidental_transfers.pipeline.lake import Lake
from accidental_transfers.pipeline.manifest import Description, description, encode, manifest
from accidental_transfers.pipeline.observability import (
    logger,
    logging_the_run,
    metrics,
    tracer,
)
from accidental_transfers.pipeline.proof import prove_complete
from accidental_transfers.pipeline.publish import (
    Output,
    Turn,
    publication_of,
    publication_of_document,
)
from accidental_transfers.pipeline.receipts import Ledger
from accidental_transfers.pipeline.register import Claim
from accidental_transfers.pipeline.run_plan import RunPlan
from accidental_transfers.pipeline.settings import JoinSettings
from accidental_transfers.pipeline.settle import keep, settle
from accidental_transfers.pipeline.standing import require_place
from accidental_transfers.pipeline.storage import HTML, JSON, Bucket
from accidental_transfers.pipeline.sweep import sweep
from accidental_transfers.spec.files import CSV_FILES, CsvFile


@logger.inject_lambda_context
@logging_the_run
@tracer.capture_lambda_handler
@metrics.log_metrics
@naming_failures()
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Publish the dataset of the run of an event ``{"run", "plan"}`` and answer where it is."""
    metrics.add_metric("JoinsStarted", MetricUnit.Count, 1)
    settings = JoinSettings.from_environment()
    request = parse_event(event, ConcatenateRequest)
    bucket = Bucket(settings.bucket_name, settings.bucket_owner)

    plan = RunPlan.load(bucket, request.run, request.plan)
    ledger = prove_complete(plan, bucket)
    publish(plan, ledger, bucket)
    if ledger.lake:
        settle(plan, bucket, pointing(settings, plan, bucket))
    sweep(bucket, plan.spec.output_key)

    answer = describe(plan, ledger, bucket)
    logger.info("published", extra=answer)
    metrics.add_metric("RowsPublished", MetricUnit.Count, answer["rows"])
    return answer


def pointing(settings: JoinSettings, plan: RunPlan, bucket: Bucket) -> Callable[[Lake], None]:
    """Give what makes the catalogue show a lake, if it is the one that the deployment names."""
    output, database = plan.spec.output_key, settings.catalogue_database
    if not database or output != settings.catalogue_output_key:
        return lambda _: None
    # Whoever has no catalogue does without Glue's client.
    from accidental_transfers.pipeline.catalogue import glue_client, point

    glue, stem = glue_client(), OutputKeys(output).stem
    return lambda lake: point(glue, database, bucket.name, stem, lake.runs, lake.customers.run)


def publish(plan: RunPlan, ledger: Ledger, bucket: Bucket) -> None:
    """Publish the dataset and its companions as one; a run that did so before does nothing.

    Raises
    ------
    OutputExistsError
        If another run's dataset stands there, and must not be replaced or added to.
    OutputContestedError
        If another run took over.
    """
    output = Output.look(bucket, plan.spec.output_key)
    if output.register.committed == plan.run:
        keep(plan, ledger.lake, bucket)  # one that was lost and made again, too
        logger.info("published before", extra={"key": output.keys.dataset})
        return
    before = require_place(output, plan)
    ledger = replace(ledger, lake=keep(plan, ledger.lake, bucket))
    files = CSV_FILES if "csv" in plan.spec.format else ()
    joins = [_join(file, plan, ledger) for file in files]
    # Uploads are opened after the look: S3 completes none over an object that came later.
    with prepared(bucket, joins, RunKeys(plan.run)) as texts:
        turn = output.claim(plan.run)
        published = [turn.publish(text.publication, text.complete) for text in texts]
        named = dict(zip(files, published, strict=True))
        publish_documents(ledger, description(plan, ledger, named, before), plan, turn)
        turn.claim.commit()


def _join(file: CsvFile, plan: RunPlan, ledger: Ledger) -> Join:
    pieces = plan_join(part.object for part in ledger.parts[file])
    publication = publication_of(file, plan, ledger)
    extra = {
        "key": publication.key,
        "bytes": publication.size,
        "pieces": len(pieces),
        "downloaded": sum(piece.downloaded for piece in pieces),
    }
    logger.info("joining", extra=extra)
    return Join(publication, pieces)


def publish_documents(ledger: Ledger, about: Description, plan: RunPlan, turn: Turn) -> None:
    """Publish the card and then the manifest, which names everything else."""
    keys = turn.claim.keys
    card = _card(about, ledger, turn.claim).encode()
    stored = turn.put(publication_of_document(keys.card, HTML, card, plan, ledger), card)
    body = encode(manifest(about, stored))
    turn.put(publication_of_document(keys.manifest, JSON, body, plan, ledger), body)


def _card(about: Description, ledger: Ledger, claim: Claim) -> str:
    location = {"location": claim.keys.dataset if about.files else claim.keys.stem}
    page = render(ledger.statistics, {**about.model_dump(mode="json"), **location})
    # Two attempts at a run would put the same bytes, and no ETag would tell them apart.
    return f"{page}\n<!-- {claim.entry.nonce} -->\n"


def describe(plan: RunPlan, ledger: Ledger, bucket: Bucket) -> dict[str, Any]:
    """What the state answers: where the dataset is, and how much it is."""
    output = OutputKeys(plan.spec.output_key)
    size, checksum = ledger.measured()
    return {
        "run": plan.run,
        "bucket": bucket.name,
        "key": output.dataset if "csv" in plan.spec.format else output.manifest,
        "rows": ledger.statistics.rows,
        "bytes": size,
        "crc32": to_hex(checksum),
        "companions": output.companions_of(plan.spec.format),
    }
