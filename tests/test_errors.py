"""Every error has a name, a place in the tree and a sentence that says what it means."""

import ast
import importlib
import inspect
import pkgutil
import re
from itertools import chain
from pathlib import Path

import pytest

from accidental_transfers import DatasetSpec, errors
from accidental_transfers.errors import (
    LONGEST_MESSAGE,
    AccidentalTransfersError,
    InputError,
    SpecError,
    bounded,
    some,
)

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "accidental_transfers"
CLASSES: dict[str, type[BaseException]] = dict(inspect.getmembers(errors, inspect.isclass))


def parents_drawn() -> dict[str, str | None]:
    """Parent of every class, as the tree in the module's docstring shows it."""
    path: list[str] = []
    parents: dict[str, str | None] = {}
    drawn = re.findall(r"^    ([│├└─ ]*)(\w+Error)\b", errors.__doc__ or "", re.MULTILINE)
    for lines, name in drawn:
        depth = len(lines) // 4
        path = [*path[:depth], name]
        assert name not in parents, f"{name} is drawn twice"
        parents[name] = path[depth - 1] if depth else None
    return parents


def test_the_tree_that_is_drawn_is_the_tree() -> None:
    parents = {
        name: None if name == "AccidentalTransfersError" else defined.__bases__[0].__name__
        for name, defined in CLASSES.items()
    }
    assert parents_drawn() == parents


@pytest.mark.parametrize("defined", CLASSES.values(), ids=CLASSES)
def test_an_error_says_what_it_means(defined: type[BaseException]) -> None:
    assert issubclass(defined, AccidentalTransfersError)
    assert defined.__name__.endswith("Error")
    summary = (defined.__doc__ or "").split("\n")[0]
    assert len(summary) > 20
    assert summary.endswith(".")


def descendants(of: type[BaseException]) -> set[type[BaseException]]:
    below = set(of.__subclasses__())
    return below.union(*map(descendants, below))


def test_every_exception_of_the_package_is_defined_there() -> None:
    for found in pkgutil.walk_packages([str(PACKAGE)], "accidental_transfers."):
        importlib.import_module(found.name)
    defined = {f"{each.__module__}.{each.__name__}" for each in descendants(BaseException)}
    own = {name for name in defined if name.startswith("accidental_transfers.")}
    assert own == {f"accidental_transfers.errors.{name}" for name in CLASSES}


def test_a_caller_may_catch_the_base_a_branch_or_value_error() -> None:
    for caught in (
        AccidentalTransfersError,
        InputError,
        ValueError,
        SpecError,
    ):
        with pytest.raises(caught, match="customers: got 0"):
            DatasetSpec.parse({"customers": 0})


@pytest.mark.slow
def test_what_is_raised_is_more_precise_than_a_branch() -> None:
    raised = {
        node.exc.func.id
        for module in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and isinstance(node.exc.func, ast.Name)
    }
    assert "SpecError" in raised
    assert raised.isdisjoint(set(parents_drawn().values()))


@pytest.mark.parametrize("most", [60, 200, 2_000])
@pytest.mark.parametrize("more", [-1, 0, 1, 10, 10**6])
def test_a_text_that_is_too_long_says_how_much_is_left_out(most: int, more: int) -> None:
    text = "x" * (most + more)
    short = bounded(text, most)
    assert len(short) <= most
    if more <= 0:
        assert short == text
    else:
        found = re.fullmatch(r"(x+) … ([\d,]+) characters more", short)
        assert found is not None
        kept, left_out = found.groups()
        assert len(kept) + int(left_out.replace(",", "")) == len(text)


def test_ten_names_are_listed_and_the_rest_counted() -> None:
    names = [str(number) for number in range(1_012)]
    assert some(names[:10]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9"
    assert some(names).endswith("8, 9 and 1,002 more")


def test_only_the_errors_of_facts_leave_nothing_out() -> None:
    longest = {name: len(str(each("x" * 10_000))) for name, each in CLASSES.items()}
    assert longest.pop("FactsError") == 10_000
    assert max(longest.values()) <= LONGEST_MESSAGE


def explained() -> set[str]:
    """The errors that the runbook has."""
    text = (ROOT / "docs" / "operate.md").read_text()
    table, _, _ = text.partition("| error | what happened |")[2].partition("\n\n")
    return set(re.findall(r"^\| `(\w+Error)`", table, re.MULTILINE))


def test_the_errors_that_the_runbook_explains_exist() -> None:
    # The state machine makes the last one, of what the platform answers.
    assert explained() - CLASSES.keys() == {"PlatformError"}


RUNS_ON_AWS = ("pipeline", "spec", "model")
"""The parts of the package whose errors end an execution; the others' users are at a keyboard."""


def test_the_runbook_has_every_error_that_an_execution_can_end_with() -> None:
    """An error is what a part that runs there imports: what it raises, or has others raise."""
    modules = chain.from_iterable((PACKAGE / part).rglob("*.py") for part in RUNS_ON_AWS)
    raised = {
        alias.name
        for module in modules
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "accidental_transfers.errors"
        for alias in node.names
        if alias.name in CLASSES
    }
    branches = set(parents_drawn().values())
    assert "IncompleteRunError" in raised
    assert raised - branches == explained() - {"PlatformError"}
