"""Work of an export that another thread does before it is asked for."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

# One batch ahead keeps the one who comes next fed; more would only cost memory.
_AHEAD = 1

Item = TypeVar("Item")


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same items, a few of them worked out by another thread before they are asked for."""
    pending: deque[Future[Item | None]] = deque()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="export") as pool:
        pending.extend(pool.submit(next, items, None) for _ in range(_AHEAD))
        while (item := pending.popleft().result()) is not None:
            pending.append(pool.submit(next, items, None))
            yield item
