"""Nested fields spread over dotted columns: `recipient.address.city`, `parcels.0.weight`.

A first pass over the rows finds every leaf, so the header covers them all; the second writes them. Leaves keep their
JSON spelling, so that only text, never a number, is guarded against spreadsheets.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import polars as pl

from lib.exports.catalogue import COLUMNS_FIELD, Column
from lib.exports.cells import STORED_INSTANT, Decoder, stored_series, text_cells
from lib.exports.formulas import defused
from lib.exports.patterns import format_instants
from lib.exports.plan import Plan
from lib.models.errors import InvalidRequest

MAX_COLUMNS = 1000
_INSTANT_ENDINGS = ("_at", "estimated_delivery", "earliest_delivery")
# Free-form by its owner: a text that looks like a time stays as it was written.
_FREE_FORM = "metadata"


@dataclass(slots=True)
class _Node:
    """A place in the documents: what lies below it, whether a plain value was seen there, a batch's cells."""

    children: dict[str, "_Node"] = field(default_factory=dict)
    has_value: bool = False
    cells: list[str | None] = field(default_factory=list)

    def learn(self, value: Any) -> None:
        """Take in what a document has here."""
        if isinstance(value, dict | list):
            for name, part in _parts_of(value):
                child = self.children.get(name)
                if child is None:
                    child = self.children[name] = _Node()
                child.learn(part)
        elif value is not None:
            self.has_value = True

    def fill(self, value: Any, row: int) -> None:
        """Put what a document has here and below into the cells; what came after the first pass has none."""
        if isinstance(value, dict | list):
            for name, part in _parts_of(value):
                if part is not None and (child := self.children.get(name)) is not None:
                    child.fill(part, row)
        elif value is not None and self.cells:
            self.cells[row] = defused(value) if isinstance(value, str) else msgspec.json.encode(value).decode()

    def leaves(self, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], "_Node"]]:
        """The places that are columns: where values are, and those that were always empty."""
        if self.has_value or not self.children:
            yield path, self
        for name, child in self.children.items():
            yield from child.leaves((*path, name))


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A column of the file: its path, and where its cells come from: a nested place or a whole chosen column."""

    path: tuple[str, ...]
    position: int
    node: _Node | None


class FlattenLayout:
    """One column per leaf of the chosen fields, dates written out and text guarded as in merge mode."""

    def __init__(self, plan: Plan, batches: Iterable[Sequence[str]]) -> None:
        """Find the leaves in all rows of the export. Raises InvalidRequest when they are too many."""
        self._plan = plan
        self._decoder = Decoder(plan.columns, nested=Any)
        self._roots = {index: _Node() for index, column in enumerate(plan.columns) if _spreads(column)}
        for documents in batches:
            self._learn(documents)
        self._leaves = self._found_leaves()
        self.header = [".".join(leaf.path) for leaf in self._leaves]
        self._expressions = [self._expression(index, leaf) for index, leaf in enumerate(self._leaves)]

    def cells(self, documents: Sequence[str]) -> pl.DataFrame:
        """The cells of a batch, one text column per header entry."""
        values = self._decoder.fields(documents)
        for leaf in self._leaves:
            if leaf.node is not None:
                leaf.node.cells = [None] * len(documents)
        for position, root in self._roots.items():
            for row, value in enumerate(values[position]):
                root.fill(value, row)
        series = []
        for index, leaf in enumerate(self._leaves):
            if leaf.node is None:
                column = self._plan.columns[leaf.position]
                series.append(stored_series(f"c{index}", column, values[leaf.position]))
            else:
                series.append(pl.Series(f"c{index}", leaf.node.cells, dtype=pl.String))
        return pl.DataFrame(series).select(self._expressions)

    def _learn(self, documents: Sequence[str]) -> None:
        values = self._decoder.fields(documents)
        for position, root in self._roots.items():
            for value in values[position]:
                root.learn(value)
        self._found_leaves()

    def _found_leaves(self) -> list[_Leaf]:
        leaves: list[_Leaf] = []
        for position, column in enumerate(self._plan.columns):
            root = self._roots.get(position)
            if root is None:
                leaves.append(_Leaf((column.name,), position, None))
            else:
                leaves.extend(_Leaf(path, position, node) for path, node in root.leaves((column.name,)))
        if len(leaves) > MAX_COLUMNS:
            widest, width = Counter(leaf.path[0] for leaf in leaves).most_common(1)[0]
            raise InvalidRequest(
                f"Flattened, this export needs more than {MAX_COLUMNS:,} columns, {width:,} of them for “{widest}”. "
                "Leave that column out, narrow the filters, or merge instead.",
                fields=[f"{COLUMNS_FIELD}.{widest}"],
                code="too_many_columns",
                details={"widest": widest, "columns": width, "most": MAX_COLUMNS},
            )
        return leaves

    def _expression(self, index: int, leaf: _Leaf) -> pl.Expr:
        stored = pl.col(f"c{index}")
        if leaf.node is None:
            return text_cells(stored, self._plan.columns[leaf.position], self._plan).alias(f"c{index}")
        if leaf.path[0] == _FREE_FORM or not leaf.path[-1].endswith(_INSTANT_ENDINGS):
            return stored
        instants = stored.str.to_datetime(STORED_INSTANT, time_unit="ms", time_zone="UTC", strict=False, cache=False)
        written = format_instants(instants, self._plan.datetime_format, self._plan.timezone)
        return pl.coalesce(written, stored).alias(f"c{index}")


def _spreads(column: Column) -> bool:
    return column.kind in ("nested", "names")


def _parts_of(value: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(value, dict):
        return value.items()
    if isinstance(value, list):
        return ((str(index), part) for index, part in enumerate(value))
    return ()
