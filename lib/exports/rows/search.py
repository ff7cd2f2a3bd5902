"""Searching documents for their values: by their skeletons, and by hand where that cannot be."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from lib.exports.rows.by_hand import FAULTS, Leaves, fault, list_leaves, read
from lib.exports.rows.documents import Documents
from lib.exports.rows.skeleton import Path, Skeleton
from lib.exports.rows.skeletons import Skeletons
from lib.exports.rows.spans import find_spans
from lib.exports.rows.structure import Outgrown
from lib.exports.rows.values import Values
from lib.store.shapes import shape_of

# Rows have the same few lists again and again.
_REMEMBERED, _SHORT = 4096, 200
# The columns of some values, and the values.
_Known = tuple[list[int], list[bytes]]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in the documents of rows with these ids.

    `values`, but for those in lists of plain values: `lists` are the paths of those, their rows, the lists. `odd` are
    the rows and documents in which nothing was found. `faults` says by the ids of other rows why there is nothing.
    """

    ids: Sequence[str]
    values: Values
    lists: Sequence[tuple[Path, int, bytes]]
    odd: Sequence[tuple[int, memoryview]]
    faults: dict[str, str] = field(default_factory=dict)


class Search:
    """A search for the values at the ends of paths."""

    def __init__(
        self,
        columns: Mapping[Path, int],
        skeleton: Callable[[Mapping[str, Any], Mapping[Path, int]], Skeleton],
        by_hand: Callable[[memoryview], Leaves],
    ) -> None:
        """`columns` are those of the paths, `skeleton` and `by_hand` the two ways to find what is there."""
        self._columns = columns
        self._fields = {path[0] for path in columns}
        self._skeleton, self._by_hand = skeleton, by_hand
        self._skeletons = Skeletons()
        self._lists: dict[tuple[Path, bytes], _Known] = {}

    def found(self, documents: Documents) -> Found:
        """What is in the documents. Raises Outgrown where there is a value that no column is for."""
        texts = list(documents.texts())
        if not _is_utf8(documents.text):
            return self._without_faults(documents, texts, range(len(documents)))
        numbers = self._skeletons.of(_shapes(documents, texts), lambda place: self._learned(texts[place]))
        spans = find_spans(documents, self._skeletons, numbers)
        if spans.has_strays:
            raise Outgrown
        odd = spans.odd.tolist()
        doubtful = odd + _by_number(texts) if spans.values.by_number else odd
        if any(fault(texts[row]) for row in doubtful):
            return self._without_faults(documents, texts, doubtful)
        lists = [
            (self._skeletons.lists[number], row, documents.text[start:stop])
            for number, row, start, stop in zip(*(each.tolist() for each in spans.lists), strict=True)
        ]
        return Found(documents.ids, spans.values, lists, [(row, texts[row]) for row in odd])

    def others(self, found: Found) -> Values:
        """What is in the lists and the odd documents. Raises Outgrown where there is a value that no column is for."""
        columns: list[int] = []
        rows: list[int] = []
        values: list[bytes] = []
        odd = ((row, self._known((), self._by_hand(text))) for row, text in found.odd)
        lists = ((row, self._in_list(path, text)) for path, row, text in found.lists)
        for row, (those, known) in chain(odd, lists):
            columns += those
            rows += [row] * len(those)
            values += known
        return Values.of(columns, rows, values)

    def _without_faults(self, documents: Documents, texts: Sequence[memoryview], doubtful: Sequence[int]) -> Found:
        """As found, without those of some rows that cannot be read."""
        faults = {row: told for row in doubtful if (told := fault(texts[row])) is not None}
        found = self.found(documents.taken([row for row in range(len(documents)) if row not in faults]))
        found.faults.update({documents.ids[row]: told for row, told in faults.items()})
        return found

    def _learned(self, text: memoryview) -> Skeleton | None:
        try:
            return self._skeleton(read(text), self._columns)
        except FAULTS:
            return None

    def _in_list(self, path: Path, text: bytes) -> _Known:
        if len(text) > _SHORT:
            return self._known(path, list_leaves(text))
        known = self._lists.get((path, text))
        if known is None:
            if len(self._lists) > _REMEMBERED:
                self._lists.clear()
            known = self._lists[path, text] = self._known(path, list_leaves(text))
        return known

    def _known(self, path: Path, leaves: Leaves) -> _Known:
        """Those of the values below a path that have columns, and these. Raises Outgrown where one has to have."""
        columns, values = [], []
        for rest, value in leaves:
            column = self._columns.get((*path, *rest))
            if column is not None:
                columns.append(column)
                values.append(value)
            elif (*path, *rest)[0] in self._fields:
                raise Outgrown
        return columns, values


def _is_utf8(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _by_number(texts: Sequence[memoryview]) -> list[int]:
    """The documents with a character that is escaped by its number, which may be none that there is."""
    return [row for row, text in enumerate(texts) if b"\\u" in bytes(text)]


def _shapes(documents: Documents, texts: Sequence[memoryview]) -> Sequence[int | None]:
    """The shapes of the documents, found where their rows do not tell them; None where they cannot be read."""
    if None not in documents.shapes:
        return documents.shapes
    return [
        shape_of(bytes(text)) if shape is None and fault(text) is None else shape
        for shape, text in zip(documents.shapes, texts, strict=True)
    ]
