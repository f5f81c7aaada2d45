"""What the environment of a function says."""

import pytest

from tests.pipeline.support import set_environment


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    set_environment(monkeypatch)
