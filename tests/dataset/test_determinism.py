"""The bytes are a function of the spec and the seed alone."""

import hashlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import accidental_transfers
from accidental_transfers import DatasetSpec, generate
from accidental_transfers.dataset.generate import simulate
from accidental_transfers.dataset.table import Table
from tests.dataset.datasets import as_intended, picked_again
from tests.samples import LABELS, PROBABILITIES, Dataset, fixed, text_of

DEFAULT_SHA256 = "e47e6e1f51aca7880c985521d424b030c46b5c62f66641b7728fc73a0ed14172"
"""Of the CSV that ``{}`` gives. It changes only when the model is meant to change."""

FILES = ("write_csv", "write_accidents_csv", "write_customers_csv", "write_outcomes_csv")
SMALL = DatasetSpec(customers=120, end_date=pd.Timestamp(2024, 1, 14).date())
ON_ANOTHER_MACHINE = """
import sys
from accidental_transfers import DatasetSpec, generate
table = generate(DatasetSpec(customers=20, seed="elsewhere"))
table.write_csv(sys.stdout)
table.write_accidents_csv(sys.stdout)
table.write_customers_csv(sys.stdout)
table.write_outcomes_csv(sys.stdout)
"""


def all_text(table: Table) -> str:
    return "".join(text_of(getattr(table, name)) for name in FILES)


def parts(spec: DatasetSpec, first: int, last: int) -> list[str]:
    """One slice's parts of the files, as a job makes them: without headers."""
    streams = [io.StringIO() for _ in FILES]
    for table in simulate(spec, first, last):
        for stream, file in zip(streams, FILES, strict=True):
            getattr(table, file)(stream, header=False)
    return [stream.getvalue() for stream in streams]


def test_the_default_dataset_is_the_one_it_always_was() -> None:
    """All 900 customers, as slices of 50, which is also what has the rows counted."""
    spec = DatasetSpec()
    digest = hashlib.sha256()
    rows = labelled = 0
    days: set[int] = set()
    for first in range(1, 901, 50):
        for table in simulate(spec, first, first + 49):
            stream = io.StringIO()
            table.write_csv(stream, header=rows == 0)
            digest.update(stream.getvalue().encode())
            rows += table.rows
            labelled += sum(int((block.label > 0).sum()) for block in table.blocks)
            days |= {
                int(day) for block in table.blocks for day in np.unique(block.second // 86_400)
            }
    assert 930_000 <= rows <= 1_100_000
    assert 0.01 <= labelled / rows <= 0.03
    assert days == set(range(91))
    assert digest.hexdigest() == DEFAULT_SHA256


def test_the_changelog_s_newest_checksum_is_the_default_datasets() -> None:
    changelog = (Path(__file__).parents[2] / "CHANGELOG.md").read_text("utf-8")
    newest = re.search(r"^[0-9a-f]{64}$", changelog, re.MULTILINE)
    assert newest is not None
    assert newest.group() == DEFAULT_SHA256


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 7, 50, 120])
def test_slices_of_any_size_put_together_are_the_whole(size: int) -> None:
    starts = range(1, SMALL.customers + 1, size)
    slices = [parts(SMALL, start, min(start + size - 1, SMALL.customers)) for start in starts]
    table = generate(SMALL)
    for file, pieces in zip(FILES, zip(*slices, strict=True), strict=True):
        header, whole = text_of(getattr(table, file)).split("\n", 1)
        assert header.startswith(("customer_id,", "transaction_id,"))
        assert "".join(pieces) == whole, file


def test_a_customer_does_not_change_when_customers_are_added() -> None:
    alone = parts(DatasetSpec(customers=17), 17, 17)
    assert alone == parts(DatasetSpec(customers=900), 17, 17)
    for text, among in zip(alone, parts(DatasetSpec(customers=20), 1, 20), strict=True):
        own = [line for line in among.splitlines(keepends=True) if line.startswith("customer_017")]
        assert text == "".join(own) != ""


def test_a_customer_does_not_change_with_the_customers_that_share_its_block() -> None:
    # Customers 3 to 34 share the first block, and 33 to 40 the only one.
    for longer, shorter in zip(parts(SMALL, 3, 40), parts(SMALL, 33, 40), strict=True):
        assert longer.endswith(shorter)


def test_fields_that_are_not_about_people_change_nothing() -> None:
    job: dict[str, Any] = {
        "output_key": "elsewhere/rows.csv",
        "if_exists": "fail",
        "customers_per_slice": 3,
        "dry_run": True,
    }
    spec = DatasetSpec(customers=3)
    assert all_text(generate(spec)) == all_text(generate(spec.model_copy(update=job)))


def test_a_dataset_is_made_the_same_a_second_time() -> None:
    spec = DatasetSpec(customers=3, seed="2024-03-01T00:00:00Z")
    assert all_text(generate(spec)) == all_text(generate(spec))


def test_a_seed_is_its_text() -> None:
    texts: dict[Any, str] = {
        seed: all_text(generate(DatasetSpec(customers=2, seed=seed)))
        for seed in (7, "7", 8, "07", " 7", "seven", "é", 2**63 - 1)
    }
    assert texts[7] == texts["7"]
    assert len(set(texts.values())) == len(texts) - 1


@pytest.mark.slow
def test_another_seed_gives_another_dataset_about_other_people() -> None:
    one, other = (Dataset(DatasetSpec(customers=50, seed=seed)) for seed in (1, 2))
    shared = set(one.rows["timestamp"].astype(str) + one.rows["recipient_entity"]) & set(
        other.rows["timestamp"].astype(str) + other.rows["recipient_entity"]
    )
    assert len(shared) < 0.002 * len(one.rows)
    columns = ["daily_transactions", *PROBABILITIES, "high_amount_multiplier"]
    assert (one.customers[columns] != other.customers[columns]).all(axis=None)


def test_neighbouring_customers_are_other_people() -> None:
    rows = Dataset(DatasetSpec(customers=60)).customers
    assert rows["daily_transactions"].is_unique
    assert rows["accident_probability"].nunique() > 57


def fast_instructions() -> str:
    """What numpy uses of this processor and older ones have not, as it wants to be told."""
    config: Any = np.show_config(mode="dicts")
    return " ".join(config["SIMD Extensions"].get("found", []))


@pytest.mark.slow
@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"},
        {"TZ": "America/St_Johns", "PYTHONHASHSEED": "4294967295", "LC_ALL": "C"},
        {"PYTHONOPTIMIZE": "2", "NPY_DISABLE_CPU_FEATURES": fast_instructions()},
    ],
    ids=["in Kiribati", "in Newfoundland", "on an old processor"],
)
def test_another_machine_makes_the_same_bytes(environment: dict[str, str], tmp_path: Path) -> None:
    source = str(Path(accidental_transfers.__file__).parents[1])
    made = subprocess.run(
        [sys.executable, "-c", ON_ANOTHER_MACHINE],
        capture_output=True,
        check=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": source} | environment,
    ).stdout
    here = all_text(generate(DatasetSpec(customers=20, seed="elsewhere"))).encode()
    assert hashlib.sha256(made).digest() == hashlib.sha256(here).digest()


def without_accidents(spec: DatasetSpec) -> Dataset:
    none: dict[str, Any] = dict.fromkeys(PROBABILITIES, fixed(0))
    return Dataset(DatasetSpec.parse(spec.model_dump(mode="json") | none))


@pytest.mark.slow
@pytest.mark.parametrize("often", [None, 0.1], ids=["default", "often"])
def test_what_had_happened_without_accidents_is_what_people_intended(often: float | None) -> None:
    """The counterfactual twin: the same people, the same payments, nothing going wrong."""
    given: dict[str, Any] = {} if often is None else dict.fromkeys(PROBABILITIES, fixed(often))
    spec = DatasetSpec.parse({"customers": 40, **given})
    dataset, twin = Dataset(spec), without_accidents(spec)
    assert len(dataset.accidents) > (0.01 if often is None else 0.2) * len(dataset.rows)
    pd.testing.assert_frame_equal(as_intended(dataset), twin.rows.drop(columns="transaction_id"))


@pytest.mark.slow
@pytest.mark.parametrize("name", PROBABILITIES)
def test_one_accident_does_not_move_the_others(name: str) -> None:
    """With one accident gone, the others begin with the same payments: some 260 or more.

    Only a wrong number is not picked again where the other accident strikes that payment.
    """
    label = LABELS[PROBABILITIES.index(name)]
    fewer = DatasetSpec.parse({"customers": 200, name: fixed(0)})
    begins = []
    for spec in (DatasetSpec(customers=200), fewer):
        truth = Dataset(spec).accidents
        is_other_first = ~truth[label] & (truth["position"] == 1)
        is_other_first &= ~picked_again(truth)
        begins.append(truth.loc[is_other_first, ["customer_id", "timestamp", *LABELS]])
    assert len(begins[1]) > 200
    assert begins[0].to_numpy().tolist() == begins[1].to_numpy().tolist()
