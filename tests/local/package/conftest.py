"""A set to be packaged."""

from pathlib import Path

import pytest

from tests.local.package.sets import made


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("set"), "four.csv")


@pytest.fixture
def four(whole: Path, tmp_path: Path) -> Path:
    """A copy to be spoilt."""
    for file in whole.parent.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path / whole.name
