"""Where in a batch of documents the values are, found for all of them at once by their skeletons.

Nothing is decoded. A batch is one array of bytes, and what is looked for in it are the ends of keys: a quote and a
colon that follow each other. A document that is not written as its skeleton says is told to be odd.
"""

from dataclasses import dataclass

import numpy as np

from lib.exports.rows.documents import Documents
from lib.exports.rows.skeleton import LIST, NO_KEY_END, NOWHERE, Bytes, Flags, Ints
from lib.exports.rows.skeletons import Skeletons
from lib.exports.rows.values import Values

_QUOTE, _COLON, _SPACE, _BACKSLASH, _NULL, _U = b'": \\nu'
_ENDS_NO_KEY = np.isin(np.arange(256), list(NO_KEY_END))


@dataclass(frozen=True, slots=True)
class Spans:
    """What was found in a batch: the values but for nulls; the lists of plain values, which, whose row, from and to.

    `odd` are the rows in which nothing was found, `has_strays` says whether there are values that no column is for.
    """

    values: Values
    lists: tuple[Ints, Ints, Ints, Ints]
    odd: Ints
    has_strays: bool


def find_spans(documents: Documents, skeletons: Skeletons, numbers: Ints) -> Spans:
    """The values of documents; `numbers` says which skeleton each of them has."""
    keys = _key_ends(np.frombuffer(documents.text, np.uint8)[: documents.bounds[-1]])
    counts = np.diff(np.searchsorted(keys, documents.bounds))
    is_even = counts == np.append(np.diff(skeletons.key_bounds), NOWHERE)[numbers]
    while True:
        rows = np.flatnonzero(is_even)
        own = keys if is_even.all() else keys[np.repeat(is_even, counts)]
        laid = _Laid(documents, own, rows, numbers.take(rows), skeletons)
        if not len(laid.odd):
            return laid.spans(np.flatnonzero(~is_even))
        is_even[laid.odd] = False


class _Laid:
    """Skeletons laid on the documents of some rows: all leaves that are not null, one after the other."""

    def __init__(self, documents: Documents, keys: Ints, rows: Ints, numbers: Ints, skeletons: Skeletons) -> None:
        self._documents, self._skeletons = documents, skeletons
        self._text = text = np.frombuffer(documents.text, np.uint8)
        key_counts, of_keys = _elements(skeletons.key_bounds, numbers)
        leaf_counts, of_leaves = _elements(skeletons.leaf_bounds, numbers)
        first_keys = np.repeat(np.cumsum(key_counts) - key_counts, leaf_counts)
        starts = keys.take(first_keys + skeletons.owns.take(of_leaves)) + 2
        firsts = text.take(starts, mode="clip")
        there = np.flatnonzero(firsts != _NULL)
        self._starts, self._firsts, self._of_leaves = starts.take(there), firsts.take(there), of_leaves.take(there)
        self._rows = np.repeat(rows, leaf_counts).take(there)
        begins = keys - skeletons.sizes.take(of_keys) - 1
        last = np.flatnonzero(skeletons.is_last.take(self._of_leaves))
        nexts = first_keys.take(there) + skeletons.nexts.take(self._of_leaves)
        nexts[last] = 0
        stops = begins.take(nexts)
        stops[last] = documents.bounds[self._rows[last] + 1]
        stops -= skeletons.tails.take(self._of_leaves)
        self._sizes = stops - self._starts
        is_wrong = text.take(stops, mode="wrap") != skeletons.ends.take(self._of_leaves)
        is_wrong |= (self._firsts <= _SPACE) | (self._sizes <= 0)
        self.odd = self._rows[is_wrong]
        is_wrong_key = text.take(begins, mode="wrap") != _QUOTE
        if is_wrong_key.any():
            self.odd = np.union1d(self.odd, np.repeat(rows, key_counts)[is_wrong_key])

    def spans(self, odd: Ints) -> Spans:
        """What was found."""
        columns = self._skeletons.columns.take(self._of_leaves)
        escaped, by_number = self._escaped()
        kept, lists = np.flatnonzero(columns >= 0), np.flatnonzero(columns == LIST)
        return Spans(
            Values(
                self._documents.text, columns.take(kept), self._rows.take(kept), self._starts.take(kept),
                self._sizes.take(kept), self._firsts.take(kept), escaped=escaped.take(kept), by_number=by_number,
            ),
            lists=(
                self._skeletons.list_numbers.take(self._of_leaves.take(lists)), self._rows.take(lists),
                self._starts.take(lists), self._starts.take(lists) + self._sizes.take(lists),
            ),
            odd=odd, has_strays=bool((columns == NOWHERE).any()),
        )  # fmt: skip

    def _escaped(self) -> tuple[Flags, bool]:
        """In which of the leaves something is escaped, and whether by its number."""
        at = np.flatnonzero(self._text[: self._documents.bounds[-1]] == _BACKSLASH)
        leaves = np.searchsorted(self._starts, at, side="right") - 1
        at, leaves = at[leaves >= 0], leaves[leaves >= 0]
        found = np.zeros(len(self._rows), np.bool_)
        found[leaves[at < self._starts[leaves] + self._sizes[leaves]]] = True
        return found, bool((self._text.take(at + 1, mode="clip") == _U).any())


def _elements(bounds: Ints, numbers: Ints) -> tuple[Ints, Ints]:
    """How many elements the skeletons of those numbers have each, and which all of them are, one after the other."""
    counts = np.diff(bounds)[numbers]
    places = np.cumsum(counts) - counts
    return counts, np.arange(counts.sum()) + np.repeat(bounds[numbers] - places, counts)


def _key_ends(text: Bytes) -> Ints:
    """Where the quotes are that end a key.

    A quote within a text has a backslash before it, so a quote and a colon are the end of a key, or else the quote
    begins a text that begins with a colon. Before such a one there is the end of a key, or what goes before an item.
    """
    found = np.flatnonzero(text[1:] == _COLON)
    found = found[text.take(found) == _QUOTE]
    before = text.take(found - 1)
    is_other = _ENDS_NO_KEY.take(before)
    after_colon = np.flatnonzero(before == _COLON)
    is_other[after_colon] = text.take(found[after_colon] - 2) == _QUOTE
    ends: Ints = found[~is_other]
    return ends
