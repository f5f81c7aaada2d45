"""Dictionaries of a document whose keys are known by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema


@dataclass(frozen=True)
class WithKeys:
    """Annotates a dictionary that has exactly these keys, in any order.

    Attributes
    ----------
    keys : tuple of str
        All of them are required, and no others are allowed.

    Examples
    --------
    >>> Annotated[dict[str, int], WithKeys(("burst", "mistyped"))]
    """

    keys: tuple[str, ...]

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Validate the dictionary as its type says, then its keys."""
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe an object with these properties."""
        of_any_key = handler(schema)
        return {
            "type": "object",
            "properties": dict.fromkeys(self.keys, of_any_key["additionalProperties"]),
            "required": list(self.keys),
            "additionalProperties": False,
        }

    def _check(self, given: dict[str, Any]) -> dict[str, Any]:
        if given.keys() != set(self.keys):
            raise ValueError(f"got the keys {', '.join(given)}; allowed are {', '.join(self.keys)}")
        return given
