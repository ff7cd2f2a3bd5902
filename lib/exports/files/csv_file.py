"""The CSV file: UTF-8 after RFC 4180, lines end in CRLF, cells are quoted where they need it, quotes doubled.

Text is guarded against spreadsheets here, for whole columns at once, unless the recipe keeps it as it is.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from lib.exports.files.formulas import Mask, defused, defused_column, formulas_in
from lib.exports.files.shown import QUOTE, Shown, replaced
from lib.exports.files.sink import Sink
from lib.exports.plan import Plan
from lib.exports.rows.layout import Field, Part

BYTE_ORDER_MARK = "\ufeff"
_LINE_END = "\r\n"


@dataclass(frozen=True, slots=True)
class CsvCells:
    """The cells of some rows; in how many of those a cell had to be defused, and if wanted these as they were."""

    cells: pl.DataFrame
    rows_defused: int = 0
    held_back: pl.DataFrame | None = None


class CsvFile:
    """The CSV file, and beside it one of the rows with a cell that had to be defused, in which it was not.

    `rows_defused` is how many rows those are.
    """

    def __init__(self, plan: Plan, fields: Sequence[Field], sink: Sink, held_back: Sink | None = None) -> None:
        """Write the header of `fields`; to `held_back` it comes with its first row."""
        self._plan, self._shown = plan, Shown(plan, fields)
        self._sink, self._held_back = sink, held_back
        self.rows_defused = 0
        mark = BYTE_ORDER_MARK if plan.byte_order_mark else ""
        self._header = (mark + _line(field.name for field in fields)).encode()
        sink.write(self._header)

    @property
    def header_size(self) -> int:
        """The bytes of the first line."""
        return len(self._header)

    def cells(self, part: Part) -> CsvCells:
        """What is to be written of a part; another thread may ask for it, part by part."""
        cells = self._shown.cells(part)
        formulas = self._formulas(part, cells) if self._plan.formulas == "defuse" else {}
        if not formulas:
            return CsvCells(cells)
        are_defused = np.logical_or.reduce(list(formulas.values()))
        return CsvCells(
            replaced(cells, cells.select(defused_column(name, found) for name, found in formulas.items())),
            rows_defused=int(are_defused.sum()),
            held_back=None if self._held_back is None else cells.filter(pl.Series(are_defused)),
        )

    def add(self, cells: CsvCells) -> None:
        """Write a line for each row."""
        self._sink.write(_lines(cells.cells))
        if self._held_back is not None and cells.held_back is not None:
            lines = _lines(cells.held_back)
            self._held_back.write(lines if self.rows_defused else self._header + lines)
        self.rows_defused += cells.rows_defused

    def close(self) -> None:
        """Finish the files."""
        self._sink.close()
        if self._held_back is not None:
            self._held_back.close()

    def _formulas(self, part: Part, cells: pl.DataFrame) -> dict[str, Mask]:
        """Which cells of which columns a spreadsheet might run; numbers and JSON are never among them."""
        written = self._shown.written(part)
        texts = [cells[name] for name in written | part.may_run]
        for name in part.mixed - written:
            is_text = part.rows[name].str.starts_with(QUOTE)
            texts.append(pl.select(pl.when(is_text).then(cells[name]).alias(name)).to_series())
        return formulas_in(texts)


class ErrorFile:
    """The CSV file of the rows that could not be written, and why."""

    def __init__(self, sink: Sink | None) -> None:
        """Without a `sink` they are only counted. The header comes with the first of them."""
        self._sink = sink
        self.rows = 0

    def add(self, faults: Mapping[str, str]) -> None:
        """Write a line for each id of a row with what is wrong there."""
        if self._sink is not None and faults:
            lines = [_line(map(defused, fault)) for fault in faults.items()]
            self._sink.write("".join(lines if self.rows else [_line(("id", "error")), *lines]).encode())
        self.rows += len(faults)

    def close(self) -> None:
        """Finish the file."""
        if self._sink is not None:
            self._sink.close()


def _lines(cells: pl.DataFrame) -> memoryview:
    if cells.width == 1:
        # An empty line would be skipped by readers: a lone empty cell is written as "".
        cells = cells.cast(pl.String).fill_null("")
    lines = io.BytesIO()
    cells.write_csv(lines, include_header=False, line_terminator=_LINE_END)
    return lines.getbuffer()


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator=_LINE_END).writerow(cells)
    return line.getvalue()
