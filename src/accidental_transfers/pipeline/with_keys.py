"""Dictionaries of a document whose keys are known by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from accidental_transfers.errors import LONGEST_VALUE, bounded


@dataclass(frozen=True)
class WithKeys:
    """Annotates a dictionary that has these keys, in any order, and no others.

    Attributes
    ----------
    keys : tuple of str
        All of them are required.
    optional : tuple of str
        Each of them may be there.

    Examples
    --------
    >>> from typing import Annotated
    >>> Counts = Annotated[dict[str, int], WithKeys(("burst", "mistyped"))]
    """

    keys: tuple[str, ...]
    optional: tuple[str, ...] = ()

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
            "properties": dict.fromkeys(self._allowed, of_any_key["additionalProperties"]),
            "required": list(self.keys),
            "additionalProperties": False,
        }

    @property
    def _allowed(self) -> tuple[str, ...]:
        return (*self.keys, *self.optional)

    def _check(self, given: dict[str, Any]) -> dict[str, Any]:
        if not set(self.keys) <= given.keys() <= set(self._allowed):
            expected = ", ".join((*self.keys, *(f"{key} (optional)" for key in self.optional)))
            got = bounded(", ".join(given), LONGEST_VALUE)
            raise ValueError(f"got the keys {got}; allowed are {expected}")
        return given
