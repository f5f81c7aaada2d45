"""Every example in the code does what it shows."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

import accidental_transfers

SOURCES = Path(__file__).parent.parent / "src"
MODULES = sorted(
    ".".join(path.relative_to(SOURCES).with_suffix("").parts).removesuffix(".__init__")
    for path in SOURCES.rglob("*.py")
    if ">>> " in path.read_text("utf-8")
)


@pytest.mark.slow
@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_right(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name.endswith("dataset.table"):
        pytest.importorskip("pyarrow")  # of to_parquet
    monkeypatch.chdir(tmp_path)  # to_csv("five.csv") writes there
    outcome = doctest.testmod(import_module(name))
    assert outcome.attempted
    assert not outcome.failed


def methods_of_the_table() -> list[str]:
    public = vars(accidental_transfers.Table).items()
    return [name for name, value in public if name[0] != "_" and callable(value)]


@pytest.mark.parametrize(
    "documented",
    [
        *(getattr(accidental_transfers, name) for name in ("DatasetSpec", "Table", "generate")),
        accidental_transfers.features_and_labels,
        *(getattr(accidental_transfers.Table, name) for name in methods_of_the_table()),
    ],
    ids=lambda value: value.__name__,
)
def test_every_public_name_has_an_example(documented: object) -> None:
    assert ">>> " in (documented.__doc__ or "")
