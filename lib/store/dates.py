"""Dates as filters spell them, read in a time zone and turned into spans of instants.

A span runs from its first instant up to, not including, the instant after it: a bare date is the whole local day,
anything finer is one millisecond, the grain in which times are stored.
"""

import functools
import re
import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

_BARE_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_EPOCH = re.compile(r"-?\d{1,16}(\.\d+)?")
_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ].+")
# Epochs from here on are milliseconds: as seconds this would be the year 5138.
_MILLISECONDS_FROM = 100_000_000_000
_GRAIN = timedelta(milliseconds=1)
_A_DAY = timedelta(days=1)
_PAIR = 2

DATE_EXAMPLES = "2026-01-31, 2026-01-31T09:30:00Z, 1769851800 or 1769851800000"
OPERATORS = ("equals", "not_equals", "gt", "lt", "gte", "lte", "bwi", "bwe", "in", "not_in")
_BETWEEN = ("bwi", "bwe")
_LISTS = ("in", "not_in")


class DateProblem(ValueError):
    """A date filter that cannot be read; the text says what is wrong and what would be right."""


@dataclass(frozen=True, slots=True)
class Span:
    """The instants from `first` up to, not including, `after`; both aware UTC."""

    first: datetime
    after: datetime


@dataclass(frozen=True, slots=True)
class Range:
    """The instants from `first` up to, not including, `after`; None is open to that side."""

    first: datetime | None
    after: datetime | None

    def holds(self, column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        """The condition that a column of instants lies within."""
        low = column >= self.first if self.first is not None else sa.true()
        high = column < self.after if self.after is not None else sa.true()
        return sa.and_(low, high)


EVER = Range(None, None)


@functools.cache
def known_timezones() -> frozenset[str]:
    """Every IANA time zone name this machine knows."""
    return frozenset(zoneinfo.available_timezones())


def parse_span(text: str, zone: zoneinfo.ZoneInfo) -> Span:
    """The span a spelling stands for: ISO-8601, a bare date, epoch seconds or milliseconds.

    Without an offset it is local time of `zone`: a time that a clock change skips moves forward by what was skipped,
    of a time that happens twice the earlier counts. Raises DateProblem.
    """
    text = text.strip()
    try:
        if _BARE_DATE.fullmatch(text):
            day = date.fromisoformat(text)
            return Span(_start_of_day(day, zone), _start_of_day(day + _A_DAY, zone))
        first = _instant(text, zone)
        return Span(first, first + _GRAIN)
    except (ValueError, OverflowError, OSError) as error:
        raise DateProblem(f"“{text}” is not a date; write it like {DATE_EXAMPLES}") from error


def compile_date(column: sa.ColumnElement[Any], value: str, zone: zoneinfo.ZoneInfo) -> sa.ColumnElement[bool]:
    """The condition for `operator:date[,date]` on a column of instants. Raises DateProblem."""
    return sa.or_(sa.false(), *(found.holds(column) for found in date_ranges(value, zone)))


def date_ranges(value: str, zone: zoneinfo.ZoneInfo) -> list[Range]:
    """The instants that `operator:date[,date]` means: ranges in order that do not touch. Raises DateProblem."""
    operator, colon, rest = value.partition(":")
    operator = operator.strip()
    if not colon or operator not in OPERATORS:
        raise DateProblem(
            f"“{value}” does not begin with a date operator; write one of {', '.join(OPERATORS)} before a colon, "
            "like gte:2026-01-31"
        )
    spans = [parse_span(text, zone) for text in rest.split(",")]
    _check_count(operator, spans)
    if operator in ("equals", "in"):
        return [Range(span.first, span.after) for span in _joined(spans)]
    if operator in ("not_equals", "not_in"):
        return _between_all(_joined(spans))
    low, high = spans[0], spans[-1]
    found = {
        "gt": Range(low.after, None),
        "gte": Range(low.first, None),
        "lt": Range(None, low.first),
        "lte": Range(None, low.after),
        "bwi": Range(low.first, high.after),
        "bwe": Range(low.after, max(low.after, high.first)),
    }
    return [found[operator]]


def _check_count(operator: str, spans: list[Span]) -> None:
    if operator in _BETWEEN:
        if len(spans) != _PAIR:
            raise DateProblem(f"{operator} takes exactly two dates, like {operator}:2026-01-01,2026-01-31")
        if spans[0].first >= spans[1].first:
            raise DateProblem(
                f"the first date of {operator} has to be before the second; for one day write equals:2026-01-31"
            )
    elif operator not in _LISTS and len(spans) != 1:
        raise DateProblem(f"{operator} takes one date, like {operator}:2026-01-31; for several use in or not_in")


def _joined(spans: Iterable[Span]) -> list[Span]:
    """The same instants in order, spans that meet made one."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: span.first):
        if joined and span.first <= joined[-1].after:
            joined[-1] = Span(joined[-1].first, max(joined[-1].after, span.after))
        elif span.first < span.after:
            joined.append(span)
    return joined


def _between_all(spans: Sequence[Span]) -> list[Range]:
    """Every instant that lies in none of the spans."""
    firsts = [None, *(span.after for span in spans)]
    afters = [*(span.first for span in spans), None]
    return [Range(first, after) for first, after in zip(firsts, afters, strict=True)]


def _instant(text: str, zone: zoneinfo.ZoneInfo) -> datetime:
    if _EPOCH.fullmatch(text):
        number = float(text)
        found = datetime.fromtimestamp(number / 1000 if abs(number) >= _MILLISECONDS_FROM else number, UTC)
    elif _DATE_TIME.fullmatch(text):
        found = datetime.fromisoformat(text)
        # In a gap, fold 0 reads the time with the offset before it: the clock after the gap shows it moved forward.
        found = (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    else:
        raise ValueError(text)
    return found.replace(microsecond=found.microsecond // 1000 * 1000)


def _start_of_day(day: date, zone: zoneinfo.ZoneInfo) -> datetime:
    """The first instant whose local date is `day` or later."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    start = midnight.astimezone(UTC)
    if start.astimezone(zone).replace(tzinfo=None) == midnight.replace(tzinfo=None):
        return start
    # Midnight is skipped by a clock change: the day begins at the change, found by halving.
    low, high = midnight.replace(fold=1).astimezone(UTC), start
    while high - low > _GRAIN:
        middle = low + (high - low) / 2
        if middle.astimezone(zone).date() >= day:
            high = middle
        else:
            low = middle
    return high.replace(microsecond=high.microsecond // 1000 * 1000)
