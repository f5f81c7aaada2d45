"""The mutants fit the code; `make mutants` shows that the tests notice them."""

import pytest

from tests.mutants.mutant import Mutant
from tests.mutants.mutants import MUTANTS
from tests.mutants.run import ROOT

every_mutant = pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.breaks)


def test_each_breaks_something_of_its_own() -> None:
    assert len({mutant.breaks for mutant in MUTANTS}) == len(MUTANTS) >= 25


@every_mutant
def test_what_it_replaces_stands_once_in_the_code(mutant: Mutant) -> None:
    for edit in mutant.edits:
        assert (ROOT / edit.file).read_text("utf-8").count(edit.old) == 1


@every_mutant
def test_its_killers_are_there(mutant: Mutant) -> None:
    assert mutant.killers
    for killer in mutant.killers:
        assert (ROOT / killer.partition("::")[0]).is_file()
