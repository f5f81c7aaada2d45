"""What stands at an output key: whether a run may publish there, and which lake it adds to."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from accidental_transfers.errors import OutputExistsError, StorageUnavailableError, some
from accidental_transfers.pipeline.lake import Lake
from accidental_transfers.pipeline.publish import Output
from accidental_transfers.pipeline.run_plan import RunPlan
from accidental_transfers.pipeline.storage import naming_error
from accidental_transfers.spec import DatasetSpec

NOT_PEOPLE = {"preset", "start_date", "end_date"}
"""Fields of a dataset that do not decide who its people are; a preset is told by what it sets."""


class Standing(BaseModel):
    """What a manifest that stands there says of its lake; what else it says is left out."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    run: str
    dataset_version: int
    spec: dict[str, Any]
    lake: Lake


def require_place(output: Output, plan: RunPlan) -> Lake | None:
    """Make sure that a run may publish at its output key.

    Returns
    -------
    The lake that it adds its months to; None if there is none.

    Raises
    ------
    OutputExistsError
        If what stands there must not be replaced, has other formats, or a lake of other people,
        whose months do not make one dataset.
    UnknownRunError
        If its files were given up.
    StorageUnavailableError
        If another run replaced it since it was looked at.
    """
    output.register.require_in_use(plan.run, output.bucket.url(output.keys.manifest))
    output.require_formats(plan.spec.format)
    if plan.spec.if_exists == "fail":
        output.require_free(plan.run)
    return _lake_before(output, plan) if "parquet" in plan.spec.format else None


def _lake_before(output: Output, plan: RunPlan) -> Lake | None:
    head = output.heads[output.keys.manifest]
    if head is None:
        return None
    url = output.bucket.url(head.key)
    with naming_error(StorageUnavailableError, f"{url} was replaced", "PreconditionFailed", "412",
                      "NoSuchKey"):  # fmt: skip
        text = output.bucket.get(head.key, head.etag)
    try:
        standing = Standing.model_validate_json(text)
    except ValidationError as error:
        raise OutputExistsError(
            f"{url} is no manifest of a lake; allowed is an output_key where none stands, or a lake"
        ) from error
    _require_same_people(standing, plan, url)
    return standing.lake


def _require_same_people(standing: Standing, plan: RunPlan, url: str) -> None:
    mine = plan.spec.model_dump(mode="json", include=set(DatasetSpec.model_fields) - NOT_PEOPLE)
    differences = [
        f"{field} {standing.spec.get(field)}, not {value}"
        for field, value in mine.items()
        if standing.spec.get(field) != value
    ]
    if standing.dataset_version != plan.identity.dataset_version:
        differences.append(
            f"dataset version {standing.dataset_version}, not {plan.identity.dataset_version}"
        )
    if differences:
        raise OutputExistsError(
            f"{url} is a lake of other people: {some(differences)}; allowed are months of the same "
            "people, or another output_key"
        )
