"""The rows that a list's filters match: counted and read by the indexes that lead there soonest."""

import zoneinfo
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from lib.models.lists import Direction
from lib.store.conditions import comma_words
from lib.store.dates import EVER, Range, date_ranges
from lib.store.facets import LONGEST, METADATA_PREFIX, SEARCH, Facet, Scope, search_words, words_begun
from lib.store.filters import compile_filters, facet_of
from lib.store.tables import facets

CREATED = "created_at"
WEEK = timedelta(weeks=1)
_UTC = zoneinfo.ZoneInfo("UTC")
_WEEK_MS = int(WEEK.total_seconds() * 1000)


class _Source(NamedTuple):
    """What is read from under which conditions, and what tells when a row was created and which it is."""

    rows: sa.FromClause
    where: Sequence[sa.ColumnElement[bool]]
    created: sa.ColumnElement[Any]
    identifier: sa.ColumnElement[Any]


class Matches:
    """What some filters match, at the moment that a connection sees.

    `filters` are those without `created_at`, which is in `ranges`. A facet that every match has leads the way where
    that is shorter: its rows stand in order of creation, and nothing but them has to be read to count them.
    """

    def __init__(self, connection: sa.Connection, table: sa.Table, resource: str, filters: Mapping[str, str]) -> None:
        self.connection, self._table, self._resource = connection, table, resource
        self.filters = {name: value for name, value in filters.items() if value and name != CREATED}
        created = filters.get(CREATED)
        self.ranges = date_ranges(created, _UTC) if created else [EVER]
        self._words = words_begun(connection, resource, self.filters.get(SEARCH, ""))
        self._lead = _led_by_facet(table, self.filters, self._words)

    def by_week(self, time: Range) -> dict[int, int]:
        """How many were created in each week of that time, by the number of the week since 1970; no week with none."""
        source = self._counted(time)
        milliseconds = sa.type_coerce(source.created, sa.BigInteger)
        week = (milliseconds // sa.literal_column(f"{_WEEK_MS}", sa.BigInteger)).label("week")
        counted = sa.select(week, sa.func.count()).select_from(source.rows).where(*source.where).group_by("week")
        return {number: rows for number, rows in self.connection.execute(counted)}  # noqa: C416 - not plain pairs

    def count(self, time: Range) -> int:
        """How many were created within that time."""
        source = self._counted(time)
        counted = sa.select(sa.func.count()).select_from(source.rows).where(*source.where)
        return self.connection.scalar(counted) or 0

    def in_order_of_creation(self, time: Range, direction: Direction, *, each: bool) -> sa.Select[str]:
        """What reads the documents of those created within that time and the ranges; ties by id."""
        source = self._source(Scope(time, each, self._words), led=each)
        parts = (source.created, source.identifier)
        order = [part.asc() if direction == "asc" else part.desc() for part in parts]
        return self._documents(source).order_by(*order)

    def in_order(self, order: Sequence[sa.ColumnElement[Any]], *, each: bool) -> sa.Select[str]:
        """What reads the documents of those created within the ranges."""
        return self._documents(self._source(Scope(EVER, each, self._words), led=False)).order_by(*order)

    def _documents(self, source: _Source) -> sa.Select[str]:
        asked = sa.or_(sa.false(), *(wanted.holds(source.created) for wanted in self.ranges))
        return sa.select(self._table.c.document).select_from(source.rows).where(asked, *source.where)

    def _counted(self, time: Range) -> _Source:
        return self._source(Scope(time, words=self._words), led=_asks_facets_only(self._table, self.filters))

    def _source(self, scope: Scope, *, led: bool) -> _Source:
        if led and self._lead is not None:
            facet, others = self._lead
            return self._led_by(facet, others, scope)
        created = self._table.c[CREATED]
        where = [scope.window.holds(created), *compile_filters(self._table, self.filters, scope=scope)]
        return _Source(self._table, where, created, self._table.c.id)

    def _led_by(self, facet: Facet, others: Mapping[str, str], scope: Scope) -> _Source:
        lead = facets.alias("lead")
        named = (lead.c.resource == self._resource, lead.c.name == facet.name, lead.c.value == facet.value)
        within = scope.window.holds(lead.c.created_at)
        rows = lead.join(self._table, self._table.c.id == lead.c.owner_id)
        where = [*named, within, *compile_filters(self._table, others, scope=scope)]
        return _Source(rows, where, lead.c.created_at, lead.c.owner_id)


def _asks_facets_only(table: sa.Table, filters: Mapping[str, str]) -> bool:
    """Whether no filter looks at a column of the table."""
    return all(facet_of(table, name) for name in filters)


def _led_by_facet(
    table: sa.Table, filters: Mapping[str, str], words: Mapping[str, Sequence[str]]
) -> tuple[Facet, dict[str, str]] | None:
    """A facet that every match has, and the filters that remain beside it; None when they name no facet alone.

    `words` are what `words_begun` found for the search.
    """
    for name, text in filters.items():
        others = {other: value for other, value in filters.items() if other != name}
        facet = facet_of(table, name)
        if facet == SEARCH:
            for word, kept in words.items():
                if len(kept) == 1:
                    rest = " ".join(each for each in search_words(text) if each != word)
                    return Facet(facet, kept[0]), {**others, SEARCH: rest}
        elif facet:
            values = [text] if name.startswith(METADATA_PREFIX) else comma_words(text)
            if len(values) == 1:
                return Facet(facet, values[0][:LONGEST]), others
    return None
