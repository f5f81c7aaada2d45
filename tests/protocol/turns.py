"""Threads of which one at a time goes on, as a seed says: a schedule can be run again."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from threading import Semaphore, Thread


class Turns:
    """Hands the turn from one thread to another, wherever one of them asks.

    Parameters
    ----------
    stays : float
        Probability that who asks goes on.
    """

    def __init__(self, chance: random.Random, stays: float) -> None:
        self._chance, self._stays = chance, stays
        self._gates: dict[str, Semaphore] = {}
        self._over = Semaphore(0)

    def run(self, tasks: Mapping[str, Callable[[], None]]) -> None:
        """Run tasks by their names until all are over."""
        self._gates = {name: Semaphore(0) for name in tasks}
        threads = [Thread(target=self._take, args=each) for each in tasks.items()]
        for thread in threads:
            thread.start()
        self._hand_on()
        self._over.acquire()
        for thread in threads:
            thread.join()

    def pause(self, name: str) -> None:
        """Let another task go on, perhaps."""
        if len(self._gates) < 2 or self._chance.random() < self._stays:
            return
        gate = self._gates[name]
        self._hand_on()
        gate.acquire()

    def _take(self, name: str, task: Callable[[], None]) -> None:
        self._gates[name].acquire()
        try:
            task()
        finally:
            del self._gates[name]
            self._hand_on()

    def _hand_on(self) -> None:
        if self._gates:
            self._gates[self._chance.choice(list(self._gates))].release()
        else:
            self._over.release()
