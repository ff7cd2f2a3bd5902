"""Writing an export's file: one path for the preview and the file, so their bytes are the same.

Three threads work on it, each on a batch of its own: one reads documents, one takes them apart, one writes. Memory
stays flat whatever the number of rows.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

import polars as pl
import sqlalchemy as sa

from lib.exports.cells import Layout, MergeLayout
from lib.exports.csv_file import CsvFile
from lib.exports.flatten import FlattenLayout
from lib.exports.plan import Plan
from lib.exports.reader import ahead, read_documents, read_examples, settle_rows
from lib.exports.spread import Outgrown
from lib.settings import get_settings

# Rows written, rows in all, bytes written.
Progress = Callable[[int, int, int], None]


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

    `on_progress` is told after each batch. Raises InvalidRequest when the flattened header would be too wide.
    """
    rows = settle_rows(engine, plan, limit=limit)
    layout = _layout(engine, plan)
    while True:
        begun = _Begun(CsvFile(plan, layout.fields), out)
        try:
            for batch in ahead(layout.rows, read_documents(engine, plan, rows)):
                begun.add(batch)
                if on_progress is not None:
                    on_progress(begun.rows, rows.count, begun.size)
        except Outgrown:
            # Somebody has put into a document what none had at the start, so the header has to be found anew.
            every = read_documents(engine, plan, settle_rows(engine, plan))
            layout = FlattenLayout(plan, every, get_settings().export_columns)
            out.seek(0)
            out.truncate()
        else:
            return begun.written()


class _Begun:
    """A file that is being written."""

    def __init__(self, file: CsvFile, out: BinaryIO) -> None:
        self._file, self._out, self._digest = file, out, hashlib.sha256()
        self.rows = self.size = 0
        self._put(file.header())

    def add(self, batch: pl.DataFrame) -> None:
        if batch.height:
            self._put(self._file.lines(batch))
            self.rows += batch.height

    def written(self) -> Written:
        return Written(rows=self.rows, size=self.size, sha256=self._digest.hexdigest())

    def _put(self, data: bytes) -> None:
        self._digest.update(data)
        self._out.write(data)
        self.size += len(data)


def _layout(engine: sa.Engine, plan: Plan) -> Layout:
    if plan.properties == "merge":
        return MergeLayout(plan)
    # The header of the first rows has to be that of the whole file, so it is found for every row.
    return FlattenLayout(plan, read_examples(engine, plan), get_settings().export_columns)
