"""README does what it shows: every block, in order, in a fresh clone."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.newcomer.clone import ROOT, Clone

README = (ROOT / "README.md").read_text("utf-8")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHELL = "sh"
SHOWN_BY = re.compile(r"^\| [^|]+ \| `([^`|]+)` \|$", re.MULTILINE)
"""A claim of the table of claims, and the command that shows it."""


class Instead(NamedTuple):
    """What is typed in the place of a command, and why."""

    typed: str
    why: str


ACCOUNT = "needs an AWS account: test_documented_commands.py types it to the embedded AWS"
TRAINS = "trains models for a minute: tests/local/ has it do so"
INSTEAD = {
    "make run": Instead(
        "make run EVENT=events/small.json",
        "a million rows take half a minute: tests/integration/test_dataset.py makes them",
    ),
    "accidental-transfers evaluate fifty.csv": Instead(
        "accidental-transfers evaluate --help", TRAINS
    ),
    "accidental-transfers tasks fifty.csv": Instead("accidental-transfers tasks --help", TRAINS),
    "make bench": Instead("make --dry-run bench", "measures for minutes"),
    "make deploy BUCKET=a-name-of-your-own": Instead(
        "make --dry-run deploy BUCKET=a-name-of-your-own", ACCOUNT
    ),
    "accidental-transfers remote start --customers 100": Instead(
        "accidental-transfers remote start --help", ACCOUNT
    ),
    "accidental-transfers remote download": Instead(
        "accidental-transfers remote download --help", ACCOUNT
    ),
    "accidental-transfers verify out/synthetic_transactions_labeled.csv": Instead(
        "accidental-transfers verify out/small.csv", "this is what `make run` left here"
    ),
}


class Step(NamedTuple):
    """Something that README shows, in its order."""

    kind: str
    text: str


def typed(block: str) -> list[str]:
    """The commands of a block of shell, as they are typed."""
    lines = block.replace("\\\n", " ").splitlines()
    return [shlex.join(shlex.split(line, comments=True)) for line in lines if line.strip()]


def steps() -> list[Step]:
    """The commands and the Python of README, the claims' commands where their table stands."""
    found: list[tuple[int, Step]] = []
    for block in BLOCK.finditer(README):
        kind, text = block.groups()
        each = typed(text) if kind == SHELL else [text]
        found += [(block.start(), Step(kind, one)) for one in each]
    found += [(claim.start(), Step(SHELL, claim[1])) for claim in SHOWN_BY.finditer(README)]
    return [step for _, step in sorted(found, key=lambda one: one[0])]


STEPS = steps()


def test_every_block_is_known() -> None:
    assert {step.kind for step in STEPS} <= {SHELL, "python", "json", ""}
    for step in STEPS:
        if step.kind == "json":
            json.loads(step.text)
        if step.kind == "":
            assert re.search("^customer_|─", step.text), "rows, or a drawing"


def test_what_is_typed_instead_is_in_the_place_of_something() -> None:
    assert INSTEAD.keys() <= {step.text for step in STEPS}
    assert all(instead.why for instead in INSTEAD.values())


def test_every_claim_has_the_command_that_shows_it() -> None:
    table = README.partition("| what you get | what shows it |\n")[2].partition("\n\n")[0]
    claims = table.splitlines()[1:]
    assert len(claims) >= 8
    assert len(SHOWN_BY.findall(README)) == len(claims)


@pytest.mark.slow
def test_every_block_does_what_it_shows(tmp_path: Path) -> None:
    clone = Clone.make(tmp_path)
    told = {}
    for step in STEPS:
        if step.kind == "python":
            (tmp_path / "block.py").write_text(step.text, "utf-8")
            line = "python block.py"
        elif step.kind == SHELL:
            line = INSTEAD[step.text].typed if step.text in INSTEAD else step.text
        else:
            continue
        done = clone.type(line)
        assert done.returncode == 0, f"{step.text}\n{done.stdout}{done.stderr}"
        told[step.text] = done.stdout
    assert "too few to judge" in told["make evaluate"]
    assert "one set" in told["accidental-transfers verify fifty.csv"]
    january = next(text for command, text in told.items() if "diff <(" in command)
    assert january == ""
