"""How far a dataset is: a bar on a terminal, a line now and then elsewhere."""

import threading
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

SECONDS_BETWEEN_LINES = 2.0


class DatasetProgress:
    """Rows done of those expected, and the time left; safe to advance from several threads.

    Parameters
    ----------
    console : Console
        Where it is shown.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._rows = self._expected_rows = self._done = self._slices = 0
        self._lock = threading.Lock()
        self._bar = Progress(
            BarColumn(bar_width=32),
            TextColumn("{task.description}"),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=console,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        type_: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar.live.is_started:
            self._bar.stop()

    def begin(self, rows: int, slices: int) -> None:
        """Say what is expected: about how many rows, in exactly how many slices."""
        self._expected_rows, self._slices = rows, slices
        self._began = self._shown = time.monotonic()
        if self._console.is_terminal:
            self._task = self._bar.add_task(self._describe(), total=slices)
            self._bar.start()
        else:
            self._console.print(self._describe())

    def advance(self, rows: int) -> bool:
        """Count one more slice and its rows, and tell whether it was the last."""
        with self._lock:
            self._rows += rows
            self._done += 1
            if self._console.is_terminal:
                self._bar.update(self._task, advance=1, description=self._describe())
                if self.finished:
                    self._bar.stop()
            else:
                self._print_line()
            return self.finished

    @property
    def finished(self) -> bool:
        """Whether all slices are done."""
        return self._done == self._slices

    def _describe(self) -> str:
        return (
            f"slices {self._done:,} of {self._slices:,}, "
            f"rows {self._rows:,} of about {self._expected_rows:,}"
        )

    def _print_line(self) -> None:
        now = time.monotonic()
        if self.finished or now - self._shown >= SECONDS_BETWEEN_LINES:
            left = (now - self._began) / self._done * (self._slices - self._done)
            self._console.print(f"{self._describe()}, {left:.0f} s left")
            self._shown = now
