"""The scorecard on a terminal: readable at any width, and plain about what it cannot tell."""

from io import StringIO

import pytest
from rich.console import Console

from accidental_transfers.evaluation import printed
from accidental_transfers.evaluation.dataset import dataset
from accidental_transfers.evaluation.scorecard import Line, scorecard
from tests.evaluation.foreign import foreign_frame

DATA = dataset(foreign_frame(customers=10, days=10))


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    return list(scorecard(DATA, models=False))


def shown(lines: list[Line], width: int) -> list[str]:
    console = Console(file=StringIO(), width=width)
    console.print(printed.scorecard_table(lines, console.width))
    assert isinstance(console.file, StringIO)
    return console.file.getvalue().splitlines()


@pytest.mark.parametrize("width", [40, 60, 80, 100, 160])
def test_no_line_is_wider_than_the_terminal_and_few_are_broken(
    lines: list[Line], width: int
) -> None:
    """At 80 letters, most lines of the scorecard take one line of the terminal, or two."""
    text = shown(lines, width)
    assert max(map(len, text)) <= width
    known = sum(line.value is not None for line in lines)
    if 60 <= width < printed.WIDE:
        assert len(text) < 2.2 * known + 30
    whole = "".join("".join(text).split())
    for line in lines:
        if line.value is not None and width != 160:
            last_word = line.title.split()[-1]
            assert last_word in whole, line.title


def test_lines_without_a_value_are_named_once_by_their_reason(lines: list[Line]) -> None:
    unknown = [line for line in lines if line.value is None]
    said = printed.not_computed(lines)
    assert len(said) == len({line.note for line in unknown}) < len(unknown)
    models = next(each for each in said if "models were not asked for" in each)
    assert models.endswith(" more")


def test_why_is_told_of_every_line_out_of_its_band(lines: list[Line]) -> None:
    out = [line for line in lines if line.verdict == "out of band"]
    assert out
    for line, said in zip(out, printed.reasons(lines), strict=True):
        assert said.startswith(line.title)
        assert said.endswith(line.why)


def test_few_customers_are_told_what_the_bands_are_for() -> None:
    assert printed.remarks(DATA)[-1].startswith("The bands are for 900 customers. Of 10,")
