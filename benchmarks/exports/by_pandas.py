"""The file by pandas.json_normalize and to_csv; the source is the path of the SQLite file."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

from benchmarks.exports.recipe import COLUMNS, INSTANTS, NAMES, PATTERN_STRFTIME, TIMEZONE, is_instant

_CHUNK = 20_000
# More than these at once would need tens of gigabytes.
_MOST_AT_ONCE = 100_000


def merge(source: str, out: Path) -> None:
    """In one go where that is possible, otherwise in chunks."""
    connection = sqlite3.connect(source)
    (count,) = connection.execute("SELECT count(*) FROM shipments").fetchone()
    chunk = count if count <= _MOST_AT_ONCE else _CHUNK
    with out.open("w", newline="", encoding="utf-8") as file:
        for position, documents in enumerate(_chunks(connection, chunk)):
            _merged(documents).to_csv(file, index=False, header=position == 0, lineterminator="\r\n")


def flatten(source: str, out: Path) -> None:
    """In chunks, which are set aside until the header is known."""
    names: dict[str, None] = {}
    kept = []
    for position, documents in enumerate(_chunks(sqlite3.connect(source), _CHUNK)):
        table = pd.json_normalize([{name: _spread(document.get(name)) for name in NAMES} for document in documents])
        for name in table.columns:
            if is_instant(name) and table[name].notna().any():
                table[name] = _local(table[name])
        names.update(dict.fromkeys(table.columns))
        path = out.with_suffix(f".{position}.pickle")
        table.to_pickle(path)
        kept.append(path)
    with out.open("w", newline="", encoding="utf-8") as file:
        for position, path in enumerate(kept):
            table = pd.read_pickle(path).reindex(columns=list(names))  # noqa: S301  # written a moment ago
            table.to_csv(file, index=False, header=position == 0, lineterminator="\r\n")
            path.unlink()


def _chunks(connection: sqlite3.Connection, size: int) -> Iterator[list[dict[str, Any]]]:
    """The documents, oldest first, so many at a time."""
    rows = connection.execute("SELECT document FROM shipments ORDER BY created_at, id")
    while some := rows.fetchmany(size):
        yield [orjson.loads(document) for (document,) in some]


def _merged(documents: list[dict[str, Any]]) -> pd.DataFrame:
    table = pd.json_normalize(documents, max_level=0).reindex(columns=NAMES)
    for column in COLUMNS:
        values = table[column.name]
        if column.name in INSTANTS:
            table[column.name] = _local(values)
        elif column.kind == "names":
            table[column.name] = values.map(", ".join, na_action="ignore")
        elif column.kind == "nested":
            table[column.name] = values.map(_compact, na_action="ignore")
        elif column.kind == "money":
            table[column.name] = values.astype("Int64")
    return table


def _local(values: "pd.Series[Any]") -> "pd.Series[Any]":
    return pd.to_datetime(values, utc=True, format="ISO8601").dt.tz_convert(TIMEZONE).dt.strftime(PATTERN_STRFTIME)


def _spread(value: Any) -> Any:
    """The value with lists as objects of their positions, which is what json_normalize can flatten."""
    if isinstance(value, dict):
        return {name: _spread(part) for name, part in value.items()}
    if isinstance(value, list):
        return {str(index): _spread(part) for index, part in enumerate(value)}
    return value


def _compact(value: object) -> str:
    return orjson.dumps(value).decode()
