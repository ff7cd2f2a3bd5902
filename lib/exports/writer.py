"""Writing an export's files: one path for the preview and the files, so their bytes are the same.

Three threads work on it, each on a batch of its own: one reads documents and looks for their values, one makes cells
of these, one writes. Memory stays flat whatever the number of rows.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Protocol, Self

import sqlalchemy as sa

from lib.exports.files.csv_file import CsvCells, CsvFile, ErrorFile
from lib.exports.files.json_lines_file import JsonLinesFile
from lib.exports.files.parquet_file import ParquetFile
from lib.exports.files.parquet_types import ParquetTypes
from lib.exports.files.sink import Sink
from lib.exports.files.xlsx_file import XlsxFile, check_size
from lib.exports.kinds import TEXT_KINDS
from lib.exports.plan import Plan
from lib.exports.rows.ahead import ahead
from lib.exports.rows.flatten import FlattenLayout
from lib.exports.rows.layout import Layout, Part
from lib.exports.rows.merge import MergeLayout
from lib.exports.rows.reader import read_documents, read_examples, settle_rows
from lib.exports.rows.structure import Outgrown
from lib.models.exports import ExportFile, FileKind
from lib.settings import get_settings

# Rows written, rows in all, bytes written.
Progress = Callable[[int, int, int], None]
# Where each kind of file that is wanted goes; `csv` always is.
Outs = Mapping[FileKind, BinaryIO]
# Of no rows these are no files.
_MAYBE_NONE = ("csv_sanitized", "csv_error")


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: rows, those left out because they cannot be read, those with a defused cell; the files.

    `header_size` is of the first line of the CSV file, in bytes before compression.
    """

    rows: int
    rows_failed: int
    rows_defused: int
    header_size: int
    files: tuple[ExportFile, ...]

    @property
    def csv(self) -> ExportFile:
        """The CSV file."""
        return next(file for file in self.files if file.kind == "csv")


class _File(Protocol):
    def add(self, part: Part, /) -> None: ...

    def close(self) -> None: ...


def write_files(
    engine: sa.Engine, plan: Plan, outs: Outs, *,
    compressed: bool = False, limit: int | None = None, on_progress: Progress | None = None,
) -> Written:  # fmt: skip
    """Write the rows of the plan, the first `limit` of them when given, to all files in one pass over the documents.

    `on_progress` is told after each batch. Raises InvalidRequest when the flattened header would be too wide, or a
    file for spreadsheets too large.
    """
    rows = settle_rows(engine, plan, limit=limit)
    if "xlsx" in outs:
        check_size(rows.count)
    layout = _layout(engine, plan)
    types = _types(engine, plan, layout) if "parquet" in outs else None
    while True:
        if "xlsx" in outs:
            check_size(rows.count, len(layout.fields))
        try:
            with _Begun(plan, layout, outs, types, compressed=compressed) as begun:
                fits = True
                for part, cells in ahead(begun.prepared(layout.parts(read_documents(engine, plan, rows)))):
                    # Once a type does not fit, the file has to be begun anew; until then every other one is found.
                    fits = (types is None or not types.widen(part)) and fits
                    if fits:
                        begun.add(part, cells)
                    if on_progress is not None:
                        on_progress(begun.rows, rows.count, begun.size)
                if fits:
                    return begun.written()
        except Outgrown:
            # Somebody has put into a document what none had at the start, so the header has to be found anew.
            every = read_documents(engine, plan, settle_rows(engine, plan))
            layout = FlattenLayout(plan, every, get_settings().export_columns)
            types = types and ParquetTypes(plan, layout.fields)
        for out in outs.values():
            out.seek(0)
            out.truncate()


def estimated_size(first: Written, total: int) -> int:
    """The bytes of a CSV file of `total` rows, of which `first` has the first; exact when it has them all."""
    if not first.rows:
        return first.csv.size
    return first.header_size + round((first.csv.size - first.header_size) * total / first.rows)


class _Begun:
    """Files that are being written."""

    def __init__(self, plan: Plan, layout: Layout, outs: Outs, types: ParquetTypes | None, *, compressed: bool) -> None:
        self._layout = layout
        self._sinks = {kind: Sink(out, compressed=compressed and kind in TEXT_KINDS) for kind, out in outs.items()}
        self._csv = CsvFile(plan, layout.fields, self._sinks["csv"], self._sinks.get("csv_sanitized"))
        self._errors = ErrorFile(self._sinks.get("csv_error"))
        self._others: list[_File] = []
        self._ended = ExitStack()
        if sink := self._sinks.get("jsonl"):
            self._others.append(JsonLinesFile(layout.fields, sink))
        if types is not None:
            parquet = ParquetFile(layout.fields, self._sinks["parquet"], types)
            self._ended.callback(parquet.discard)
            self._others.append(parquet)
        if sink := self._sinks.get("xlsx"):
            scratch = self._ended.enter_context(_scratch(outs["xlsx"]))
            xlsx = XlsxFile(plan, layout.fields, sink, Path(scratch))
            self._ended.callback(xlsx.discard)
            self._others.append(xlsx)
        self.rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.close()

    @property
    def size(self) -> int:
        """Bytes of the CSV file so far."""
        return self._sinks["csv"].size

    def prepared(self, parts: Iterable[Part]) -> Iterator[tuple[Part, CsvCells | None]]:
        """With the cells of each part, if it has rows: all that needs the interpreter. `add` runs beside it."""
        return ((part, self._csv.cells(part) if part.rows.height else None) for part in parts)

    def add(self, part: Part, cells: CsvCells | None) -> None:
        self._errors.add(part.faults)
        if cells is not None:
            self._csv.add(cells)
            for file in self._others:
                file.add(part)
            self.rows += part.rows.height

    def written(self) -> Written:
        self._csv.close()
        for file in self._others:
            file.close()
        self._errors.close()
        rows = dict.fromkeys(self._sinks, self.rows)
        rows.update({"csv_sanitized": self._csv.rows_defused, "csv_error": self._errors.rows})
        files = [
            ExportFile(kind=kind, rows=rows[kind], size=sink.size, sha256=sink.sha256)
            for kind, sink in self._sinks.items()
            if rows[kind] or kind not in _MAYBE_NONE
        ]
        return Written(self.rows, self._errors.rows, self._csv.rows_defused, self._csv.header_size, tuple(files))


def _scratch(out: BinaryIO) -> TemporaryDirectory[str]:
    """A folder beside a file on a disk, which has the room for it, named after it."""
    name = getattr(out, "name", None)
    if not isinstance(name, str):
        return TemporaryDirectory()
    return TemporaryDirectory(dir=Path(name).parent, prefix=f"{Path(name).stem}.")


def _layout(engine: sa.Engine, plan: Plan) -> Layout:
    if plan.properties == "merge":
        return MergeLayout(plan)
    # The header of the first rows has to be that of the whole file, so it is found for every row.
    return FlattenLayout(plan, read_examples(engine, plan), get_settings().export_columns)


def _types(engine: sa.Engine, plan: Plan, layout: Layout) -> ParquetTypes:
    types = ParquetTypes(plan, layout.fields)
    if plan.properties == "flatten":
        for part in layout.parts(read_examples(engine, plan)):
            types.widen(part)
    return types
