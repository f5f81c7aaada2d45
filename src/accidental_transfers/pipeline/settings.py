"""The functions' environment variables, validated."""

import os
from collections.abc import Mapping, Sequence
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from accidental_transfers.errors import SettingsError, shown
from accidental_transfers.spec.files import Format


class Settings(BaseModel):
    """What a deployment sets; every field is the environment variable of its name.

    Attributes
    ----------
    bucket_name : str
        The one bucket of the deployment.
    bucket_owner : str or None
        Account that owns it; None where nobody says.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    bucket_name: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
    bucket_owner: str | None = Field(default=None, pattern=r"^[0-9]{12}$")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the settings.

        Raises
        ------
        SettingsError
            Naming every variable that is missing or not acceptable.
        """
        try:
            return cls.model_validate({name.lower(): value for name, value in environment.items()})
        except ValidationError as error:
            raise SettingsError("; ".join(map(_describe, error.errors()))) from error


class PlanSettings(Settings):
    """What planning needs to know beyond the bucket.

    Attributes
    ----------
    row_limit : int
        Most rows that a dataset of this deployment may have, if all its customers are the busiest.
    slice_memory_mb, parquet_memory_mb : int
        Memory of the functions that make a slice, in MiB: of CSV alone, and with Parquet.
    map_concurrency : int
        Most slices at once.
    child_execution_type : {"EXPRESS", "STANDARD"}
        How the Map's children run: it decides their price.
    """

    row_limit: int = Field(ge=1)
    slice_memory_mb: int = Field(ge=128, le=10_240)
    parquet_memory_mb: int = Field(default=1_769, ge=128, le=10_240)
    map_concurrency: int = Field(default=8, ge=1)
    child_execution_type: Literal["EXPRESS", "STANDARD"] = "EXPRESS"

    def memory_mb(self, formats: Sequence[Format]) -> int:
        """Memory of the function that makes slices of these formats, in MiB."""
        return self.parquet_memory_mb if "parquet" in formats else self.slice_memory_mb


class JoinSettings(Settings):
    """What publishing needs to know beyond the bucket.

    Attributes
    ----------
    catalogue_database : str
        Glue's database that shows a lake; empty where there is no catalogue.
    catalogue_output_key : str
        Output key of the set whose lake it shows.
    """

    catalogue_database: str = ""
    catalogue_output_key: str = ""


def _describe(problem: ErrorDetails) -> str:
    name = str(problem["loc"][0]).upper()
    given = "nothing" if problem["type"] == "missing" else shown(problem["input"])
    return f"environment variable {name}: got {given}; {problem['msg']}"
