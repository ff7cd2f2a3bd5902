"""Values as people read them in a table: dates by the pattern in the time zone asked for, lists of names as text."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import msgspec
import polars as pl

from lib.exports.files.patterns import format_instants
from lib.exports.plan import Plan
from lib.exports.rows.layout import Field, Part, column_name
from lib.exports.rows.long_column import as_one

# How instants are stored: always UTC, always milliseconds. A fixed width parses three times faster than %.f.
STORED_INSTANT = "%Y-%m-%dT%H:%M:%S.%3fZ"
_TEXT = "text"
# JSON that begins with it is a text.
QUOTE = '"'


class Shown:
    """Turns rows of values into rows of cells."""

    def __init__(self, plan: Plan, fields: Sequence[Field]) -> None:
        """`fields` are the columns of the rows."""
        named = [(column_name(index), field) for index, field in enumerate(fields)]
        self._instants = frozenset(name for name, field in named if field.is_instant)
        self._names = frozenset(name for name, field in named if field.is_names)
        # Made once, because it remembers the days that it has written.
        written = format_instants(stored_instants(pl.col(_TEXT)), plan.datetime_format, plan.timezone)
        self._date = pl.coalesce(written, pl.col(_TEXT))

    def cells(self, part: Part) -> pl.DataFrame:
        """The rows with instants, lists of names and quoted texts as they are read."""
        rows = part.rows
        return replaced(rows, [
            *as_one(self._dates, [rows[name] for name in self._instants - part.json - part.empty]),
            *(_names(rows[name]) for name in self._names & part.json),
            *(_json_cells(rows[name]) for name in part.mixed - self._names),
        ])  # fmt: skip

    def written(self, part: Part) -> AbstractSet[str]:
        """The columns whose cells are not as they are stored, so that nobody knows how they begin."""
        return (self._instants - part.json - part.empty) | self._names

    def _dates(self, texts: pl.Series) -> pl.Series:
        """Dates by the pattern; a text that is no instant as it is stored."""
        return pl.DataFrame({_TEXT: texts}).select(self._date).to_series()


def replaced(rows: pl.DataFrame, columns: Iterable[pl.Series]) -> pl.DataFrame:
    """The rows with these columns in the place of those of the same names: quicker where there are hundreds."""
    changed = rows.clone()
    for column in columns:
        changed.replace_column(rows.get_column_index(column.name), column)
    return changed


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
