"""A small lake in a folder, with the names that a job gives its files."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

from accidental_transfers import DatasetSpec
from accidental_transfers.dataset.generate import simulate
from accidental_transfers.dataset.lake import LakeFile, lake_of

SPEC = DatasetSpec.parse({"customers": 40, "seed": "lake", "lookalikes": 1.5})


def put_lake(folder: Path, run: str, spec: DatasetSpec = SPEC, slices: int = 2) -> None:
    """Write a lake, in slices of as many customers each."""
    size = -(-spec.customers // slices)
    for index in range(slices):
        last = min(size * (index + 1), spec.customers)
        with ExitStack() as streams:
            opened = opening(folder, run, index, streams)
            with lake_of(spec, {"run": run}, opened) as lake:
                for table in simulate(spec, size * index + 1, last):
                    for block in table.blocks:
                        lake.write(block)


def opening(
    folder: Path, run: str, index: int, streams: ExitStack
) -> Callable[[LakeFile], BinaryIO]:
    def opened(file: LakeFile) -> Any:
        month = () if file.month is None else (f"month={file.month}",)
        path = folder.joinpath(file.table, f"run={run}", *month, f"part-{index:05}.parquet")
        path.parent.mkdir(parents=True, exist_ok=True)
        return streams.enter_context(path.open("wb"))

    return opened
