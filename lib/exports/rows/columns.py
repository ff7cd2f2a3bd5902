"""From documents to columns: the values of a batch as they are spelled, a column for each path."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
import polars as pl

from lib.exports.files.formulas import MAY_START
from lib.exports.rows.ahead import ahead
from lib.exports.rows.by_hand import Leaves
from lib.exports.rows.documents import Documents
from lib.exports.rows.layout import Part, column_name
from lib.exports.rows.long_column import as_one
from lib.exports.rows.search import Found, Search
from lib.exports.rows.skeleton import Flags, Path, Skeleton
from lib.exports.rows.values import Values, column_of, first_bytes, put, views

_QUOTE = ord('"')
# How JSON spells what it cannot have in a text as it is, but for \u and four digits.
_ESCAPES = {
    "\\n": "\n", "\\r": "\r", "\\t": "\t", "\\b": "\b", "\\f": "\f", '\\"': '"', "\\/": "/", "\\\\": "\\",
}  # fmt: skip

_unquoted = msgspec.json.Decoder(str).decode


class Columns:
    """Takes documents apart into columns."""

    def __init__(
        self,
        paths: Sequence[Path],
        skeleton: Callable[[Mapping[str, Any], Mapping[Path, int]], Skeleton],
        by_hand: Callable[[memoryview], Leaves],
    ) -> None:
        """`paths` are those of the columns, `skeleton` and `by_hand` the two ways to find the values at their ends."""
        self._width = len(paths)
        self._search = Search({path: column for column, path in enumerate(paths)}, skeleton, by_hand)

    def parts(self, batches: Iterable[Documents]) -> Iterator[Part]:
        """The part of the file that each batch is. Raises Outgrown where there is a value that no column is for.

        The batches are read and searched by another thread.
        """
        return map(self._part, ahead(map(self._search.found, batches)))

    def _part(self, found: Found) -> Part:
        return _side_by_side(found, (found.values, self._search.others(found)), self._width)


def _side_by_side(found: Found, sources: Sequence[Values], width: int) -> Part:
    """The values of the rows that were found in that many columns."""
    height = len(found.ids)
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
    escaped = np.flatnonzero(is_escaped).tolist()
    unescape = _unescaped_one_by_one if any(values.by_number for values in sources) else _unescaped
    for column, meant in zip(escaped, as_one(unescape, [columns[column] for column in escaped]), strict=True):
        columns[column] = meant
    return Part(
        found.ids, pl.DataFrame(columns), json=_names(is_json), mixed=_names(is_json & has_text),
        may_run=_names(may_run), empty=_names(~(is_json | has_text)), faults=found.faults,
    )  # fmt: skip


def _unescaped(texts: pl.Series) -> pl.Series:
    """Texts as they are meant."""
    return texts.str.replace_many(list(_ESCAPES), list(_ESCAPES.values()))


def _unescaped_one_by_one(texts: pl.Series) -> pl.Series:
    """The same for any texts."""
    return pl.Series([None if text is None else _unquoted(f'"{text}"') for text in texts], dtype=pl.String)


def _names(columns: Flags) -> frozenset[str]:
    return frozenset(map(column_name, np.flatnonzero(columns).tolist()))
