"""Nested fields spread over dotted columns: `recipient.address.city`, `parcels.0.weight`.

The header covers every leaf of every row: rows tell the shape of their documents, and one document of each shape is
looked at before the first row is written.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import polars as pl

from lib.exports.catalogue import COLUMNS_FIELD, Column
from lib.exports.cells import Decoder, Field, frame, merged_kind, merged_series, scalar_series
from lib.exports.plan import Plan
from lib.exports.spread import Outgrown, spread
from lib.exports.structure import Place
from lib.models.errors import InvalidRequest
from lib.store.shapes import FREE_FORM

_INSTANT_ENDINGS = ("_at", "estimated_delivery", "earliest_delivery")


class FlattenLayout:
    """One column per leaf of the chosen fields; numbers stay numbers."""

    def __init__(self, plan: Plan, examples: Iterable[Mapping[str, str]], max_columns: int) -> None:
        """Find the leaves in `examples`, a document at least of every shape that the rows have.

        Raises InvalidRequest when they are more than `max_columns`.
        """
        self._columns, self._most = plan.columns, max_columns
        self._places = {column.name: Place() for column in plan.columns if _spreads(column)}
        kinds = [Any if _spreads(column) else merged_kind(column) for column in plan.columns]
        self._learner = Decoder([(column.name, kind) for column, kind in zip(plan.columns, kinds, strict=True)])
        for documents in examples:
            self._learn(documents)
            self._check_width()
        self.fields = [field for column in plan.columns for field in self._fields(column)]
        self._check_width()
        self._spreads = {name: spread(place) for name, place in self._places.items()}
        self._decoder = Decoder([(column.name, self._kind(column)) for column in plan.columns])

    def rows(self, documents: Sequence[str]) -> pl.DataFrame:
        """The values of a batch."""
        try:
            decoded = self._decoder.columns(documents)
        except msgspec.ValidationError as error:
            raise Outgrown from error
        series = []
        for column, values in zip(self._columns, decoded, strict=True):
            if column.name in self._spreads:
                series += [scalar_series(leaf) for leaf in self._spreads[column.name].columns(values)]
            else:
                series.append(merged_series(column, values))
        return frame(series)

    def faults(self, documents: Mapping[str, str]) -> dict[str, str]:
        """What is wrong with each of the documents, by their ids, that cannot be read whatever the header."""
        return self._learner.faults(documents)

    def _learn(self, documents: Mapping[str, str]) -> None:
        try:
            decoded = self._learner.columns(list(documents.values()))
        except msgspec.DecodeError:
            faults = self.faults(documents)
            readable = [document for row_id, document in documents.items() if row_id not in faults]
            decoded = self._learner.columns(readable)
        for column, values in zip(self._columns, decoded, strict=True):
            if column.name in self._places:
                for value in values:
                    self._places[column.name].learn(value)

    def _kind(self, column: Column) -> Any:
        return self._spreads[column.name].kind if column.name in self._spreads else merged_kind(column)

    def _fields(self, column: Column) -> Iterable[Field]:
        if column.name not in self._places:
            return [Field(column.name, column.kind == "instant")]
        paths = self._places[column.name].leaves((column.name,))
        return [Field(".".join(path), FREE_FORM not in path and path[-1].endswith(_INSTANT_ENDINGS)) for path in paths]

    def _check_width(self) -> None:
        widths = Counter({column.name: 1 for column in self._columns})
        widths.update({name: place.width() - 1 for name, place in self._places.items()})
        if widths.total() > self._most:
            widest, width = widths.most_common(1)[0]
            raise InvalidRequest(
                f"Flattened, this export needs more than {self._most:,} columns, {width:,} of them for “{widest}”. "
                "Leave that column out, narrow the filters, or merge instead.",
                fields=[f"{COLUMNS_FIELD}.{widest}"],
                code="too_many_columns",
                details={"widest": widest, "columns": width, "most": self._most},
            )


def _spreads(column: Column) -> bool:
    return column.kind in ("nested", "names")
