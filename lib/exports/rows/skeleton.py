"""What documents of one shape have in common, byte by byte: everything but their values.

Such documents differ in nothing but the plain values and the lists of them, so once it is known where the keys of a
document are, it is known where each value begins and ends, without reading it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.signedinteger[Any]]
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
# The names and list indexes that lead to a value.
Path = tuple[str | int, ...]

# A quote with one of these before it and a colon behind it does not end a key: it begins a text, or is part of one.
NO_KEY_END = b"\\,[{"
# Where a leaf goes for which there is no column, and a list of plain values, which goes to several.
NOWHERE, LIST = -1, -2
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The keys of a document in their order, and its leaves, in arrays with an element for each.

    Of a key: `sizes`, its bytes between the quotes. Of a leaf: `owns`, which key it is the value of; `nexts`, which
    key comes after it, or how many keys there are; `tails`, how many bytes before that one's quotes, or before the
    end of the document, the value ends; `ends`, the byte behind it; `columns`, where it goes, NOWHERE, or LIST where
    it is one of plain values. `lists` are the paths of those. `is_misleading` says that the end of a key looks like
    something else.
    """

    sizes: Ints
    owns: Ints
    nexts: Ints
    tails: Ints
    ends: Bytes
    columns: Ints
    lists: Sequence[Path]
    is_misleading: bool


def merged_skeleton(document: Mapping[str, Any], columns: Mapping[Path, int]) -> Skeleton:
    """With the fields that have columns as its leaves."""
    walk = _Walk(columns)
    for number, (name, value) in enumerate(document.items()):
        own = walk.key(name, number)
        if (name,) in columns:
            walk.whole(own, value, (name,))
        else:
            walk.skip(value)
    return walk.skeleton()


def flattened_skeleton(document: Mapping[str, Any], columns: Mapping[Path, int]) -> Skeleton:
    """With the plain values of the fields that have columns as its leaves, and the lists of such."""
    fields = {path[0] for path in columns}
    walk = _Walk(columns)
    for number, (name, value) in enumerate(document.items()):
        own = walk.key(name, number)
        if name in fields:
            walk.spread(own, value, (name,))
        else:
            walk.skip(value)
    return walk.skeleton()


def _holds_plain(items: list[Any]) -> bool:
    """Whether there are plain values among the items of a list, or of lists in it."""
    return any(_holds_plain(item) if isinstance(item, list) else not isinstance(item, dict) for item in items)


@lru_cache(_REMEMBERED)
def _spelled(name: str) -> tuple[int, bool]:
    """The bytes of a key between its quotes, and whether they mislead."""
    spelled = msgspec.json.encode(name)
    return len(spelled) - 2, spelled[-2] in NO_KEY_END or spelled.endswith(b'":"')


class _Walk:
    """Goes through a document and remembers; `_since` is how it goes on after the last leaf."""

    def __init__(self, columns: Mapping[Path, int]) -> None:
        self._columns = columns
        self._sizes: list[int] = []
        self._leaves: list[tuple[int, int]] = []
        self._nexts: list[tuple[int, int, int]] = []
        self._lists: list[Path] = []
        self._since, self._is_misleading = b"", False

    def key(self, name: str, number: int) -> int:
        """Past the key of a part; its own number among all keys."""
        self._since += b"," if number else b"{"
        self._end_leaf()
        size, is_misleading = _spelled(name)
        self._is_misleading |= is_misleading
        self._sizes.append(size)
        self._since = b""
        return len(self._sizes) - 1

    def whole(self, own: int, value: Any, path: Path) -> None:
        """Past a value that is a leaf, whatever it has in it."""
        self._leaf(own, value, self._columns.get(path, NOWHERE))

    def spread(self, own: int, value: Any, path: Path) -> None:
        """Past a value, and everything in it that is a leaf."""
        if isinstance(value, dict):
            for number, (name, part) in enumerate(value.items()):
                self.spread(self.key(name, number), part, (*path, name))
            self._since += b"}" if value else b"{}"
        elif isinstance(value, list) and not _holds_plain(value):
            self._since += b"["
            for index, item in enumerate(value):
                self._since += b"," if index else b""
                self.spread(own, item, (*path, index))
            self._since += b"]"
        elif isinstance(value, list):
            self._lists.append(path)
            self._leaf(own, value, LIST)
        else:
            self.whole(own, value, path)

    def skip(self, value: Any) -> None:
        """Past the keys in a value that has no leaves."""
        if isinstance(value, dict):
            for number, (name, part) in enumerate(value.items()):
                self.key(name, number)
                self.skip(part)
        elif isinstance(value, list):
            for item in value:
                self.skip(item)

    def skeleton(self) -> Skeleton:
        """What was seen, now that the document is over."""
        self._since += b"}"
        self._end_leaf()
        owns, columns = zip(*self._leaves, strict=True) if self._leaves else ((), ())
        nexts, tails, ends = zip(*self._nexts, strict=True) if self._nexts else ((), (), ())
        return Skeleton(
            sizes=np.array(self._sizes, np.int32), owns=np.array(owns, np.int32),
            nexts=np.array(nexts, np.int32), tails=np.array(tails, np.int32), ends=np.array(ends, np.uint8),
            columns=np.array(columns, np.int32), lists=self._lists, is_misleading=self._is_misleading,
        )  # fmt: skip

    def _leaf(self, own: int, value: Any, column: int) -> None:
        self.skip(value)
        self._leaves.append((own, column))
        self._since = b""

    def _end_leaf(self) -> None:
        """Note where the last leaf ended, unless that was done."""
        if len(self._nexts) < len(self._leaves):
            self._nexts.append((len(self._sizes), len(self._since), self._since[0]))
