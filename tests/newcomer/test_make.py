"""Every target of make is run, or named with the reason why it is not."""

import re

import pytest

from tests.newcomer.clone import Clone

RUN_HERE = {"help", "clean"}
RUN_BY_README = {"run", "evaluate"}
"""`test_readme.py` types them."""
NOT_RUN = {
    "check": "it is a part of what runs this",
    "test": "it is what runs this",
    "pythons": "needs other versions of Python, and an environment for each",
    "test-localstack": "takes five minutes and an environment of its own",
    "campaign": "takes 35 minutes; tests/campaign tries a sample",
    "mutants": "takes minutes; tests/mutants looks whether they fit the code",
    "picture": "makes a million rows and needs Chromium; tests/card draws cards in it",
    "docs": "what it writes is compared by the tests of README, schemas, keywords and the notebook",
    "bench": "measures for minutes",
    "rehearse": "takes ten minutes",
    "lock": "asks package registries for the newest versions",
    "build": "tests/infrastructure/test_build.py builds",
    "deploy": "needs an AWS account; tests/local/test_deploy.py looks what it would ask for",
}
"""Their command lines are tried, and whether the programs that these name can be imported."""
OURS = re.compile(r" -m ((?:accidental_transfers|benchmarks|tests)\.[\w.]+)")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    return Clone.make(tmp_path_factory.mktemp("clone"))


def make(clone: Clone, *arguments: str) -> str:
    done = clone.type(" ".join(["make", "--no-print-directory", *arguments]))
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_target_is_run_or_named(clone: Clone) -> None:
    targets = re.findall(r"^  make ([a-z-]+) ", make(clone), re.MULTILINE)
    assert sorted(targets) == sorted([*RUN_HERE, *RUN_BY_README, *NOT_RUN])
    assert targets == re.findall(r"^  make ([a-z-]+) ", make(clone, "help"), re.MULTILINE)


def test_what_is_not_run_has_a_command_line_of_programs_that_are_there(clone: Clone) -> None:
    programs: list[str] = []
    for target in NOT_RUN:
        shown = make(clone, "--dry-run", target, "BUCKET=a-name-of-your-own")
        assert re.search(r"^\S*(python|sam) ", shown, re.MULTILINE), target
        programs += OURS.findall(shown)
    assert len(set(programs)) >= 8
    done = clone.type(f"python -c 'import {', '.join(programs)}'")
    assert done.returncode == 0, done.stderr


def test_a_fresh_clone_has_nothing_to_do_before_a_target(clone: Clone) -> None:
    """The environment of the clone stands for one that make has set up: nothing is installed."""
    assert "install" not in make(clone, "--dry-run", "check")


def test_clean_leaves_what_people_made_and_what_git_knows(clone: Clone) -> None:
    before = {path for path in clone.folder.rglob("*") if clone.environment not in path.parents}
    (clone.folder / "out").mkdir()
    (clone.folder / "out" / "mine.csv").touch()
    for cache in (".mypy_cache", "src/accidental_transfers/__pycache__", ".aws-sam/local"):
        (clone.folder / cache).mkdir(parents=True, exist_ok=True)
    make(clone, "clean")
    after = set(clone.folder.rglob("*"))
    added = {clone.folder / "out", clone.folder / "out" / "mine.csv"}
    caches = {path for path in before if "__pycache__" in path.parts}
    assert after == (before - caches - {clone.environment}) | added


def test_make_says_in_words_that_no_python_fits(clone: Clone) -> None:
    make(clone, "clean")
    done = clone.type("make run PYTHON=/bin/false")
    assert done.returncode != 0
    assert "/bin/false is not suitable" in done.stderr
