"""Writing an export's file: one path for the preview and the file, so their bytes are the same.

UTF-8 after RFC 4180: lines end in CRLF, cells are quoted where they need it, quotes doubled. Memory stays flat
whatever the number of rows.
"""

import csv
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

import polars as pl
import sqlalchemy as sa

from lib.exports.cells import Layout, MergeLayout
from lib.exports.flatten import FlattenLayout
from lib.exports.plan import Plan
from lib.exports.reader import RowIds, read_documents, settle_rows

LINE_END = "\r\n"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: rows without the header, bytes, and the SHA-256 of all of them in hex."""

    rows: int
    size: int
    sha256: str


def write_csv(
    engine: sa.Engine, plan: Plan, out: BinaryIO, *, limit: int | None = None, on_progress: Progress | None = None
) -> Written:
    """Write the rows of the plan as CSV, the first `limit` of them when given.

    `on_progress` is told rows written and rows in all after each batch. Raises InvalidRequest when the flattened
    header would be too wide.
    """
    rows, layout = _settle(engine, plan, limit)
    digest, size, written = hashlib.sha256(), 0, 0

    def put(data: bytes) -> int:
        digest.update(data)
        out.write(data)
        return len(data)

    size += put(_header_line(layout))
    for documents in read_documents(engine, plan, rows):
        if documents:
            size += put(_lines(layout.cells(documents)))
            written += len(documents)
        if on_progress is not None:
            on_progress(written, rows.count)
    return Written(rows=written, size=size, sha256=digest.hexdigest())


def _settle(engine: sa.Engine, plan: Plan, limit: int | None) -> tuple[RowIds, Layout]:
    if plan.properties == "merge":
        return settle_rows(engine, plan, limit=limit), MergeLayout(plan)
    # The header of the first rows has to be that of the whole file, so every row is looked at.
    every = settle_rows(engine, plan)
    return every.first(limit), FlattenLayout(plan, read_documents(engine, plan, every))


def _header_line(layout: Layout) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator=LINE_END).writerow(layout.header)
    return line.getvalue().encode()


def _lines(cells: pl.DataFrame) -> bytes:
    if cells.width == 1:
        # An empty line would be skipped by readers: a lone empty cell is written as "".
        cells = cells.fill_null("")
    lines = io.BytesIO()
    cells.write_csv(lines, include_header=False, line_terminator=LINE_END)
    return lines.getvalue()
