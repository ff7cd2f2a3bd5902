"""The XLSX file: one sheet with a bold header that stays in sight, numbers as numbers, text never as a formula.

The sheet grows in a file of its own, uncompressed, and is packed at the end; memory holds one row of it.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, cast

import msgspec
import polars as pl
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from lib.exports.catalogue import COLUMNS_FIELD
from lib.exports.files.shown import Shown
from lib.exports.files.sink import Sink
from lib.exports.plan import Plan
from lib.exports.rows.layout import Field, Part
from lib.models.base import parse_instant
from lib.models.errors import InvalidRequest

MAX_ROWS = 1_048_575
MAX_COLUMNS = 16_384
_MAX_TEXT = 32_767
# A spreadsheet counts with 15 digits; a whole number of more is an id rather than an amount.
_MAX_WHOLE = 10**15
_CUT = -2
# Any moment that is always the same: equal exports are equal files.
_MADE = parse_instant("2000-01-01T00:00:00Z")


class XlsxFile:
    """The file for spreadsheets."""

    def __init__(self, plan: Plan, fields: Sequence[Field], sink: Sink, scratch: Path) -> None:
        """Begin the sheet, which grows in the folder `scratch`."""
        self._fields, self._shown, self._sink = fields, Shown(plan, fields), sink
        self._book = Workbook(cast(Any, sink), {"constant_memory": True, "tmpdir": str(scratch), "use_zip64": True})
        self._book.set_properties({"created": _MADE})
        self._sheet = cast(_Sheet, self._book.add_worksheet(plan.resource.name, worksheet_class=_Sheet))
        self._sheet.freeze_panes(1, 0)
        bold = self._book.add_format({"bold": True})
        for column, field in enumerate(fields):
            self._sheet.write_string(0, column, field.name, bold)
        self._rows = 0

    def add(self, part: Part) -> None:
        """Write the rows. Raises InvalidRequest for a text that is too long for a cell."""
        columns = [
            _values(part.rows[shown.name], shown) if shown.name in part.json else shown.to_list()
            for shown in self._shown.cells(part)
        ]
        for row_id, values in zip(part.ids, zip(*columns, strict=True), strict=True):
            self._rows += 1
            for column, value in enumerate(values):
                if self._write(column, value) == _CUT:
                    name = self._fields[column].name
                    raise _too_large(
                        f"{len(value):,} characters in “{name}” of {row_id}", f"{_MAX_TEXT:,}",
                        f"{COLUMNS_FIELD}.{name}",
                    )  # fmt: skip

    def close(self) -> None:
        """Pack the file."""
        self._sheet.autofilter(0, 0, self._rows, len(self._fields) - 1)
        self._book.close()
        self._sink.close()

    def discard(self) -> None:
        """Let go of the unfinished sheet."""
        self._sheet.let_go()

    def _write(self, column: int, value: Any) -> int:
        """What the library answers: whether it had to cut the text."""
        result = 0
        if isinstance(value, bool):
            self._sheet.write_boolean(self._rows, column, value)
        elif isinstance(value, float) or (isinstance(value, int) and abs(value) < _MAX_WHOLE):
            self._sheet.write_number(self._rows, column, value)
        elif value is not None:
            result = self._sheet.write_string(self._rows, column, str(value))
        return result


class _Sheet(Worksheet):
    def let_go(self) -> None:
        """Close the file in which the sheet grows."""
        self._opt_close()

    def _xml_rich_inline_string(self, string: Any, attributes: Any = ()) -> None:
        """Write a text that happens to look like the library's own rich text as the text it is."""
        self._xml_inline_string(string, True, attributes)


def check_size(rows: int, columns: int = 0) -> None:
    """Nothing for as many rows and columns as a sheet has room for. Raises InvalidRequest."""
    if rows > MAX_ROWS:
        raise _too_large(f"{rows:,} rows", f"{MAX_ROWS:,}", "formats")
    if columns > MAX_COLUMNS:
        raise _too_large(f"{columns:,} columns", f"{MAX_COLUMNS:,}", COLUMNS_FIELD)


def _values(stored: pl.Series, shown: pl.Series) -> Iterable[Any]:
    """The cells, where JSON is a plain number or flag as that."""
    return [_plain(json, text) for json, text in zip(stored, shown, strict=True)]


def _plain(json: str | None, text: str | None) -> Any:
    return text if json is None or json[:1] in '{["' else msgspec.json.decode(json)


def _too_large(found: str, most: str, field: str) -> InvalidRequest:
    return InvalidRequest(
        f"This export has {found}; XLSX has room for {most}. Choose less, or do without XLSX.",
        fields=[field],
        code="too_large_for_xlsx",
    )
