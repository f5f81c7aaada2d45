"""The fields of a document, one by one, as its JSON Schema has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
KEPT_WHOLE = {"ResolvedSpec"}
"""Parts that have a page of their own."""


@dataclass(frozen=True)
class SchemaField:
    """A field: where it stands, with * for any key and [] for any item, and what it says."""

    path: str
    type: str
    meaning: str


def fields_of(schema: Schema) -> Iterator[SchemaField]:
    """Give the fields of a document in order, what holds others before these."""
    yield from _within("", schema, schema.get("$defs", {}))


def _within(path: str, schema: Schema, known: Schema) -> Iterator[SchemaField]:
    """Give the fields that a model names."""
    for name, each in schema.get("properties", {}).items():
        yield from _field(f"{path}.{name}".lstrip("."), each, known)


def _field(path: str, schema: Schema, known: Schema) -> Iterator[SchemaField]:
    # What else it may be is nothing: null, or an object without a field.
    name, whole = _resolved(schema.get("anyOf", [schema])[0], known)
    one, keys = _of_any_key(whole) if not name else (None, "")
    meaning = schema.get("description") or whole.get("description", "")
    if meaning or keys:
        yield SchemaField(path, _type(schema, known), f"{meaning}{keys}".strip())
    if one:
        yield from _field(f"{path}.*", one, known)
    elif whole.get("type") == "array":
        yield from _within(f"{path}[]", _resolved(whole["items"], known)[1], known)
    elif name not in KEPT_WHOLE:
        yield from _within(path, whole, known)


def _of_any_key(schema: Schema) -> tuple[Schema | None, str]:
    """Give what each key of a mapping holds, and which keys there are."""
    properties = schema.get("properties")
    if properties:
        return next(iter(properties.values())), f" Keys: {', '.join(properties)}."
    of_some_form = schema.get("patternProperties", {}).values()
    return next(iter(of_some_form), schema.get("additionalProperties") or None), ""


def _resolved(schema: Schema, known: Schema) -> tuple[str, Schema]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return name, known[name] if name else schema


def _type(schema: Schema, known: Schema) -> str:
    _, whole = _resolved(schema, known)
    either = whole.get("anyOf")
    if either:
        return " or ".join(dict.fromkeys(_type(each, known) for each in either))
    return str(whole.get("type", "any"))
