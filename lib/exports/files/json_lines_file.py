"""JSON lines: one object a row with every column as it is stored, instants in UTC, null where there is nothing."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import polars as pl

from lib.exports.files.sink import Sink
from lib.exports.rows.layout import Field, Part, unique_names

# Rows as Python objects at a time: a thousand flattened ones would take a tenth of the memory an export has.
_ROWS = 200


class JsonLinesFile:
    """The file of JSON lines."""

    def __init__(self, fields: Sequence[Field], sink: Sink) -> None:
        """`fields` are the members of every object."""
        self._sink = sink
        members = [(f"c{index}", Any) for index in range(len(fields))]
        names = {f"c{index}": name for index, name in enumerate(unique_names(fields))}
        self._row = msgspec.defstruct("Row", members, rename=names, gc=False)
        self._encode = msgspec.json.Encoder().encode_lines

    def add(self, part: Part) -> None:
        """Write a line for each row."""
        for some in part.rows.iter_slices(_ROWS):
            columns = [_values(column, is_json=column.name in part.json) for column in some.iter_columns()]
            self._sink.write(self._encode([self._row(*values) for values in zip(*columns, strict=True)]))

    def close(self) -> None:
        """Finish the file."""
        self._sink.close()


def _values(column: pl.Series, *, is_json: bool) -> Iterator[Any]:
    return (msgspec.Raw(value.encode()) if is_json and value is not None else value for value in column)
