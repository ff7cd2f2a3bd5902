"""From documents to columns: the values of a batch as they are spelled, a column for each path."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import msgspec
import numpy as np
import polars as pl

from lib.exports.by_hand import Leaves, fault, list_leaves
from lib.exports.documents import Documents
from lib.exports.formulas import MAY_START
from lib.exports.layout import Part, column_name
from lib.exports.skeleton import Flags, Path, Skeleton
from lib.exports.skeletons import Skeletons
from lib.exports.spans import Spans, find_spans
from lib.exports.structure import Outgrown
from lib.exports.values import Values, column_of, first_bytes, put, views
from lib.store.shapes import shape_of

_QUOTE = ord('"')
# How JSON spells what it cannot have in a text as it is, but for \u and four digits.
_ESCAPES = {
    "\\n": "\n", "\\r": "\r", "\\t": "\t", "\\b": "\b", "\\f": "\f", '\\"': '"', "\\/": "/", "\\\\": "\\",
}  # fmt: skip

_REMEMBERED = 4096
# The columns of some values, and the values.
Found = tuple[list[int], list[bytes]]

_unquoted = msgspec.json.Decoder(str).decode


class Columns:
    """Takes documents apart into columns."""

    def __init__(
        self,
        paths: Sequence[Path],
        skeleton: Callable[[Mapping[str, Any], Mapping[Path, int]], Skeleton | None],
        by_hand: Callable[[memoryview], Leaves],
    ) -> None:
        """`paths` are those of the columns, `skeleton` and `by_hand` the two ways to find the values at their ends."""
        self._columns = {path: column for column, path in enumerate(paths)}
        self._fields = {path[0] for path in paths}
        self._skeleton, self._by_hand = skeleton, by_hand
        self._skeletons = Skeletons()
        self._lists: dict[tuple[Path, bytes], Found] = {}

    def parts(self, batches: Iterable[Documents]) -> Iterator[Part]:
        """The part of the file that each batch is. Raises Outgrown where there is a value that no column is for."""
        return map(self._part, batches)

    def _part(self, documents: Documents) -> Part:
        texts = list(documents.texts())
        if not _is_utf8(documents.text):
            return self._without_faults(documents, texts, range(len(documents)))
        numbers = self._skeletons.of(_shapes(documents, texts), lambda place: self._learned(texts[place]))
        spans = find_spans(documents, self._skeletons, numbers)
        if spans.has_strays:
            raise Outgrown
        odd = spans.odd.tolist()
        if any(fault(texts[row]) for row in odd):
            return self._without_faults(documents, texts, odd)
        return _side_by_side(documents.ids, (spans.values, self._others(documents, texts, spans)), len(self._columns))

    def _without_faults(self, documents: Documents, texts: Sequence[memoryview], doubtful: Sequence[int]) -> Part:
        """The part without those of some rows that cannot be read."""
        faults = {row: told for row in doubtful if (told := fault(texts[row])) is not None}
        part = self._part(documents.taken([row for row in range(len(documents)) if row not in faults]))
        part.faults.update({documents.ids[row]: told for row, told in faults.items()})
        return part

    def _learned(self, text: memoryview) -> Skeleton | None:
        return None if fault(text) else self._skeleton(msgspec.json.decode(text), self._columns)

    def _others(self, documents: Documents, texts: Sequence[memoryview], spans: Spans) -> Values:
        """What is in odd documents and in lists."""
        columns: list[int] = []
        rows: list[int] = []
        values: list[bytes] = []
        odd = ((row, self._known((), self._by_hand(texts[row]))) for row in spans.odd.tolist())
        lists = (
            (row, self._in_list(number, documents.text[start:stop]))
            for number, row, start, stop in zip(*(each.tolist() for each in spans.lists), strict=True)
        )
        for row, (those, found) in chain(odd, lists):
            columns += those
            rows += [row] * len(those)
            values += found
        return Values.of(columns, rows, values)

    def _in_list(self, number: int, text: bytes) -> Found:
        """What is in a list. Rows have the same few lists again and again."""
        path = self._skeletons.lists[number]
        known = self._lists.get((path, text))
        if known is None:
            if len(self._lists) > _REMEMBERED:
                self._lists.clear()
            known = self._lists[path, text] = self._known(path, list_leaves(text))
        return known

    def _known(self, path: Path, leaves: Leaves) -> Found:
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


def _shapes(documents: Documents, texts: Sequence[memoryview]) -> Sequence[int | None]:
    """The shapes of the documents, found where their rows do not tell them; None where they cannot be read."""
    if None not in documents.shapes:
        return documents.shapes
    return [
        shape_of(bytes(text)) if shape is None and fault(text) is None else shape
        for shape, text in zip(documents.shapes, texts, strict=True)
    ]


def _side_by_side(ids: Sequence[str], sources: Sequence[Values], width: int) -> Part:
    """The values of rows with those ids side by side in that many columns."""
    height = len(ids)
    firsts = np.zeros(width * height, np.uint8)
    places = [values.columns * height + values.rows for values in sources]
    for where, values in zip(places, sources, strict=True):
        firsts[where] = values.firsts
    by_column = firsts.reshape(width, height)
    has_text = (by_column == _QUOTE).any(axis=1)
    is_json = ((by_column != _QUOTE) & (by_column != 0)).any(axis=1)
    made = np.zeros((width * height, 4), np.uint32)
    may_run, is_escaped = np.zeros(width, np.bool_), np.zeros(width, np.bool_)
    for buffer, (where, values) in enumerate(zip(places, sources, strict=True)):
        quotes = ~is_json.take(values.columns)
        seen = views(values.text, values.starts + quotes, values.sizes - 2 * quotes, buffer)
        put(made, where, seen)
        may_run[values.columns[quotes & MAY_START.take(first_bytes(seen))]] = True
        is_escaped[values.columns[quotes & values.escaped]] = True
    texts = column_of(made, firsts != 0, [values.text for values in sources])
    columns = [texts.slice(column * height, height).alias(column_name(column)) for column in range(width)]
    by_number = any(values.by_number for values in sources)
    escaped = np.flatnonzero(is_escaped).tolist()
    for column, meant in zip(escaped, _unescaped([columns[column] for column in escaped], by_number), strict=True):
        columns[column] = meant
    return Part(
        ids, pl.DataFrame(columns), json=_names(is_json), mixed=_names(is_json & has_text), may_run=_names(may_run)
    )


def _unescaped(columns: Sequence[pl.Series], by_number: bool) -> Iterator[pl.Series]:
    """Those columns, with texts as they are meant."""
    if not columns:
        return
    # As one long column: to look through short ones one by one takes longer.
    texts = pl.concat([column.rename("") for column in columns])
    if by_number:
        meant = pl.Series([None if text is None else _unquoted(f'"{text}"') for text in texts], dtype=pl.String)
    else:
        meant = texts.str.replace_many(list(_ESCAPES), list(_ESCAPES.values()))
    for number, column in enumerate(columns):
        yield meant.slice(number * len(column), len(column)).alias(column.name)


def _names(columns: Flags) -> frozenset[str]:
    return frozenset(map(column_name, np.flatnonzero(columns).tolist()))
