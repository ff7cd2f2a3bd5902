"""The kinds of filters: how the text of each becomes a condition in SQL."""

import difflib
import zoneinfo
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, get_args

import sqlalchemy as sa

from lib.models.options import PROVIDERS
from lib.models.shipments import Shipment
from lib.models.statuses import STATUS_GROUPS, STATUSES
from lib.models.trackers import CARRIERS
from lib.store import tables
from lib.store.dates import compile_date
from lib.store.facets import Scope, has_facet, matches_search, plain

Condition = sa.ColumnElement[bool]


class Reading(NamedTuple):
    """How the text of a filter is read: times without an offset in `zone`, facets in `scope`."""

    zone: zoneinfo.ZoneInfo
    scope: Scope


Compiler = Callable[[sa.Table, str, Reading], Condition]
# As many as both databases' whole numbers have for certain.
_DIGITS = 18
_TYPES: tuple[str, ...] = get_args(Shipment.model_fields["type"].annotation)
# What the facets and events of a table's rows are kept under.
RESOURCES: dict[str, str] = {
    tables.shipments.name: "shipment",
    tables.trackers.name: "tracker",
    tables.contacts.name: "contact",
    tables.groups.name: "group",
    tables.locations.name: "location",
    tables.fulfillments.name: "fulfillment",
    tables.shipping_label_inferences.name: "shipping_label_inference",
    tables.addresses.name: "address",
    tables.webhooks.name: "webhook",
    tables.export_templates.name: "export_template",
}


class FilterProblem(ValueError):
    """A filter value that cannot be used; the text says what is wrong and what would be right."""


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
            raise FilterProblem(f"“{word}” is not known; {right}")
    return words


def _column(table: sa.Table, name: str, how: Reading) -> sa.ColumnElement[Any]:
    """The column; where each row is tried, in a form that no index is looked up by."""
    return sa.func.coalesce(table.c[name], "") if how.scope.each else table.c[name]


def provider(table: sa.Table, text: str, how: Reading) -> Condition:
    """One provider, or several with commas."""
    return _column(table, "provider", how).in_(_one_of(text, PROVIDERS))


def carrier(table: sa.Table, text: str, _how: Reading) -> Condition:
    """One carrier of trackers, or several with commas."""
    return table.c.provider.in_(_one_of(text, CARRIERS))


def statuses(table: sa.Table, text: str, how: Reading) -> Condition:
    """Statuses and groups of statuses, with commas."""
    wanted: dict[str, None] = {}
    for word in _one_of(text, (*STATUSES, *STATUS_GROUPS)):
        wanted.update(dict.fromkeys(STATUS_GROUPS.get(word, (word,))))
    return _column(table, "status", how).in_(list(wanted))


def status_group(table: sa.Table, text: str, how: Reading) -> Condition:
    """One group of statuses."""
    group = text.strip()
    if group not in STATUS_GROUPS:
        raise FilterProblem(f"“{group}” is not known; known are {', '.join(STATUS_GROUPS)}")
    return _column(table, "status", how).in_(STATUS_GROUPS[group])


def shipment_type(table: sa.Table, text: str, how: Reading) -> Condition:
    """outbound, inbound, or both with a comma."""
    return _column(table, "type", how).in_(_one_of(text, _TYPES))


def date(column: str) -> Compiler:
    """Dates after an operator, such as `gte:2026-01-31`, on a column of instants."""

    def compile_column(table: sa.Table, text: str, how: Reading) -> Condition:
        return compile_date(table.c[column], text, how.zone)

    return compile_column


def same(column: str) -> Compiler:
    """The very text of a column."""

    def compile_column(table: sa.Table, text: str, how: Reading) -> Condition:
        return _column(table, column, how) == text

    return compile_column


def among(column: str) -> Compiler:
    """One of the texts of a comma list."""

    def compile_column(table: sa.Table, text: str, how: Reading) -> Condition:
        return _column(table, column, how).in_(comma_words(text))

    return compile_column


def named(column: str) -> Compiler:
    """One of the names of a comma list, whatever their case, in a column that keeps them plain."""

    def compile_column(table: sa.Table, text: str, how: Reading) -> Condition:
        return _column(table, column, how).in_([plain(word) for word in comma_words(text)])

    return compile_column


def known(column: str, words: Sequence[str]) -> Compiler:
    """The same, of texts that are all known beforehand."""

    def compile_column(table: sa.Table, text: str, _how: Reading) -> Condition:
        return table.c[column].in_(_one_of(text, words))

    return compile_column


def after(table: sa.Table, text: str, _how: Reading) -> Condition:
    """What was numbered after this sequence."""
    if not text.isdecimal() or len(text) > _DIGITS:
        raise FilterProblem(f"“{text}” is no sequence number; 0 begins at the beginning")
    return table.c.sequence > int(text)


def facet(name: str) -> Compiler:
    """One of the values of a facet, from a comma list."""

    def compile_facet(table: sa.Table, text: str, how: Reading) -> Condition:
        return has_facet(table, RESOURCES[table.name], name, comma_words(text), how.scope)

    return compile_facet


def metadata(name: str) -> Compiler:
    """The very value of a `metadata.` facet, commas and all."""

    def compile_facet(table: sa.Table, text: str, how: Reading) -> Condition:
        return has_facet(table, RESOURCES[table.name], name, [text], how.scope)

    return compile_facet


def search(table: sa.Table, text: str, how: Reading) -> Condition:
    """Every word of the text begins a word of the row."""
    return matches_search(table, RESOURCES[table.name], text, how.scope)
