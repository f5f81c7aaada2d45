"""The keys of everything in the bucket."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from accidental_transfers.dataset.lake import LAKE_TABLES, LakeFile, LakeTable
from accidental_transfers.spec.files import CSV_FILES, ENDING, FORMATS, CsvFile, Format, ending
from accidental_transfers.spec.values import RUNS_PREFIX

_JOINTS = "joints/"
_LAKE_FILE = r"run=([^/]+)/(?:month=[^/]+/)?part-\d{5,}\.parquet"


@dataclass(frozen=True)
class RunKeys:
    """Keys of a run's working files; the bucket's lifecycle expires them."""

    run: str

    @property
    def prefix(self) -> str:
        """What all keys of the run begin with."""
        return f"{RUNS_PREFIX}{self.run}/"

    @property
    def plan(self) -> str:
        """The plan: everything that the run is."""
        return f"{self.prefix}plan.json"

    @property
    def slices(self) -> str:
        """The Map's items, one for each slice."""
        return f"{self.prefix}slices.json"

    @property
    def receipts(self) -> str:
        """What the keys of all receipts begin with."""
        return f"{self.prefix}receipts/"

    def receipt(self, index: int) -> str:
        """Receipt of slice `index`."""
        return f"{self.receipts}{index:05}.json"

    def parts(self, file: CsvFile) -> str:
        """What the keys of all parts of a file begin with."""
        return f"{self.prefix}{file}/"

    def part(self, file: CsvFile, index: int) -> str:
        """Part that slice `index` contributes to a file."""
        return f"{self.parts(file)}{index:05}.csv"

    @property
    def joints(self) -> str:
        """What the keys of temporary joints begin with."""
        return f"{self.prefix}{_JOINTS}"

    @property
    def checkpoint(self) -> str:
        """What a long join left open; it stands beside the joints, because it goes when they do."""
        return f"{self.joints}checkpoint.json"


def is_joint(key: str) -> bool:
    """Tell whether a key is that of a temporary joint of some run."""
    return key.startswith(RUNS_PREFIX) and f"/{_JOINTS}" in key


@dataclass(frozen=True)
class OutputKeys:
    """Keys of the published dataset and its companions, all of one stem."""

    dataset: str

    @property
    def stem(self) -> str:
        """What all keys of the set begin with."""
        return self.dataset.removesuffix(ENDING)

    @property
    def card(self) -> str:
        """What the dataset looks like: a page to open in a browser."""
        return f"{self.stem}.html"

    @property
    def manifest(self) -> str:
        """What the dataset is and how it was made."""
        return f"{self.stem}.manifest.json"

    @property
    def companions(self) -> dict[str, str]:
        """The keys beside the dataset's, by what they hold; the manifest is published last."""
        return self.companions_of(FORMATS)

    def companions_of(self, formats: Sequence[Format]) -> dict[str, str]:
        """Those that a set of these formats has."""
        texts = {str(file): self.of(file) for file in CSV_FILES if file != "dataset"}
        documents = {"card": self.card, "manifest": self.manifest}
        return {**texts, **documents} if "csv" in formats else documents

    @property
    def objects(self) -> list[str]:
        """The keys of the whole set, the manifest's last."""
        return [self.dataset, *self.companions.values()]

    def folder(self, table: LakeTable, run: str | None = None, month: str | None = None) -> str:
        """What the keys of a table's Parquet files begin with: of a run, and in one month."""
        of_run = f"run={run}/" if run else ""
        of_month = f"month={month}/" if month else ""
        return f"{self.stem}/{table}/{of_run}{of_month}"

    def lake_file(self, file: LakeFile, run: str, index: int) -> str:
        """Key of the Parquet file that slice `index` of a run writes: nobody else does."""
        return f"{self.folder(file.table, run, file.month)}part-{index:05}.parquet"

    def run_of(self, key: str) -> str | None:
        """The run whose Parquet file of this set has a key; None if it is no such file."""
        tables = "|".join(LAKE_TABLES)
        found = re.fullmatch(f"{re.escape(self.stem)}/(?:{tables})/{_LAKE_FILE}", key)
        return found[1] if found else None

    @property
    def register(self) -> str:
        """Which run published the set, and which one is publishing; no run has such a folder."""
        digest = hashlib.sha256(self.dataset.encode()).hexdigest()
        return f"{RUNS_PREFIX}.outputs/{digest}.json"

    def of(self, file: CsvFile) -> str:
        """Key of a whole file; every slice makes one part of each."""
        return f"{self.stem}{ending(file)}"
