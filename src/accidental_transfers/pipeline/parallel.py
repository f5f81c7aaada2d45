"""Doing a few things at once, in order and in bounded memory."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

from accidental_transfers.pipeline.storage import CONNECTIONS

Item = TypeVar("Item")
Result = TypeVar("Result")


def map_in_order(
    function: Callable[[Item], Result], items: Iterable[Item], at_once: int = CONNECTIONS
) -> Iterator[Result]:
    """Apply `function` to `items` by threads, and give the results in the items' order.

    No more than `at_once` items are under way or waiting to be taken, which `Executor.map`
    would not promise. On an error nothing new is started, and it is raised only
    when nothing is under way any more.
    """
    rest = iter(items)
    with ThreadPoolExecutor(at_once) as pool:
        under_way: deque[Future[Result]] = deque(
            pool.submit(function, item) for item in islice(rest, at_once)
        )
        while under_way:
            result = under_way.popleft().result()
            under_way.extend(pool.submit(function, item) for item in islice(rest, 1))
            yield result
