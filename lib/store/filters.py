"""Filters and order of lists, compiled to SQL once for the list APIs and the exports alike."""

import difflib
import zoneinfo
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from lib.models.errors import InvalidRequest
from lib.models.lists import Direction
from lib.store import tables
from lib.store.conditions import Compiler, Condition, FilterProblem, Reading, metadata
from lib.store.dates import DateProblem, known_timezones
from lib.store.facets import ANYWHERE, METADATA_PREFIX, SEARCH, Scope
from lib.store.filterable import FILTERS, ORDERS, SHIPMENT_FACETS

DIRECTIONS = ("asc", "desc")
# More names than this help nobody: every shipment column fits, the list of all time zones does not.
_NAMES_TOLD = 60


def compile_filters(
    table: sa.Table, filters: Mapping[str, Any], timezone: str = "UTC", *, prefix: str = "", scope: Scope = ANYWHERE
) -> list[Condition]:
    """The conditions of a list's filters, all of which have to hold.

    Bare dates and times without an offset are read in `timezone`. A filter that is `None`, `False` or empty is not
    set. Raises InvalidRequest that names the filter, spelled after `prefix` (such as `options.`).
    """
    known = FILTERS[table.name]
    how = Reading(_zone(timezone), scope)
    conditions = []
    for name, value in filters.items():
        compiler = _compiler(table, name)
        if compiler is None:
            raise unknown_name(f"There is no filter “{name}”", name, list(known), field=f"{prefix}{name}")
        if value is None or value is False or value in ("", []):
            continue
        try:
            conditions.append(compiler(table, _text(value), how))
        except (FilterProblem, DateProblem) as problem:
            raise InvalidRequest(
                f"{prefix}{name}: {problem}.", fields=[f"{prefix}{name}"], code="invalid_filter"
            ) from problem
    return conditions


def compile_order(
    table: sa.Table, order_by: str = "created_at", direction: str = "desc", *, prefix: str = ""
) -> list[sa.UnaryExpression[Any]]:
    """What to sort by, with ties decided by the id, so that the order is the same every time.

    An empty value sorts before every other on both databases. Raises InvalidRequest.
    """
    columns = ORDERS[table.name]
    if order_by not in columns:
        raise unknown_name(
            f"Nothing can be ordered by “{order_by}”", order_by, list(columns), field=f"{prefix}order_by"
        )
    if direction not in DIRECTIONS:
        raise InvalidRequest(
            f"{prefix}direction: “{direction}” is neither asc nor desc.",
            fields=[f"{prefix}direction"],
            code="invalid_order",
        )
    column: sa.ColumnElement[Any] = table.c[columns[order_by]]
    if table.c[columns[order_by]].nullable:
        column = sa.func.coalesce(column, "")
    return [part.asc() if direction == "asc" else part.desc() for part in (column, table.c.id)]


def usual_direction(order_by: str, usual: tuple[str, Direction]) -> Direction:
    """The direction of a list that is not told one: that of its usual order, upwards by anything else."""
    return usual[1] if order_by == usual[0] else "asc"


def facet_of(table: sa.Table, name: str) -> str | None:
    """The facet that a filter looks for, None when it looks at a column."""
    if name == SEARCH or name.startswith(METADATA_PREFIX):
        return name
    return SHIPMENT_FACETS.get(name) if table.name == tables.shipments.name else None


def unknown_name(sentence: str, name: str, known: Sequence[str], *, field: str) -> InvalidRequest:
    """The error for a name that is not one of the known, with the nearest of them."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean “{near[0]}”?" if near else f"known are {', '.join(known[:_NAMES_TOLD])}."
    details = {"unknown": name, "nearest": near[0] if near else None}
    return InvalidRequest(f"{sentence}; {hint}", fields=[field], code="unknown_name", details=details)


def _zone(timezone: str) -> zoneinfo.ZoneInfo:
    if timezone not in known_timezones():
        raise unknown_name(f"There is no time zone “{timezone}”", timezone, sorted(known_timezones()), field="timezone")
    return zoneinfo.ZoneInfo(timezone)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ",".join(value)
    raise FilterProblem("a text was expected, such as a comma list")


def _compiler(table: sa.Table, name: str) -> Compiler | None:
    known = FILTERS[table.name]
    if name.startswith(METADATA_PREFIX) and len(name) > len(METADATA_PREFIX) and SEARCH in known:
        return metadata(name)
    return known.get(name)
