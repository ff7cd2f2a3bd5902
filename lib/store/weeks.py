"""Lists of very many rows: counted week by week, and read only where the counts say the page lies.

Counting every match takes as long as there are matches, a tenth of a second for a million. So what was counted in a
week is remembered until a shipment of that week changes, which `shipment_weeks` tells, within the very transaction of
the change: the total is exact every time, and only the first list with some filters counts all of it.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from lib.models.base import Document
from lib.models.lists import ListQuery, Page
from lib.store.dates import EVER, Range
from lib.store.documents import Documents
from lib.store.filters import compile_filters
from lib.store.matching import CREATED, WEEK, Matches
from lib.store.tables import shipment_weeks

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# About 20 KB each after three years.
_LISTS_REMEMBERED = 500
# Weeks in more stretches than these are counted in one go with what lies between.
_MOST_COUNTS = 8
# Where more match than this, a page is full sooner when row after row is tried in order than when all that match are
# looked for and sorted.
_MANY_IN_WEEKS, _MANY = 250, 5000

Model = TypeVar("Model", bound=Document)
Filters = Mapping[str, str]


class Stretch(NamedTuple):
    """A stretch of time and how many rows that match were created in it."""

    time: Range
    rows: int


class _Tally(NamedTuple):
    """What some filters matched, by week, and the changes that each week had seen by then."""

    changes: Mapping[int, int]
    rows: Mapping[int, int]


class _Tallies:
    """The tallies of one database, those of the lists asked for last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[tuple[str, str], ...], _Tally] = OrderedDict()

    def get(self, filters: Filters) -> _Tally | None:
        with self._lock:
            return self._kept.get(_key(filters))

    def put(self, filters: Filters, tally: _Tally) -> None:
        with self._lock:
            self._kept[_key(filters)] = tally
            self._kept.move_to_end(_key(filters))
            if len(self._kept) > _LISTS_REMEMBERED:
                self._kept.popitem(last=False)


@dataclass(frozen=True, slots=True)
class WeeklyDocuments(Documents[Model]):
    """Documents whose lists stay quick however many there are; their table's changes are told by week."""

    _tallies: WeakKeyDictionary[sa.Engine, _Tallies] = field(default_factory=WeakKeyDictionary, kw_only=True)

    def page(self, engine: sa.Engine, query: ListQuery) -> Page[Model]:
        """The page of the list that the query asks for; ties are ordered by id. Raises InvalidRequest."""
        found = self.documents(engine, query)
        return found.holding([self.model.model_validate_json(document) for document in found.items])

    def documents(self, engine: sa.Engine, query: ListQuery) -> Page[str]:
        """The same page, of each item the JSON that is kept."""
        compile_filters(self.table, query.filters)
        tallies = self._tallies.setdefault(engine, _Tallies())
        with _snapshot(engine).connect() as connection:
            matches = Matches(connection, self.table, self.resource, query.filters)
            stretches = list(_stretches(matches, _rows_by_week(matches, tallies)))
            wanted = self._wanted_of_page(query, matches, stretches)
            documents = [] if wanted is None else connection.scalars(wanted).all()
        total = sum(stretch.rows for stretch in stretches)
        return Page(items=list(documents), page=query.page, limit=query.limit, total_count=total)

    def _wanted_of_page(
        self, query: ListQuery, matches: Matches, stretches: Sequence[Stretch]
    ) -> sa.Select[str] | None:
        """What reads the page's documents, by creation from the weeks they lie in; None for a page beyond the end."""
        order_by, direction, order = self._order(query)
        skipped = (query.page - 1) * query.limit
        if sum(stretch.rows for stretch in stretches) <= skipped:
            return None
        if order_by == CREATED:
            skipped, stretches = _holding(stretches if direction == "asc" else stretches[::-1], skipped, query.limit)
            time = _covering([stretch.time for stretch in stretches])
            each = sum(stretch.rows for stretch in stretches) > _MANY_IN_WEEKS
            wanted = matches.in_order_of_creation(time, direction, each=each)
        else:
            wanted = matches.in_order(order, each=sum(stretch.rows for stretch in stretches) > _MANY)
        return wanted.limit(query.limit).offset(skipped)


def _rows_by_week(matches: Matches, tallies: _Tallies) -> Mapping[int, int]:
    """How many rows match in each week that has any; only what has changed since is counted."""
    weeks = shipment_weeks.c
    changes = sa.select(weeks.week, sa.cast(sa.func.sum(weeks.changes), sa.BigInteger)).group_by(weeks.week)
    now = {week: number for week, number in matches.connection.execute(changes)}  # noqa: C416 - not plain pairs
    before = tallies.get(matches.filters)
    if before is None:
        rows = matches.by_week(EVER)
    else:
        rows = dict(before.rows)
        for run in _runs([week for week in sorted(now) if now[week] != before.changes.get(week)]):
            for week in run:
                rows.pop(week, None)
            rows.update(matches.by_week(_time_of(run)))
    tallies.put(matches.filters, _Tally(now, rows))
    return rows


def _stretches(matches: Matches, rows: Mapping[int, int]) -> Iterator[Stretch]:
    """The weeks that have rows, oldest first; of a week that is cut the part asked for is counted anew."""
    for wanted in matches.ranges:
        for week in sorted(rows):
            whole = _time_of([week])
            time = _overlap(whole, wanted)
            if time is None:
                continue
            found = rows[week] if time == whole else matches.count(time)
            if found:
                yield Stretch(time, found)


def _holding(stretches: Sequence[Stretch], skipped: int, limit: int) -> tuple[int, list[Stretch]]:
    """The stretches in which a page lies, and how many of their rows come before it."""
    holding: list[Stretch] = []
    for stretch in stretches:
        if not holding and skipped >= stretch.rows:
            skipped -= stretch.rows
            continue
        holding.append(stretch)
        if sum(held.rows for held in holding) >= skipped + limit:
            break
    return skipped, holding


def _covering(times: Sequence[Range]) -> Range:
    """The shortest time that holds all of these."""
    firsts = [time.first for time in times if time.first is not None]
    afters = [time.after for time in times if time.after is not None]
    return Range(min(firsts, default=None), max(afters, default=None))


def _runs(weeks: Sequence[int]) -> list[range]:
    """Weeks that follow each other as one; of too many apart all that lies between first and last."""
    runs: list[range] = []
    for week in weeks:
        if runs and runs[-1].stop == week:
            runs[-1] = range(runs[-1].start, week + 1)
        else:
            runs.append(range(week, week + 1))
    return runs if len(runs) <= _MOST_COUNTS else [range(weeks[0], weeks[-1] + 1)]


def _time_of(weeks: Sequence[int]) -> Range:
    return Range(_EPOCH + weeks[0] * WEEK, _EPOCH + (weeks[-1] + 1) * WEEK)


def _overlap(week: Range, wanted: Range) -> Range | None:
    """The part of a week that is wanted."""
    if week.first is None or week.after is None:
        return None
    first = week.first if wanted.first is None else max(week.first, wanted.first)
    after = week.after if wanted.after is None else min(week.after, wanted.after)
    return Range(first, after) if first < after else None


def _key(filters: Filters) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(filters.items()))


def _snapshot(engine: sa.Engine) -> sa.Engine:
    """The engine for several reads of the same moment."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ")
    return engine
