import re
from pathlib import Path

from accidental_transfers.dataset.version import DATASET_VERSION

CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"


def test_the_changelog_tells_of_the_dataset_version_first() -> None:
    versions = re.findall(
        r"^### Dataset version (\d+)$", CHANGELOG.read_text("utf-8"), re.MULTILINE
    )
    assert [int(each) for each in versions] == list(range(DATASET_VERSION, 0, -1))
