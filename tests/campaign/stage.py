"""Handlers that run at the same time, one request at a time, in an order drawn from a seed."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from queue import SimpleQueue

from tests.campaign.faults import Call, Wire

LONGEST_LIFE = 60
"""Requests after which nobody is killed any more; a join makes some forty."""
SWITCHES = (0.05, 0.2, 0.5, 1.0)
"""How likely another actor goes on after a request: few switches and many find different things."""


class KilledError(BaseException):
    """The sandbox is gone: whatever would tidy up fails by it, too."""


@dataclass
class Actor:
    """A thread that stops before each of its requests until it is told to go on.

    Attributes
    ----------
    happened : queue
        Is told whether it stopped before a request, or ended.
    life : int or None
        Requests that it makes before it is killed.
    """

    name: str
    play: Callable[[], None]
    life: int | None
    happened: SimpleQueue[bool] = field(default_factory=SimpleQueue)
    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    error: BaseException | None = None

    def start(self) -> threading.Thread:
        """Begin, up to the first request."""
        thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        thread.start()
        return thread

    def _run(self) -> None:
        try:
            self.play()
        except BaseException as error:  # noqa: BLE001 - it is raised again where it is seen
            self.error = error
        self.happened.put(False)

    def stop_before_request(self) -> None:
        """Wait for permission, or be killed."""
        if self.life == 0:
            raise KilledError
        if self.life is not None:
            self.life -= 1
        self.happened.put(True)
        self.go.acquire()


def perform(
    plays: Mapping[str, Callable[[], None]], draw: random.Random
) -> tuple[list[Call], str | None]:
    """Let everybody play to the end, but for one who is killed on the way in every other case.

    Only one thread ever runs: everything follows from the seed.

    Returns
    -------
    The requests in the order they were made, and who was killed.
    """
    doomed = draw.choice([None, *plays])
    life = draw.randrange(LONGEST_LIFE)
    actors = {
        name: Actor(name, play, life if name == doomed else None) for name, play in plays.items()
    }
    wire = Wire(meet=lambda _call: _stop(actors))
    with wire.installed():
        waiting: list[Actor] = []
        for actor in actors.values():
            _go_on(actor, actor.start, waiting)
        _take_turns(waiting, draw)
    errors = {actor.name: actor.error for actor in actors.values() if actor.error}
    killed = [name for name, error in errors.items() if isinstance(error, KilledError)]
    for name in errors.keys() - set(killed):
        raise errors[name]
    return wire.calls, next(iter(killed), None)


def _take_turns(waiting: list[Actor], draw: random.Random) -> None:
    switch = draw.choice(SWITCHES)
    current: Actor | None = None
    while waiting:
        if current not in waiting or draw.random() < switch:
            current = draw.choice(waiting)
        assert current is not None
        waiting.remove(current)
        _go_on(current, current.go.release, waiting)


def _go_on(actor: Actor, step: Callable[[], object], waiting: list[Actor]) -> None:
    """Let an actor run up to its next request, or its end."""
    step()
    if actor.happened.get():
        waiting.append(actor)


def _stop(actors: Mapping[str, Actor]) -> None:
    actor = actors.get(threading.current_thread().name)
    if actor is not None:
        actor.stop_before_request()
