"""Values as people read them in a table: dates by the pattern in the time zone asked for, lists of names as text."""

from collections.abc import Sequence
from typing import Any

import msgspec
import polars as pl

from lib.exports.cells import Field
from lib.exports.patterns import format_instants
from lib.exports.plan import Plan

# How instants are stored: always UTC, always milliseconds. A fixed width parses three times faster than %.f.
STORED_INSTANT = "%Y-%m-%dT%H:%M:%S.%3fZ"


class Shown:
    """Turns rows of values into rows of cells."""

    def __init__(self, plan: Plan, fields: Sequence[Field]) -> None:
        """`fields` are the columns of the rows."""
        self._fields = fields
        # Made once, because they remember the days that they have written.
        self._dates = {f"c{index}": _dates(f"c{index}", plan) for index, field in enumerate(fields) if field.is_instant}

    def cells(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Text, numbers and flags in place of instants and JSON; text is as it is kept."""
        columns = list(zip(self._fields, rows.iter_columns(), strict=True))
        texts = with_texts(rows)
        instants = [column.name for field, column in columns if field.is_instant and column.dtype == pl.String]
        parsed = rows.with_columns(stored_instants(pl.col(name)).alias(_parsed(name)) for name in instants)
        cells = parsed.with_columns(
            *(self._dates[name] for name in instants),
            *(
                _names(column) if field.is_names else _json_cells(column, with_texts=column.name in texts)
                for field, column in columns
                if column.dtype == pl.Binary
            ),
        )
        return cells.select(rows.columns)


def _dates(name: str, plan: Plan) -> pl.Expr:
    """Dates by the pattern; a text that is no instant as it is stored."""
    written = format_instants(pl.col(_parsed(name)), plan.datetime_format, plan.timezone)
    return pl.coalesce(written, pl.col(name)).alias(name)


def _parsed(name: str) -> str:
    return f"{name}.instant"


def stored_instants(texts: pl.Expr) -> pl.Expr:
    """The moments that a column of texts tells; null where a text tells none."""
    return texts.str.to_datetime(STORED_INSTANT, time_unit="ms", time_zone="UTC", strict=False, cache=False)


def readable_names(value: Any) -> str | None:
    """A list of texts or named things as `Group A, Group B`, None when empty; anything else as compact JSON."""
    if value is None or value == []:
        return None
    if isinstance(value, list):
        # Where a name is empty, the id tells what it is.
        named = [item.get("name") or item.get("id") if _has_name(item) else item for item in value]
        names = [name for name in named if isinstance(name, str)]
        if len(names) == len(value):
            return ", ".join(names)
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _has_name(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("name"), str)


def _names(column: pl.Series) -> pl.Series:
    # Rows have the same few lists again and again.
    texts = {value: readable_names(msgspec.json.decode(value)) for value in column.unique() if value is not None}
    return _texts(column, [texts.get(value) for value in column])


def with_texts(rows: pl.DataFrame) -> set[str]:
    """The columns of JSON in which a value is a text."""
    found = rows.select(pl.col(pl.Binary).bin.starts_with(b'"').any())
    return {name for name in found.columns if found[name].any()}


def _json_cells(column: pl.Series, *, with_texts: bool) -> pl.Series:
    """JSON as it is, but a text without its quotes."""
    if not with_texts:
        return column.cast(pl.String)
    return _texts(column, [value and _json_cell(value) for value in column])


def _json_cell(value: bytes) -> str:
    return msgspec.json.decode(value, type=str) if value.startswith(b'"') else value.decode()


def _texts(column: pl.Series, texts: Sequence[str | None]) -> pl.Series:
    return pl.Series(column.name, texts, dtype=pl.String)
