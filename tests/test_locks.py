"""Each lock is whole, hashed, and what the project asks for."""

from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.locks import (
    EXTRAS,
    LAMBDA,
    LAMBDA_PARQUET,
    LOCAL,
    LOCALSTACK,
    LOCKS,
    PROJECT,
    TESTS,
    group,
    name_of,
    pins,
)


@pytest.mark.parametrize(
    ("smaller", "bigger"), [(LAMBDA, LOCAL), (LOCAL, TESTS), (LAMBDA_PARQUET, TESTS)]
)
def test_each_lock_holds_the_smaller_one_in_the_same_versions(smaller: Path, bigger: Path) -> None:
    assert pins(smaller).items() <= pins(bigger).items()


@pytest.mark.parametrize(
    ("lock", "groups"),
    [(LAMBDA, ["lambda"]), (LOCAL, ["local"]), (TESTS, ["dev"]), (LOCALSTACK, ["localstack"])],
)
def test_a_lock_is_what_the_project_asks_for(lock: Path, groups: list[str]) -> None:
    library = (
        [] if lock in (LAMBDA, LOCALSTACK) else map(Requirement, PROJECT["project"]["dependencies"])
    )
    for wanted in chain(library, *map(group, groups)):
        pinned = pins(lock)[str(canonicalize_name(wanted.name))]
        assert Version(pinned) in wanted.specifier, f"{wanted} is locked at {pinned}: `make lock`"


@pytest.mark.parametrize("extra", EXTRAS)
def test_an_extra_is_locked_for_the_checks_and_not_for_the_artefact(extra: str) -> None:
    for name, wanted in EXTRAS[extra].items():
        assert Version(pins(TESTS)[name]) in wanted.specifier
    assert EXTRAS[extra].keys().isdisjoint(pins(LAMBDA))


def test_a_run_on_this_machine_can_write_parquet_and_needs_no_models() -> None:
    assert EXTRAS["parquet"].keys() <= pins(LOCAL).keys()
    assert EXTRAS["evaluate"].keys().isdisjoint(pins(LOCAL))


def test_the_artefact_is_without_what_makes_cold_starts_slow() -> None:
    assert {"pandas", "pyarrow", "rich", "moto"}.isdisjoint(pins(LAMBDA))


def test_the_artefact_of_parquet_has_the_extra_of_that_name_besides() -> None:
    assert pins(LAMBDA_PARQUET).keys() == EXTRAS["parquet"].keys()


@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_a_lock_is_hashed_and_names_no_host_and_no_machine(lock: Path) -> None:
    lines = lock.read_text().splitlines()
    pinned = [number for number, line in enumerate(lines) if line and line[0] not in " #"]
    assert "make lock" in lines[1]
    assert all("==" in lines[number] for number in pinned)  # neither an option nor a path
    assert all(lines[number + 1].startswith("    --hash=sha256:") for number in pinned)
    assert not [line for line in lines if "://" in line or " /" in line]
