"""Runs that die at every request of theirs, and the runs that come after them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from botocore.exceptions import ClientError

from tests.protocol.invariants import KEYS, mixtures, register
from tests.protocol.runs import Process, Run, make_run
from tests.protocol.s3_model import S3, S3Model

CLAIM = 20
"""Which of a run's requests is the claim; from it on, another run would see what is written."""
DEATHS = ("dies before", "dies after", "dies, and it lands late")


@dataclass(frozen=True)
class Crash:
    """Where a run dies, over what, and who comes next.

    Attributes
    ----------
    over : str
        ``nothing``, ``a set``, or a set without a register (``no register``).
    following : str
        ``itself`` for another attempt, or another run's `if_exists`.
    """

    request: int
    death: str
    over: str
    following: str
    keeps_versions: bool


@dataclass(frozen=True)
class Aftermath:
    """What a crash left, and how the next run ended.

    Attributes
    ----------
    was_torn : bool
        Whether the objects were of several runs, or not all there.
    had_begun : bool
        Whether anything of the dead run was there.
    wrong : list of str
        What did not hold at the end.
    """

    was_torn: bool
    had_begun: bool
    outcome: str
    published_by: str
    wrong: list[str]


def every_crash(requests: int) -> Iterator[Crash]:
    """All crashes of a run that makes so many requests."""
    for values in product(
        range(1, requests + 1),
        DEATHS,
        ("nothing", "a set", "no register"),
        ("itself", "fail", "replace"),
        (True, False),
    ):
        yield Crash(*values)


@dataclass(frozen=True)
class TwoCrashes:
    """A run dies while it publishes, then another one, of which a request lands at the very end.

    Attributes
    ----------
    following : str
        Who comes next: another attempt at the ``first`` or the ``second``, or a ``third``.
    same_text : bool
        Whether both runs have the same bytes.
    """

    first: int
    second: int
    over: str
    following: str
    same_text: bool


def every_two_crashes(claim: int, commit: int) -> Iterator[TwoCrashes]:
    """All pairs of deaths at the requests from the claim to the commit."""
    publishing = range(claim, commit + 1)
    for values in product(
        publishing, publishing, ("nothing", "a set"), ("first", "second", "third"), (False, True)
    ):
        yield TwoCrashes(*values)


def carry_out_two(crashes: TwoCrashes) -> Aftermath:
    """Let two runs die, the next one publish, and a request of the second one land."""
    s3, late = S3Model(), list[Callable[[], Any]]()
    if crashes.over != "nothing":
        make_run(s3, "before", "replace", "before").attempt(Process(s3))
    first = make_run(s3, "first", "replace", "one")
    first.attempt(Process(s3, fault=(crashes.first, "dies after")))
    second = make_run(s3, "second", "replace", "one" if crashes.same_text else "two")
    second.attempt(Process(s3, late=late, fault=(crashes.second, "dies, and it lands late")))
    left = _runs(s3)
    again = {"first": first, "second": second}.get(crashes.following)
    third = make_run(s3, "third", "replace", "three")
    following = Run(again.plan, again.ledger) if again else third
    following.attempt(Process(s3))
    return _aftermath(s3, left, following, [*mixtures(s3), *_landed(s3, late)])


def requests_of_a_run() -> int:
    """How many requests an undisturbed run makes."""
    s3 = S3Model()
    process = Process(s3)
    make_run(s3, "counted", "replace", "counted").attempt(process)
    return process.sent


def carry_out(crash: Crash) -> Aftermath:
    """Let a run die, and the next one publish."""
    s3 = S3Model(keeps_versions=crash.keeps_versions)
    if crash.over != "nothing":
        make_run(s3, "before", "replace", "before").attempt(Process(s3))
    if crash.over == "no register":
        s3.forget(KEYS.register)
    late: list[Callable[[], Any]] = []
    dying = make_run(s3, "dead", "replace", "dead")
    dying.attempt(Process(s3, late=late, fault=(crash.request, crash.death)))
    left = _runs(s3)
    following = _following(s3, dying, crash.following)
    following.attempt(Process(s3))
    return _aftermath(s3, left, following, [*mixtures(s3), *_landed(s3, late)])


def _aftermath(s3: S3, left: set[str | None], following: Run, wrong: list[str]) -> Aftermath:
    return Aftermath(
        was_torn=len(left) > 1,
        had_begun="dead" in left,
        outcome=following.outcome,
        published_by=str(register(s3)["committed"]),
        wrong=wrong,
    )


def _following(s3: S3, dead: Run, kind: str) -> Run:
    if kind == "itself":
        return Run(dead.plan, dead.ledger)
    return make_run(s3, "next", kind, "next")


def _runs(s3: S3) -> set[str | None]:
    """Whose the objects of the set are; None for an object that is missing."""
    found = [s3.stands(key) for key in KEYS.objects]
    return {stands.metadata["run"] if stands else None for stands in found}


def _landed(s3: S3, late: list[Callable[[], Any]]) -> Iterator[str]:
    """Have S3 carry out what the dead run had still sent."""
    for request in late:
        try:
            request()
        except ClientError:
            continue
        yield from mixtures(s3)
