"""Skeletons one behind the other, so that all documents of a batch are looked at at once, whatever their shapes."""

from collections.abc import Callable, Sequence

import numpy as np

from lib.exports.rows.skeleton import LIST, NOWHERE, Bytes, Ints, Path, Skeleton

# When there are more they are forgotten and learned again: one of a wide document has some kilobytes.
_MOST = 1000


class Skeletons:
    """The skeletons of documents by their shape, their arrays joined: those of keys, and those of leaves.

    Where the ones of a skeleton begin, and where those of the last one end, is in `key_bounds` and `leaf_bounds`.
    `is_last` says after which leaves no key comes, `list_numbers` which of the paths in `lists` a leaf has that is one.
    """

    def __init__(self) -> None:
        """None yet."""
        self._numbers: dict[int, int] = {}
        self._all: list[Skeleton] = []
        self._join()

    def of(self, shapes: Sequence[int | None], learn: Callable[[int], Skeleton | None]) -> Ints:
        """Which skeleton each of the documents has, NOWHERE where there is none to go by.

        `learn` makes that of the document at a place, the first one of its shape, None when it cannot be read.
        """
        if len(self._numbers) > _MOST:
            self._numbers, self._all = {}, []
        before = len(self._all)
        numbers = [self._number(place, shape, learn) for place, shape in enumerate(shapes)]
        if len(self._all) != before or not before:
            self._join()
        return np.array(numbers, np.int64)

    def _number(self, place: int, shape: int | None, learn: Callable[[int], Skeleton | None]) -> int:
        if shape is None:
            return NOWHERE
        number = self._numbers.get(shape)
        if number is None:
            skeleton = learn(place)
            if skeleton is None:
                return NOWHERE
            number = self._numbers[shape] = NOWHERE if skeleton.is_misleading else len(self._all)
            if number != NOWHERE:
                self._all.append(skeleton)
        return number

    def _join(self) -> None:
        every = self._all
        self.sizes: Ints = _joined([one.sizes for one in every], np.int32)
        self.key_bounds: Ints = _bounds([len(one.sizes) for one in every])
        self.owns: Ints = _joined([one.owns for one in every], np.int32)
        self.nexts: Ints = _joined([one.nexts for one in every], np.int32)
        self.tails: Ints = _joined([one.tails for one in every], np.int32)
        self.ends: Bytes = _joined([one.ends for one in every], np.uint8)
        self.columns: Ints = _joined([one.columns for one in every], np.int32)
        self.is_last = _joined([one.nexts == len(one.sizes) for one in every], np.bool_)
        self.leaf_bounds: Ints = _bounds([len(one.owns) for one in every])
        self.lists: list[Path] = [path for one in every for path in one.lists]
        self.list_numbers: Ints = np.cumsum(self.columns == LIST) - 1


def _joined(arrays: Sequence[np.ndarray], dtype: type) -> np.ndarray:
    return np.concatenate([np.zeros(0, dtype), *arrays])


def _bounds(sizes: Sequence[int]) -> Ints:
    return np.cumsum([0, *sizes])
