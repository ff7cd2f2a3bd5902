"""The file by a plain loop: csv, orjson, and a cell at a time; the source is the path of the SQLite file."""

import csv
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from babel.dates import format_datetime

from benchmarks.exports.recipe import COLUMNS, NAMES, PATTERN, PATTERN_STRFTIME, TIMEZONE, is_instant
from lib.exports.catalogue import Column

_ZONE = ZoneInfo(TIMEZONE)


def documents(source: str) -> Iterator[dict[str, Any]]:
    """Every shipment, oldest first."""
    rows = sqlite3.connect(source).execute("SELECT document FROM shipments ORDER BY created_at, id")
    return (orjson.loads(document) for (document,) in rows)


def merge(source: str, out: Path) -> None:
    """Times by Babel, as Shipdesk's patterns are defined by."""
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(NAMES)
        for document in documents(source):
            writer.writerow([_cell(column, document.get(column.name)) for column in COLUMNS])


def flatten(source: str, out: Path) -> None:
    """A first pass for the header, a second for the rows."""
    header: dict[str, None] = {}
    for document in documents(source):
        header.update(dict.fromkeys(_leaves(document)))
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(header))
        writer.writeheader()
        for document in documents(source):
            writer.writerow({name: _local(name, value) for name, value in _leaves(document).items()})


def _cell(column: Column, value: Any) -> Any:
    if value is None:
        return None
    match column.kind:
        case "instant":
            return format_datetime(datetime.fromisoformat(value), PATTERN, tzinfo=_ZONE, locale="en_US")
        case "names":
            return ", ".join(value)
        case "nested":
            return orjson.dumps(value).decode()
        case _:
            return value


def _leaves(document: dict[str, Any]) -> dict[str, Any]:
    leaves: dict[str, Any] = {}
    for name in NAMES:
        _spread(name, document.get(name), leaves)
    return leaves


def _spread(path: str, value: Any, leaves: dict[str, Any]) -> None:
    if isinstance(value, dict):
        for name, part in value.items():
            _spread(f"{path}.{name}", part, leaves)
    elif isinstance(value, list):
        for index, part in enumerate(value):
            _spread(f"{path}.{index}", part, leaves)
    else:
        leaves[path] = value


def _local(path: str, value: Any) -> Any:
    """Times by strftime, which is quicker than Babel."""
    if value is not None and is_instant(path):
        return datetime.fromisoformat(value).astimezone(_ZONE).strftime(PATTERN_STRFTIME)
    return value
