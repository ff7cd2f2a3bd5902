"""Values as people read them in a table: dates by the pattern in the time zone asked for, lists of names as text."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import polars as pl

from lib.exports.layout import Field, Part, column_name
from lib.exports.patterns import format_instants
from lib.exports.plan import Plan

# How instants are stored: always UTC, always milliseconds. A fixed width parses three times faster than %.f.
STORED_INSTANT = "%Y-%m-%dT%H:%M:%S.%3fZ"
# JSON that begins with it is a text.
QUOTE = '"'


class Shown:
    """Turns rows of values into rows of cells."""

    def __init__(self, plan: Plan, fields: Sequence[Field]) -> None:
        """`fields` are the columns of the rows."""
        named = [(column_name(index), field) for index, field in enumerate(fields)]
        # Made once, because they remember the days that they have written.
        self._dates = {name: _dates(name, plan) for name, field in named if field.is_instant}
        self._names = frozenset(name for name, field in named if field.is_names)

    def cells(self, part: Part) -> pl.DataFrame:
        """The rows with instants, lists of names and quoted texts as they are read."""
        rows = part.rows
        instants = [name for name in self._dates.keys() - part.json if rows[name].null_count() < rows.height]
        parsed = rows.select(instants).with_columns(
            stored_instants(pl.col(name)).alias(_parsed(name)) for name in instants
        )
        return replaced(rows, [
            *parsed.select(self._dates[name] for name in instants),
            *(_names(rows[name]) for name in self._names & part.json),
            *(_json_cells(rows[name]) for name in part.mixed - self._names),
        ])  # fmt: skip


def replaced(rows: pl.DataFrame, columns: Iterable[pl.Series]) -> pl.DataFrame:
    """The rows with these columns in the place of those of the same names: quicker where there are hundreds."""
    changed = rows.clone()
    for column in columns:
        changed.replace_column(rows.get_column_index(column.name), column)
    return changed


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


def _json_cells(column: pl.Series) -> pl.Series:
    """JSON as it is, but a text without its quotes."""
    return _texts(column, [value and _json_cell(value) for value in column])


def _json_cell(value: str) -> str:
    return msgspec.json.decode(value, type=str) if value.startswith(QUOTE) else value


def _texts(column: pl.Series, texts: Sequence[str | None]) -> pl.Series:
    return pl.Series(column.name, texts, dtype=pl.String)
