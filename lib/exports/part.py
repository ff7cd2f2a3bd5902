"""A batch of an export taken apart: the values of its rows, and what is wrong with documents that cannot be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
import polars as pl

from lib.exports.cells import Layout
from lib.exports.spread import Outgrown


@dataclass(frozen=True, slots=True)
class Part:
    """`rows` are those of `ids`; `faults` says by the ids of the other rows why there is nothing of them."""

    ids: Sequence[str]
    rows: pl.DataFrame
    faults: Mapping[str, str]


def take_apart(layout: Layout, documents: Mapping[str, str]) -> Part:
    """The part of the file that these documents, by their ids, are. Raises Outgrown."""
    try:
        return Part(list(documents), layout.rows(list(documents.values())), {})
    except (Outgrown, msgspec.DecodeError):
        faults = layout.faults(documents)
        if not faults:
            raise
    readable = {row_id: document for row_id, document in documents.items() if row_id not in faults}
    rows = layout.rows(list(readable.values())) if readable else pl.DataFrame()
    return Part(list(readable), rows, faults)
