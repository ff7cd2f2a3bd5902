"""From stored documents to the cells of a file, whole batches at a time.

Only the chosen fields of a document are decoded. In merge mode nested fields stay the JSON they are stored as and go
to the file unparsed.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec
import polars as pl

from lib.exports.catalogue import Column
from lib.exports.formulas import defused_column
from lib.exports.patterns import format_instants, starts_like_formula
from lib.exports.plan import Plan

# How instants are stored: always UTC, always milliseconds. A fixed width parses three times faster than %.f.
STORED_INSTANT = "%Y-%m-%dT%H:%M:%S.%3fZ"
_NULL = b"null"


class Layout(Protocol):
    """How rows become lines: the header, and the text cells of a batch of documents."""

    @property
    def header(self) -> Sequence[str]: ...

    def cells(self, documents: Sequence[str]) -> pl.DataFrame:
        """One text column per header entry, one row per document; null is an empty cell."""
        ...


class Decoder:
    """Reads the fields of the chosen columns out of documents."""

    def __init__(self, columns: Sequence[Column], *, nested: Any) -> None:
        """`nested` is what a field with parts is read as: `msgspec.Raw` to keep its JSON, `Any` for its value."""
        kinds: dict[str, Any] = {"text": str | None, "instant": str | None, "names": Any, "nested": nested}
        fields = [
            (f"c{position}", kinds.get(column.kind, msgspec.Raw), _missing(kinds.get(column.kind, msgspec.Raw)))
            for position, column in enumerate(columns)
        ]
        names = {f"c{position}": column.name for position, column in enumerate(columns)}
        row = msgspec.defstruct("Row", fields, rename=names, gc=False)
        self._decode = msgspec.json.Decoder(row).decode

    def fields(self, documents: Sequence[str]) -> list[tuple[Any, ...]]:
        """Per column the values of all documents; a missing field is None, or the JSON null where JSON is kept."""
        rows = map(self._decode, documents)
        return list(zip(*map(msgspec.structs.astuple, rows), strict=True))


class MergeLayout:
    """One column per chosen field: nested values as JSON, lists of named things as readable text."""

    def __init__(self, plan: Plan) -> None:
        """Prepare the decoding and the Polars expressions of the plan's columns."""
        self.header = [column.name for column in plan.columns]
        self._columns = plan.columns
        self._decoder = Decoder(plan.columns, nested=msgspec.Raw)
        self._expressions = [
            text_cells(pl.col(f"c{position}"), column, plan).alias(f"c{position}")
            for position, column in enumerate(plan.columns)
        ]

    def cells(self, documents: Sequence[str]) -> pl.DataFrame:
        """The cells of a batch, one text column per header entry."""
        values = self._decoder.fields(documents)
        series = [
            stored_series(f"c{position}", column, values[position]) for position, column in enumerate(self._columns)
        ]
        return pl.DataFrame(series).select(self._expressions)


def stored_series(name: str, column: Column, values: Sequence[Any]) -> pl.Series:
    """The decoded values of a column as text, as they are stored; null where there is none."""
    match column.kind:
        case "text" | "instant":
            return pl.Series(name, values, dtype=pl.String)
        case "names":
            return pl.Series(name, [readable_names(value) for value in values], dtype=pl.String)
        case _:
            kept = [None if (raw := bytes(value)) == _NULL else raw for value in values]
            return pl.Series(name, kept, dtype=pl.Binary).cast(pl.String)


def text_cells(stored: pl.Expr, column: Column, plan: Plan) -> pl.Expr:
    """The expression that turns a column's stored text into its cells: dates written out, formulas defused."""
    match column.kind:
        case "instant":
            written = format_instants(as_instants(stored), plan.datetime_format, plan.timezone)
            return defused_column(written) if starts_like_formula(plan.datetime_format) else written
        case "text" | "names":
            return defused_column(stored)
        case _:
            return stored


def as_instants(stored: pl.Expr) -> pl.Expr:
    """Stored instants, as UTC datetimes. Raises for text that is none."""
    return stored.str.to_datetime(STORED_INSTANT, time_unit="ms", time_zone="UTC", cache=False)


def readable_names(value: Any) -> str | None:
    """A list of texts or named things as `Group A, Group B`, None when empty; anything else as compact JSON."""
    if value is None or value == []:
        return None
    if isinstance(value, list):
        named = [item.get("name") if isinstance(item, dict) else item for item in value]
        names = [name for name in named if isinstance(name, str)]
        if len(names) == len(value):
            return ", ".join(names)
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _missing(kind: Any) -> Any:
    return msgspec.Raw(_NULL) if kind is msgspec.Raw else None
