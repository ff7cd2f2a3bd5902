"""Filters and order of lists, compiled to SQL once for the list APIs and the exports alike."""

import difflib
import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, get_args

import sqlalchemy as sa

from lib.models.errors import InvalidRequest
from lib.models.events import EVENTS
from lib.models.options import PROVIDERS
from lib.models.shipments import Shipment
from lib.models.statuses import STATUS_GROUPS, STATUSES
from lib.models.trackers import CARRIERS
from lib.models.webhooks import DeliveryStatus
from lib.store import tables
from lib.store.dates import DateProblem, compile_date, known_timezones
from lib.store.facets import ANYWHERE, METADATA_PREFIX, SEARCH, Scope, has_facet, matches_search

Condition = sa.ColumnElement[bool]


class Reading(NamedTuple):
    """How the text of a filter is read: times without an offset in `zone`, facets in `scope`."""

    zone: zoneinfo.ZoneInfo
    scope: Scope


Compiler = Callable[[sa.Table, str, Reading], Condition]

DIRECTIONS = ("asc", "desc")
# More names than this help nobody: every shipment column fits, the list of all time zones does not.
_NAMES_TOLD = 60
# As many as both databases' whole numbers have for certain.
_DIGITS = 18
_TYPES: tuple[str, ...] = get_args(Shipment.model_fields["type"].annotation)


class _Problem(ValueError):
    """A filter value that cannot be used; the text says what is wrong and what would be right."""


def compile_filters(
    table: sa.Table, filters: Mapping[str, Any], timezone: str = "UTC", *, prefix: str = "", scope: Scope = ANYWHERE
) -> list[Condition]:
    """The conditions of a list's filters, all of which have to hold.

    Bare dates and times without an offset are read in `timezone`. A filter that is `None`, `False` or empty is not
    set. Raises InvalidRequest that names the filter, spelled after `prefix` (such as `options.`).
    """
    known = _FILTERS[table.name]
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
        except (_Problem, DateProblem) as problem:
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
    columns = _ORDERS[table.name]
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


def facet_of(table: sa.Table, name: str) -> str | None:
    """The facet that a filter looks for, None when it looks at a column."""
    if name == SEARCH or name.startswith(METADATA_PREFIX):
        return name
    return _SHIPMENT_FACETS.get(name) if table.name == tables.shipments.name else None


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
    raise _Problem("a text was expected, such as a comma list")


def comma_words(text: str) -> list[str]:
    """The words of a comma list, each once."""
    words = [word.strip() for word in text.split(",")]
    return [word for word in dict.fromkeys(words) if word]


def _one_of(text: str, known: Sequence[str]) -> list[str]:
    words = comma_words(text)
    for word in words:
        if word not in known:
            near = difflib.get_close_matches(word, known, n=1)
            right = f"did you mean “{near[0]}”" if near else f"known are {', '.join(known)}"
            raise _Problem(f"“{word}” is not known; {right}")
    return words


def _column(table: sa.Table, name: str, how: Reading) -> sa.ColumnElement[Any]:
    """The column; where each row is tried, in a form that no index is looked up by."""
    return sa.func.coalesce(table.c[name], "") if how.scope.each else table.c[name]


def _provider(table: sa.Table, text: str, how: Reading) -> Condition:
    return _column(table, "provider", how).in_(_one_of(text, PROVIDERS))


def _carrier(table: sa.Table, text: str, _how: Reading) -> Condition:
    return table.c.provider.in_(_one_of(text, CARRIERS))


def _statuses(table: sa.Table, text: str, how: Reading) -> Condition:
    wanted: dict[str, None] = {}
    for word in _one_of(text, (*STATUSES, *STATUS_GROUPS)):
        wanted.update(dict.fromkeys(STATUS_GROUPS.get(word, (word,))))
    return _column(table, "status", how).in_(list(wanted))


def _status_group(table: sa.Table, text: str, how: Reading) -> Condition:
    group = text.strip()
    if group not in STATUS_GROUPS:
        raise _Problem(f"“{group}” is not known; known are {', '.join(STATUS_GROUPS)}")
    return _column(table, "status", how).in_(STATUS_GROUPS[group])


def _type(table: sa.Table, text: str, how: Reading) -> Condition:
    return _column(table, "type", how).in_(_one_of(text, _TYPES))


def _date(column: str) -> Compiler:
    def compile_column(table: sa.Table, text: str, how: Reading) -> Condition:
        return compile_date(table.c[column], text, how.zone)

    return compile_column


def _same(column: str) -> Compiler:
    def compile_column(table: sa.Table, text: str, how: Reading) -> Condition:
        return _column(table, column, how) == text

    return compile_column


def _among(column: str) -> Compiler:
    def compile_column(table: sa.Table, text: str, how: Reading) -> Condition:
        return _column(table, column, how).in_(comma_words(text))

    return compile_column


def _known(column: str, known: Sequence[str]) -> Compiler:
    def compile_column(table: sa.Table, text: str, _how: Reading) -> Condition:
        return table.c[column].in_(_one_of(text, known))

    return compile_column


def _after(table: sa.Table, text: str, _how: Reading) -> Condition:
    if not text.isdecimal() or len(text) > _DIGITS:
        raise _Problem(f"“{text}” is no sequence number; 0 begins at the beginning")
    return table.c.sequence > int(text)


def _facet(name: str) -> Compiler:
    def compile_facet(table: sa.Table, text: str, how: Reading) -> Condition:
        return has_facet(table, _RESOURCES[table.name], name, comma_words(text), how.scope)

    return compile_facet


def _metadata(name: str) -> Compiler:
    def compile_facet(table: sa.Table, text: str, how: Reading) -> Condition:
        return has_facet(table, _RESOURCES[table.name], name, [text], how.scope)

    return compile_facet


def _search(table: sa.Table, text: str, how: Reading) -> Condition:
    return matches_search(table, _RESOURCES[table.name], text, how.scope)


def _compiler(table: sa.Table, name: str) -> Compiler | None:
    known = _FILTERS[table.name]
    if name.startswith(METADATA_PREFIX) and len(name) > len(METADATA_PREFIX) and SEARCH in known:
        return _metadata(name)
    return known.get(name)


# Names of filters on the left, of facets on the right.
_SHIPMENT_FACETS = {
    "tags": "tag",
    "layout_id": "layout_id",
    "sender_address_id": "sender_address_id",
    "rate_types": "rate_type",
}
_DATES: dict[str, Compiler] = {"created_at": _date("created_at"), "updated_at": _date("updated_at")}
_STATUS: dict[str, Compiler] = {"status": _statuses, "statuses": _statuses, "filter": _status_group}
# What the facets and events of a table's rows are kept under.
_RESOURCES: dict[str, str] = {
    tables.shipments.name: "shipment",
    tables.trackers.name: "tracker",
    tables.contacts.name: "contact",
    tables.groups.name: "group",
    tables.locations.name: "location",
    tables.fulfillments.name: "fulfillment",
    tables.addresses.name: "address",
    tables.webhooks.name: "webhook",
}
# Per table: what can be filtered by, and what can be sorted by. Names on the left are the API's.
_FILTERS: dict[str, dict[str, Compiler]] = {
    tables.shipments.name: {
        "provider": _provider,
        **_STATUS,
        "type": _type,
        **_DATES,
        "tracking_number": _same("tracking_number"),
        "order_number": _same("order_number"),
        "location_id": _same("location_id"),
        **{name: _facet(facet) for name, facet in _SHIPMENT_FACETS.items()},
        SEARCH: _search,
    },
    tables.trackers.name: {
        "provider": _carrier,
        **_STATUS,
        **_DATES,
        "tracking_number": _same("tracking_number"),
        "location_id": _same("location_id"),
        "tags": _facet("tag"),
        SEARCH: _search,
    },
    tables.contacts.name: {
        "group_id": _facet("group_id"),
        "location_id": _facet("location_id"),
        "address_hash": _same("address_hash"),
        **_DATES,
        SEARCH: _search,
    },
    tables.groups.name: {
        "resource": _among("resource"),
        "location_id": _same("location_id"),
        **_DATES,
        SEARCH: _search,
    },
    tables.locations.name: {**_DATES, SEARCH: _search},
    tables.fulfillments.name: {
        "status": _among("status"),
        "order_number": _same("order_number"),
        "location_id": _same("location_id"),
        **_DATES,
        SEARCH: _search,
    },
    tables.addresses.name: {"hash": _same("hash"), **_DATES, SEARCH: _search},
    tables.events.name: {
        "event": _known("event", tuple(EVENTS)),
        "resource": _known("resource", tuple(dict.fromkeys(name.partition(".")[0] for name in EVENTS))),
        "resource_id": _same("resource_id"),
        "after": _after,
        "created_at": _date("created_at"),
    },
    tables.webhooks.name: {**_DATES, SEARCH: _search},
    tables.webhook_deliveries.name: {"status": _known("status", get_args(DeliveryStatus)), **_DATES},
    tables.payment_methods.name: _DATES,
    tables.ledger_lines.name: {
        "shipment_id": _among("shipment_id"),
        "payment_method_id": _among("payment_method_id"),
        "kind": _among("kind"),
        "created_at": _date("created_at"),
    },
}
_TIMES = {"created_at": "created_at", "updated_at": "updated_at"}
_NAMED = {"name": "name_key", **_TIMES}
_ORDERS: dict[str, dict[str, str]] = {
    tables.shipments.name: {**_TIMES, "status": "status", "provider": "provider"},
    tables.trackers.name: {**_TIMES, "status": "status", "provider": "provider"},
    tables.contacts.name: {**_NAMED, "email": "email"},
    tables.groups.name: _NAMED,
    tables.locations.name: _NAMED,
    tables.fulfillments.name: _TIMES,
    tables.addresses.name: _TIMES,
    tables.events.name: {"sequence": "sequence", "created_at": "created_at"},
    tables.webhooks.name: _TIMES,
    tables.webhook_deliveries.name: {"event_sequence": "event_sequence", **_TIMES},
    tables.payment_methods.name: _TIMES,
    tables.ledger_lines.name: {"created_at": "created_at"},
}
