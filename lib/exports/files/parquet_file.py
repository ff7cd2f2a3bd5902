"""The Parquet file: every column in one type, nested values as JSON, rows in groups of some megabytes."""

from collections.abc import Sequence

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from lib.exports.files.parquet_types import ParquetTypes
from lib.exports.files.sink import Sink
from lib.exports.rows.layout import Field, Part, unique_names

# Large enough that columns pack well, small enough to hold in memory while the next one is read.
_GROUP_BYTES = 4 << 20
_ARROW = {
    pl.Boolean(): pa.bool_(),
    pl.Int64(): pa.int64(),
    pl.Float64(): pa.float64(),
    pl.Datetime("ms", "UTC"): pa.timestamp("ms", "UTC"),
    pl.String(): pa.string(),
}


class ParquetFile:
    """The Parquet file."""

    def __init__(self, fields: Sequence[Field], sink: Sink, types: ParquetTypes) -> None:
        """Begin the file with columns of these types."""
        self._sink, self._types = sink, types
        names = unique_names(fields)
        self._schema = pa.schema([(name, _ARROW[dtype]) for name, dtype in zip(names, types.dtypes, strict=True)])
        # Long JSON is rarely the same twice, and nobody asks for the smallest: both would only cost memory.
        plain = [name for name, is_json in zip(names, types.json, strict=True) if not is_json]
        self._writer = pq.ParquetWriter(
            pa.PythonFile(sink, "w"), self._schema, compression="zstd", use_dictionary=plain, write_statistics=plain
        )
        self._group: list[pl.DataFrame] = []

    def add(self, part: Part) -> None:
        """Write the rows, which have to fit the types."""
        self._group.append(self._types.typed(part))
        if sum(some.estimated_size() for some in self._group) >= _GROUP_BYTES:
            self._write_group()

    def close(self) -> None:
        """Write what is held and the end of the file."""
        if self._group:
            self._write_group()
        self._writer.close()
        self._sink.close()

    def discard(self) -> None:
        """Let go of the unfinished file, whose end the library writes by itself sooner or later."""
        self._sink.cut()
        self._writer.close()

    def _write_group(self) -> None:
        group = pl.concat(self._group).to_arrow(compat_level=pl.CompatLevel.oldest())
        self._writer.write_table(
            group.rename_columns(self._schema.names).cast(self._schema), row_group_size=group.num_rows
        )
        self._group = []
