"""Dates as filters spell them, read in a time zone and turned into spans of instants.

A span runs from its first instant up to, not including, the instant after it: a bare date is the whole local day,
anything finer is one millisecond, the grain in which times are stored.
"""

import functools
import re
import zoneinfo
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
    operator, colon, rest = value.partition(":")
    operator = operator.strip()
    if not colon or operator not in OPERATORS:
        raise DateProblem(
            f"“{value}” does not begin with a date operator; write one of {', '.join(OPERATORS)} before a colon, "
            "like gte:2026-01-31"
        )
    spans = [parse_span(text, zone) for text in rest.split(",")]
    _check_count(operator, spans)
    if operator in _BETWEEN:
        return _between(column, operator, spans[0], spans[1])
    if operator in _LISTS:
        found = sa.or_(*(_within(column, span) for span in spans))
        return found if operator == "in" else sa.not_(found)
    return _compare(column, operator, spans[0])


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


def _between(column: sa.ColumnElement[Any], operator: str, low: Span, high: Span) -> sa.ColumnElement[bool]:
    if operator == "bwi":
        return sa.and_(column >= low.first, column < high.after)
    return sa.and_(column >= low.after, column < high.first)


def _compare(column: sa.ColumnElement[Any], operator: str, span: Span) -> sa.ColumnElement[bool]:
    match operator:
        case "equals":
            return _within(column, span)
        case "not_equals":
            return sa.not_(_within(column, span))
        case "gt":
            return column >= span.after
        case "gte":
            return column >= span.first
        case "lt":
            return column < span.first
        case _:
            return column < span.after


def _within(column: sa.ColumnElement[Any], span: Span) -> sa.ColumnElement[bool]:
    return sa.and_(column >= span.first, column < span.after)


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
