"""The template as CloudFormation gets it."""

from typing import Any

import pytest

from accidental_transfers.local.deployment import expand


@pytest.fixture(scope="session")
def resources() -> dict[str, Any]:
    """Resources of the expanded template by their logical ids."""
    expanded: dict[str, Any] = expand()["Resources"]
    return expanded
