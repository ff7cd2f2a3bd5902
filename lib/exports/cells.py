"""From stored documents to columns of values, whole batches at a time.

Only the chosen fields of a document are decoded. In merge mode nested fields stay the JSON they are stored as and go
to the file unparsed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any, Protocol

import msgspec
import numpy as np
import polars as pl
import pyarrow as pa

from lib.exports.catalogue import Column
from lib.exports.plan import Plan
from lib.exports.spread import NULL, Scalar, Values

_NULL = b"null"
_DTYPES: dict[frozenset[type], type[pl.DataType]] = {
    frozenset({str}): pl.String,
    frozenset({bool}): pl.Boolean,
    frozenset({int}): pl.Int64,
    frozenset({float}): pl.Float64,
}


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the file: its name in the header, whether its texts are instants, its JSON lists of names."""

    name: str
    is_instant: bool = False
    is_names: bool = False


def unique_names(fields: Sequence[Field]) -> list[str]:
    """The names of the fields; where leaves that differ are spelled alike, such as `a.b` and `b` of `a`, numbered."""
    names: dict[str, None] = {}
    for field in fields:
        spelled = chain([field.name], (f"{field.name} ({number})" for number in count(2)))
        names[next(name for name in spelled if name not in names)] = None
    return list(names)


class Layout(Protocol):
    """How documents become rows."""

    @property
    def fields(self) -> Sequence[Field]: ...

    def rows(self, documents: Sequence[str]) -> pl.DataFrame:
        """One column per field and one row per document, null where there is no value.

        Text is String, as stored even where it is an instant; numbers and flags have their own types; what is Binary
        is JSON. Raises Outgrown when the documents have what no field is for, msgspec.DecodeError when one of them
        cannot be read.
        """
        ...

    def faults(self, documents: Mapping[str, str]) -> dict[str, str]:
        """What is wrong with each of the documents, by their ids, that cannot be read."""
        ...


class MergeLayout:
    """One column per chosen field: nested values and lists of named things as JSON."""

    def __init__(self, plan: Plan) -> None:
        """Prepare the decoding of the plan's columns."""
        self.fields = [
            Field(column.name, is_instant=column.kind == "instant", is_names=column.kind == "names")
            for column in plan.columns
        ]
        self._columns = plan.columns
        self._decoder = Decoder([(column.name, merged_kind(column)) for column in plan.columns])

    def rows(self, documents: Sequence[str]) -> pl.DataFrame:
        """The values of a batch."""
        columns = zip(self._columns, self._decoder.columns(documents), strict=True)
        return frame([merged_series(column, values) for column, values in columns])

    def faults(self, documents: Mapping[str, str]) -> dict[str, str]:
        """What is wrong with each of the documents, by their ids, that cannot be read."""
        return self._decoder.faults(documents)


class Decoder:
    """Reads chosen fields out of documents."""

    def __init__(self, fields: Sequence[tuple[str, Any]]) -> None:
        """`fields` are names with the type that each is decoded as."""
        kinds = [(f"c{index}", kind, NULL if kind is msgspec.Raw else None) for index, (_, kind) in enumerate(fields)]
        names = {f"c{index}": name for index, (name, _) in enumerate(fields)}
        self._width = len(fields)
        self._decode = msgspec.json.Decoder(msgspec.defstruct("Row", kinds, rename=names, gc=False)).decode

    def columns(self, documents: Sequence[str]) -> list[tuple[Any, ...]]:
        """Per field the values of all documents; a missing one is None, or the JSON null where JSON is kept.

        Raises msgspec.ValidationError for a value of another type, msgspec.DecodeError for what is no JSON.
        """
        if not documents:
            return [()] * self._width
        return list(zip(*map(msgspec.structs.astuple, map(self._decode, documents)), strict=True))

    def faults(self, documents: Mapping[str, str]) -> dict[str, str]:
        """What is wrong with each of the documents, by their ids, that cannot be decoded."""
        found = {}
        for row_id, document in documents.items():
            try:
                self._decode(document)
            except msgspec.DecodeError as error:
                found[row_id] = str(error)
        return found


def merged_kind(column: Column) -> Any:
    """The type that a column's field is decoded as."""
    kinds = {"text": str | None, "instant": str | None, "names": msgspec.Raw, "nested": msgspec.Raw}
    return kinds.get(column.kind, Scalar)


def merged_series(column: Column, values: Values) -> pl.Series:
    """The decoded values of a column as they are, nested ones as JSON."""
    match column.kind:
        case "text" | "instant":
            return pl.Series(values=values, dtype=pl.String)
        case "names" | "nested":
            return _json_series(values)
        case _:
            return scalar_series(values)


def scalar_series(values: Values) -> pl.Series:
    """Plain values as text, numbers or flags; as JSON where they are of several kinds."""
    if values.count(None) == len(values):
        return pl.Series(values=values, dtype=pl.Null)
    kinds = frozenset(map(type, values)) - {type(None)}
    dtype = _DTYPES.get(kinds, pl.Binary)
    if dtype != pl.Binary:
        try:
            return pl.Series(values=values, dtype=dtype)
        except TypeError:
            # A number too large for 64 bits.
            pass
    spelled = [None if value is None else msgspec.json.encode(value) for value in values]
    return pl.Series(values=spelled, dtype=pl.Binary)


def frame(columns: Sequence[pl.Series]) -> pl.DataFrame:
    """The columns side by side, named c0, c1 and so on."""
    return pl.DataFrame({f"c{index}": column for index, column in enumerate(columns)})


def _json_series(values: Sequence[msgspec.Raw]) -> pl.Series:
    # All at once: to take the bytes of every value by itself takes half as long as decoding the documents.
    lengths = np.fromiter(map(len, values), dtype=np.int64, count=len(values))
    offsets = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(b"".join(values))]
    series = pl.Series("json", pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(values), buffers))
    if not (lengths == len(_NULL)).any():
        return series
    return pl.select(pl.when(series != pl.lit(_NULL)).then(series)).to_series()
