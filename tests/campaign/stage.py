"""Handlers that run at the same time, one request at a time, in an order drawn from a seed."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from queue import SimpleQueue

from tests.campaign.faults import Call, Wire

SWITCHES = (0.05, 0.2, 0.5, 1.0)
"""How likely another actor goes on after a request: few switches and many find different things."""


@dataclass
class Actor:
    """A thread that stops before each of its requests until it is told to go on."""

    name: str
    play: Callable[[], None]
    happened: SimpleQueue[bool]
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
        """Wait for permission."""
        self.happened.put(True)
        self.go.acquire()


def perform(plays: Mapping[str, Callable[[], None]], draw: random.Random) -> list[Call]:
    """Let everybody play to the end, and return the requests in the order they were made.

    Only one thread ever runs: everything follows from the seed.
    """
    actors: dict[str, Actor] = {}
    wire = Wire(meet=lambda _call: _stop(actors))
    with wire.installed():
        waiting: list[Actor] = []
        for name, play in plays.items():
            actors[name] = Actor(name, play, SimpleQueue())
            _go_on(actors[name], actors[name].start, waiting)
        _take_turns(waiting, draw)
    errors = [actor.error for actor in actors.values() if actor.error]
    if errors:
        raise errors[0]
    return wire.calls


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
