"""The rules of the house: who may know whom, what stands where."""

import ast
import subprocess
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests.locks import EXTRAS, LAMBDA, LOCAL, ROOT, name_of, pins

PACKAGE = ROOT / "src" / "accidental_transfers"
MODULES = sorted(PACKAGE.rglob("*.py"))
# `benchmarks` may borrow the helpers of `tests`, too.
HELPERS_AND_TESTS = sorted([*(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")])
PYTHON_FILES = sorted([*(ROOT / "src").rglob("*.py"), *HELPERS_AND_TESTS])
MOST_LINES = 300

# From the ground up: each may import itself and what stands before it.
LAYERS = (
    "errors",
    "model",
    "spec",
    "dataset",
    "statistics",
    "card",
    "pipeline",
    "evaluation",
    "local",
)
# What gives people pandas, which the Lambda artefact has not.
CONVENIENCE = {
    PACKAGE / "dataset" / "companion_files.py",
    PACKAGE / "dataset" / "companion_frames.py",
    PACKAGE / "dataset" / "frame.py",
    PACKAGE / "dataset" / "parse.py",
    PACKAGE / "dataset" / "read.py",
    PACKAGE / "statistics" / "from_frames.py",
    PACKAGE / "statistics" / "people_of_frames.py",
}

# What gives people Parquet, for which they install the extra of that name.
PARQUET = {
    PACKAGE / "dataset" / f"{name}.py"
    for name in ("arrow", "companion_parquet", "parquet_tables", "row_groups")
}

TOP_LEVEL = {
    "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE",
    "template.yaml", "samconfig.toml", "Makefile", "pyproject.toml",
    "statemachine", "src", "events", "tests", "benchmarks", "docs",
}  # fmt: skip


def layer(module: Path) -> str:
    """The part of the package a file belongs to; the package's own face is ``__init__``."""
    return module.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(module: Path) -> set[str]:
    """Every dotted name a file imports, wherever in it the import stands."""
    return imports_of(ast.parse(module.read_text()))


def imports_of(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import hides its direction"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


class WithoutTypeChecking(ast.NodeTransformer):
    """Leaves out what only the type checker imports."""

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return node.orelse
        return self.generic_visit(node)


def own_layers(module: Path) -> set[str]:
    dotted = (name.split(".") for name in imports(module))
    return {name[1] for name in dotted if name[0] == "accidental_transfers" and len(name) > 1}


def foreign_packages(module: Path) -> set[str]:
    """The distributions that a file imports from when it runs."""
    tree = WithoutTypeChecking().visit(ast.parse(module.read_text()))
    roots = {name.split(".")[0] for name in imports_of(tree)}
    foreign = roots - set(sys.stdlib_module_names) - {"accidental_transfers"}
    return {
        str(canonicalize_name(distribution))
        for name in foreign
        for distribution in distributions_of().get(name, [name])
    }


@cache
def distributions_of() -> dict[str, list[str]]:
    return dict(packages_distributions())


def packages(module: Path) -> set[str]:
    """The distributions that a file of the package may import when it runs."""
    if layer(module) == "evaluation":
        return {"numpy", "pandas", "rich", *EXTRAS["evaluate"]}
    also = {"pandas"} if module in CONVENIENCE else set()
    also |= {"pyarrow"} if module in PARQUET else set()
    return set(pins(LOCAL if layer(module) == "local" else LAMBDA)) | also


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_a_module_knows_only_what_stands_below_it(module: Path) -> None:
    if module == PACKAGE / "__init__.py":
        allowed = {"errors", "spec", "dataset", "evaluation"}
    else:
        assert layer(module) in LAYERS, f"{layer(module)} has no place in the order {LAYERS}"
        allowed = set(LAYERS[: LAYERS.index(layer(module)) + 1])
    assert own_layers(module) <= allowed


def own_modules(module: Path) -> set[Path]:
    """The files of the package that a file imports when it runs."""
    tree = WithoutTypeChecking().visit(ast.parse(module.read_text()))
    dotted = [name.split(".") for name in imports_of(tree)]
    paths = [
        PACKAGE.joinpath(*name[1:depth]).with_suffix(".py")
        for name in dotted
        if name[0] == "accidental_transfers"
        for depth in range(2, len(name) + 1)
    ]
    return {path for path in paths if path in MODULES}


def test_no_module_reaches_itself_through_its_imports() -> None:
    graph = {module: own_modules(module) for module in MODULES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(name_of(path) for path in error.args[1]))


@pytest.mark.slow
@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_a_module_imports_only_what_is_installed_where_it_runs(module: Path) -> None:
    assert foreign_packages(module) <= packages(module)


@pytest.mark.parametrize(
    "module",
    [m for m in MODULES if layer(m) not in ("pipeline", "evaluation", "local")],
    ids=name_of,
)
def test_only_the_pipeline_knows_aws(module: Path) -> None:
    also = {"jinja2", "markupsafe"} if layer(module) == "card" else set()
    also |= {"pyarrow"} if module in PARQUET else set()
    allowed = {"numpy", "pandas", "pydantic", "pydantic-core"} | also
    assert foreign_packages(module) <= allowed


@pytest.mark.parametrize(
    "module", [m for m in MODULES if layer(m) in ("model", "dataset")], ids=name_of
)
def test_the_model_has_no_clock_and_no_chance_but_its_seed(module: Path) -> None:
    roots = {name.split(".")[0] for name in imports(module)}
    assert roots.isdisjoint({"time", "random", "secrets", "uuid", "os"})


@pytest.mark.parametrize("file", HELPERS_AND_TESTS, ids=name_of)
def test_tests_are_never_imported(file: Path) -> None:
    """What two tests share is in a helper: a test can be moved without another one failing."""
    names = {name for name in imports(file) if name.startswith("tests.")}
    assert not [name for name in names if ".test_" in name]


@pytest.mark.slow
@pytest.mark.parametrize("handler", ["plan", "generate_slice", "concatenate_parts"])
def test_a_cold_start_loads_nothing_it_does_not_need(handler: str) -> None:
    """In a process of its own, as on Lambda, because the tests themselves load pandas."""
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys, accidental_transfers.pipeline.{handler}; print(*sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert f"accidental_transfers.pipeline.{handler}" in loaded
    slow = {"pandas", "pyarrow", "rich", "moto", "samtranslator", "scipy", "sklearn"}
    assert slow.isdisjoint(loaded)
    assert ("jinja2" in loaded) == (handler == "concatenate_parts")  # which draws the card


@pytest.mark.parametrize("file", PYTHON_FILES, ids=name_of)
def test_a_file_is_short_enough_to_be_read_at_once(file: Path) -> None:
    lines = len(file.read_text("utf-8").splitlines())
    assert lines <= MOST_LINES, f"{name_of(file)} has {lines} lines: give its parts files"


def test_the_top_level_holds_only_what_everybody_expects() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    top = {Path(path).parts[0] for path in tracked}
    assert {name for name in top if not name.startswith(".")} <= TOP_LEVEL
