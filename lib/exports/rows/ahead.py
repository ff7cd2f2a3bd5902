"""Work of an export that another thread does before it is asked for."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same items, each worked out by another thread while the one before it is used; more would cost memory."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="export") as pool:
        pending = pool.submit(next, items, None)
        while (item := pending.result()) is not None:
            pending = pool.submit(next, items, None)
            yield item
