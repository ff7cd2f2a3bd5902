"""A file as tables of text: CSV by itself is one, XLSX has one per sheet."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lib.models.rate_cards import MAX_ROWS

_ZIP_START = b"PK\x03\x04"
_MOST_COLUMNS = 120
_LAST_LINE = 100_000
# A workbook is a zip: what it unpacks to is looked at before anything is unpacked.
_MOST_UNPACKED_BYTES = 60_000_000
_DELIMITERS = ",;\t"


class UnreadableFile(ValueError):
    """The file as a whole cannot be read; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row that holds something, with its number in the file or sheet (from 1); cells without outer spaces."""

    number: int
    cells: list[str]

    def cell(self, index: int) -> str:
        """The cell at that place, empty beyond the end."""
        return self.cells[index] if 0 <= index < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table; `name` is empty for a CSV file."""

    name: str
    lines: list[Line]


def read_sheets(data: bytes) -> list[Sheet]:
    """The tables of a CSV or XLSX file. Raises UnreadableFile."""
    if data.startswith(_ZIP_START):
        return _workbook(data)
    return [Sheet("", _limited(_csv_lines(_text(data))))]


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile("The file is neither XLSX nor CSV in UTF-8. Save it as “CSV UTF-8” or as XLSX.") from error
    if "\0" in text:
        raise UnreadableFile("The file is neither XLSX nor CSV. Old XLS workbooks have to be saved as XLSX.")
    return text


def _csv_lines(text: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text), delimiter=_delimiter(text))
    before = 0
    try:
        for cells in reader:
            yield Line(before + 1, [cell.strip() for cell in cells])
            before = reader.line_num
    except csv.Error as error:
        raise UnreadableFile(f"Line {before + 1} is not CSV: {error}.") from error


def _delimiter(text: str) -> str:
    """What separates the cells: whatever the first lines have most of."""
    start = [line for line in text.splitlines() if not line.startswith("#")][:5]
    return max(_DELIMITERS, key=lambda mark: sum(line.count(mark) for line in start))


def _workbook(data: bytes) -> list[Sheet]:
    # Imported here: it takes a quarter of a second, which a process that reads no workbook need not spend.
    import openpyxl  # noqa: PLC0415

    try:
        _refuse_bombs(data)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            return [Sheet(sheet.title, _limited(_rows(sheet))) for sheet in book.worksheets]
        finally:
            book.close()
    except UnreadableFile:
        raise
    except Exception as error:  # openpyxl lets through whatever its parsers fail with
        raise UnreadableFile("The workbook cannot be opened. Save it anew as XLSX, without a password.") from error


def _refuse_bombs(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        size = sum(part.file_size for part in packed.infolist())
    if size > _MOST_UNPACKED_BYTES:
        raise UnreadableFile(f"The workbook unpacks to {size / 1e6:.0f} MB, more than is read.")


def _rows(sheet: Any) -> Iterator[Line]:
    # What a workbook says about its size is often wrong, and then every row would be filled up to it.
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [_cell_text(cell) for cell in cells[:_MOST_COLUMNS]]
        while texts and not texts[-1]:
            texts.pop()
        yield Line(number, texts)


def _cell_text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value.date().isoformat() if isinstance(value, datetime) else str(value).strip()
    if "%" in str(cell.number_format):
        return f"{round(value * 100, 6):.10g}%"
    return f"{round(value, 6):.15g}"


def _limited(lines: Iterator[Line]) -> list[Line]:
    found: list[Line] = []
    for line in lines:
        if any(line.cells):
            found.append(line)
        if len(found) > MAX_ROWS or (any(line.cells) and line.number > _LAST_LINE):
            raise UnreadableFile(
                f"A sheet has more than {MAX_ROWS:,} rows, or one below line {_LAST_LINE:,}; that is not a rate card."
            )
    return found
