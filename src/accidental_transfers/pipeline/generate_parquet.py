"""The state GenerateParquet: make the customers of one slice and store their Parquet files."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Make the slice of an event ``{"run", "plan", "index", "first_customer", …}``."""
    raise NotImplementedError
