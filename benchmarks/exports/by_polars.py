"""The flattened file by a Polars scan of the same shipments as Parquet; the source is the path of the Parquet file."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from benchmarks.exports.recipe import INSTANTS, NAMES, PATTERN_STRFTIME, TIMEZONE, is_instant

_STORED = "%Y-%m-%dT%H:%M:%S.%3fZ"
_BATCH = 20_000


def build(source: str, out: Path) -> None:
    """Keep the shipments of an SQLite file as Parquet: nested fields as structs and lists, times as times."""
    rows = sqlite3.connect(source).execute("SELECT document FROM shipments ORDER BY created_at, id")
    dtype: pl.DataType | None = None
    writer: pq.ParquetWriter | None = None
    while some := [document for (document,) in rows.fetchmany(_BATCH)]:
        texts = pl.Series("row", some)
        # Every shape is among the first rows.
        dtype = dtype or _storable(texts.str.json_decode(infer_schema_length=None).dtype)
        decoded = texts.str.json_decode(dtype)
        table = decoded.struct.unnest()
        table = table.select(name for name in NAMES if name in table.columns)
        table = table.with_columns(
            pl.col(name).cast(pl.String).str.to_datetime(_STORED, time_zone="UTC") for name in INSTANTS
        )
        arrow = table.to_arrow()
        writer = writer or pq.ParquetWriter(out, arrow.schema, compression="zstd")
        writer.write_table(arrow)
    if writer is not None:
        writer.close()


def _storable(dtype: pl.DataType) -> pl.DataType:
    """Without objects that are always empty, which Parquet cannot keep."""
    if isinstance(dtype, pl.List):
        return pl.List(_storable(dtype.inner))
    if isinstance(dtype, pl.Struct):
        return pl.Struct(
            [pl.Field(field.name, _storable(field.dtype)) for field in dtype.fields if field.dtype != pl.Struct([])]
        )
    return dtype


def flatten(source: str, out: Path) -> None:
    """How long the lists are is looked up first."""
    table = pl.scan_parquet(source)
    leaves = [
        leaf for name, dtype in table.collect_schema().items() for leaf in _leaves(table, pl.col(name), name, dtype)
    ]
    table.select(leaves).sink_csv(out, line_terminator="\r\n")


def _leaves(table: pl.LazyFrame, value: pl.Expr, path: str, dtype: pl.DataType) -> Iterator[pl.Expr]:
    if isinstance(dtype, pl.Struct):
        for field in dtype.fields:
            yield from _leaves(table, value.struct.field(field.name), f"{path}.{field.name}", field.dtype)
    elif isinstance(dtype, pl.List):
        longest = table.select(value.list.len().max()).collect().item() or 0
        for index in range(longest):
            yield from _leaves(table, value.list.get(index, null_on_oob=True), f"{path}.{index}", dtype.inner)
    else:
        yield _cell(value, path, dtype).alias(path)


def _cell(value: pl.Expr, path: str, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.String and is_instant(path):
        value = value.str.to_datetime(_STORED, time_zone="UTC")
    elif not isinstance(dtype, pl.Datetime):
        return value
    return value.dt.convert_time_zone(TIMEZONE).dt.to_string(PATTERN_STRFTIME)
