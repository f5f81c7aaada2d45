"""What a mutant is: the code with one promise taken out, by few exact edits."""

from __future__ import annotations

from dataclasses import dataclass

PIPELINE = "src/accidental_transfers/pipeline/"
TESTS = "tests/pipeline/"


@dataclass(frozen=True)
class Edit:
    """Text that stands once in a file, and what is put in its place."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Mutant:
    """The code with one promise taken out.

    Attributes
    ----------
    killers : tuple of str
        Tests of which at least one must fail, as pytest takes them.
    """

    breaks: str
    edits: tuple[Edit, ...]
    killers: tuple[str, ...]


def mutant(breaks: str, file: str, old: str, new: str, *killers: str) -> Mutant:
    """Break a file of the pipeline at one place."""
    return Mutant(breaks, (Edit(PIPELINE + file, old, new),), killers)
