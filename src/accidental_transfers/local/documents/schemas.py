"""The JSON Schemas in ``docs/schemas``, made from the models that validate."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import CoreSchema

from accidental_transfers.pipeline.events import ConcatenateRequest, PlanRequest, SliceTask
from accidental_transfers.pipeline.manifest import Manifest
from accidental_transfers.pipeline.resume import Resume
from accidental_transfers.spec import JobSpec
from accidental_transfers.spec.values import SCHEMA_KEY


class PlainSchema(GenerateJsonSchema):
    """Makes schemas that people can read.

    They name their dialect, and everything stands in the order in which the models declare it.
    Only a schema as a whole may have a title. A model is described by its docstring's summary.
    """

    def generate(self, schema: CoreSchema, mode: JsonSchemaMode = "validation") -> JsonSchemaValue:
        """Make the schema of a model."""
        return {"$schema": self.schema_dialect, **super().generate(schema, mode)}

    def sort(self, value: JsonSchemaValue, parent_key: str | None = None) -> JsonSchemaValue:  # noqa: ARG002
        """Leave the order as it is declared."""
        return value

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        """Leave out titles: they would repeat the fields' names."""
        return False

    def model_schema(self, schema: Any) -> JsonSchemaValue:
        """Describe a model."""
        made = super().model_schema(schema)
        if schema["cls"].model_config.get("title") is None:
            del made["title"]
        if "description" in made:
            made["description"] = " ".join(made["description"].split("\n\n")[0].split())
        return made


def schemas() -> dict[str, dict[str, Any]]:
    """Make every schema that is published, by the name of its file."""
    manifest = Manifest.model_json_schema(schema_generator=PlainSchema, mode="serialization")
    inputs: dict[str, type[BaseModel]] = {
        "spec": JobSpec,
        "resume": Resume,
        "plan-event": PlanRequest,
        "generate-slice-event": SliceTask,
        "concatenate-parts-event": ConcatenateRequest,
    }
    return {
        "manifest.schema.json": manifest,
        **{f"{name}.schema.json": _of_file(model) for name, model in inputs.items()},
    }


def _of_file(model: type[BaseModel]) -> dict[str, Any]:
    """Make the schema of a file that may name its schema, so that an editor completes it."""
    made = model.model_json_schema(schema_generator=PlainSchema)
    properties = {SCHEMA_KEY: {"type": "string"}, **made["properties"]}
    if model is PlanRequest:
        properties["spec"] = {
            "anyOf": [{"$ref": f"{name}.schema.json"} for name in ("spec", "resume")]
        }
    return {**made, "properties": properties}


def text_of(schema: Mapping[str, Any]) -> str:
    """Give the text of a schema's file."""
    return json.dumps(schema, indent=1) + "\n"
