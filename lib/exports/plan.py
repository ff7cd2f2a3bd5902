"""From the body of an export to what has to be read and how it is to be written, checked as a whole."""

from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from lib.exports.catalogue import Column, Resource, find_resource, select_columns
from lib.exports.files.patterns import validate_pattern, validate_timezone
from lib.models.errors import InvalidRequest
from lib.models.exports import ExportCreate
from lib.store.directory import CONTACTS
from lib.store.filterable import ORDERS
from lib.store.filters import compile_filters, compile_order, usual_direction
from lib.store.ranking import RANKS

OPTIONS = "options."
ALL_ROWS = "all"
_LIST_WORDS = ("page", "limit", "order_by", "direction")
_FIRST_PAGE = (None, 1, "1")


@dataclass(frozen=True, slots=True)
class Plan:
    """A checked export: which rows in which order, and the look of the file. `limit` None means every row."""

    resource: Resource
    columns: tuple[Column, ...]
    conditions: tuple[sa.ColumnElement[bool], ...]
    order: tuple[sa.UnaryExpression[Any], ...]
    limit: int | None
    timezone: str
    datetime_format: str
    properties: Literal["merge", "flatten"]
    byte_order_mark: bool
    formulas: Literal["defuse", "keep"]


def plan_export(request: ExportCreate) -> Plan:
    """The plan of an export. Raises InvalidRequest that names what is wrong by its path in the body."""
    resource = find_resource(request.resource)
    look = request.csv_field_options
    validate_timezone(look.timezone)
    validate_pattern(look.datetime_format)
    _refuse_page(request.options.get("page"))
    filters = {name: value for name, value in request.options.items() if name not in _LIST_WORDS}
    return Plan(
        resource=resource,
        columns=select_columns(resource, look.columns, look.column_order),
        conditions=tuple(compile_filters(resource.table, filters, look.timezone, prefix=OPTIONS)),
        order=tuple(_order(resource, request.options)),
        limit=_limit(request.options.get("limit")),
        timezone=look.timezone,
        datetime_format=look.datetime_format,
        properties=look.properties,
        byte_order_mark=look.byte_order_mark,
        formulas=look.formulas,
    )


def count_rows(connection: sa.Connection, plan: Plan) -> int:
    """How many rows the file of that plan would have now."""
    table = plan.resource.table
    found = connection.scalar(sa.select(sa.func.count()).select_from(table).where(*plan.conditions)) or 0
    return found if plan.limit is None else min(found, plan.limit)


def _order(resource: Resource, options: dict[str, Any]) -> list[sa.UnaryExpression[Any]]:
    order_by = str(options.get("order_by") or resource.order[0])
    if order_by in RANKS and resource.table is CONTACTS.table:
        known = ", ".join(ORDERS[resource.table.name])
        raise InvalidRequest(
            f"{OPTIONS}order_by: “{order_by}” ranks what a search found on the pages of a list, not in a file; order "
            f"it by one of {known}.",
            fields=[f"{OPTIONS}order_by"],
            code="invalid_order",
        )
    direction = str(options.get("direction") or usual_direction(order_by, resource.order))
    return compile_order(resource.table, order_by, direction, prefix=OPTIONS)


def _refuse_page(page: Any) -> None:
    """A file has no pages: the first of them, which a list's query may name, is the whole file."""
    if page not in _FIRST_PAGE:
        raise InvalidRequest(
            f"{OPTIONS}page: a file is not cut into pages; leave the page out and give {OPTIONS}limit, a number or "
            "“all”.",
            fields=[f"{OPTIONS}page"],
            code="invalid_page",
        )


def _limit(value: Any) -> int | None:
    """The number of rows asked for. Left out means all of them: a file is never cut without being asked."""
    if value is None or value is False or value == ALL_ROWS:
        return None
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        value = int(value[:18])
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InvalidRequest(
            f"{OPTIONS}limit: “{value}” is not a number of rows; write a whole number from 1, or “all”.",
            fields=[f"{OPTIONS}limit"],
            code="invalid_limit",
        )
    return value
