"""One dataset for all checks of the card: drawing it takes longer than most of them."""

import pytest

from tests.card.drawn_dataset import Dataset, drawn_dataset


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return drawn_dataset(tmp_path_factory.mktemp("card"))
