"""The documents of some rows, held as one run of bytes: no Python object for each of a million of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np
import numpy.typing as npt

# More at once take no less time, but more memory.
BATCH_ROWS = 700


@dataclass(frozen=True, slots=True)
class Documents:
    """Documents in their order: the ids of their rows, their shapes as far as the rows tell them, their JSON.

    `text` has one after the other in UTF-8; `bounds` says where each begins, and at last where the last one ends.
    """

    ids: Sequence[str]
    shapes: Sequence[int | None]
    text: bytes
    bounds: npt.NDArray[np.int64]

    @classmethod
    def of(cls, ids: Sequence[str], shapes: Sequence[int | None], texts: Sequence[bytes | memoryview]) -> Self:
        """Documents that are at hand one by one."""
        return cls(ids, shapes, b"".join(texts), bounds_of([len(text) for text in texts]))

    def __len__(self) -> int:
        """How many there are."""
        return len(self.ids)

    def texts(self) -> Iterator[memoryview]:
        """The JSON of each."""
        text = memoryview(self.text)
        return (text[start:end] for start, end in pairwise(self.bounds.tolist()))

    def taken(self, places: Sequence[int]) -> Self:
        """Those at these places, in this order."""
        texts = list(self.texts())
        return self.of(
            [self.ids[place] for place in places],
            [self.shapes[place] for place in places],
            [texts[place] for place in places],
        )


def bounds_of(sizes: Sequence[int]) -> npt.NDArray[np.int64]:
    """Where texts of these sizes begin when they follow each other, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)], dtype=np.int64)
