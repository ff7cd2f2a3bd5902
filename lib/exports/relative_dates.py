"""Relative dates in a recipe: `yesterday`, `last_month` and their like, settled into days when a file is asked for.

Days are those of the recipe's time zone. Both the first and the last count in full, and none lies after today. Weeks
begin on Monday. `this_week`, `this_month`, `this_quarter` and `this_year` run from their first day up to today;
`last_week`, `last_month`, `last_quarter` and `last_year` are the whole one before. `last_7_days`, `last_30_days` and
`last_90_days` are that many days, today being the last of them; `last_12_months` begins on the day after today's date
of a year ago.
"""

import re
import zoneinfo
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, TypeGuard

from dateutil.relativedelta import relativedelta

from lib.exports.files.patterns import validate_timezone
from lib.exports.plan import OPTIONS
from lib.models.exports import ExportCreate
from lib.store.filters import unknown_name

Days = tuple[date, date]

_DATES = ("created_at", "updated_at")
_DAY = timedelta(days=1)
_MONTHS_OF_QUARTER = 3
# What begins with a letter and has no operator before a colon can only be meant as one of the words.
_WORD = re.compile(r"\s*[A-Za-z][^:]*")


def _monday(today: date) -> date:
    return today - timedelta(days=today.weekday())


def _first_of_month(today: date) -> date:
    return today.replace(day=1)


def _first_of_quarter(today: date) -> date:
    return today.replace(month=today.month - (today.month - 1) % _MONTHS_OF_QUARTER, day=1)


def _first_of_year(today: date) -> date:
    return today.replace(month=1, day=1)


def _this(first: Callable[[date], date]) -> Callable[[date], Days]:
    return lambda today: (first(today), today)


def _before_this(first: Callable[[date], date]) -> Callable[[date], Days]:
    def whole(today: date) -> Days:
        last = first(today) - _DAY
        return first(last), last

    return whole


def _last_days(count: int) -> Callable[[date], Days]:
    return lambda today: (today - (count - 1) * _DAY, today)


# First and last day of each, seen from today. The names are what a recipe says; a page shows them without underscores.
RELATIVE_DATES: dict[str, Callable[[date], Days]] = {
    "today": lambda today: (today, today),
    "yesterday": lambda today: (today - _DAY, today - _DAY),
    "this_week": _this(_monday),
    "last_week": _before_this(_monday),
    "this_month": _this(_first_of_month),
    "last_month": _before_this(_first_of_month),
    "this_quarter": _this(_first_of_quarter),
    "last_quarter": _before_this(_first_of_quarter),
    "this_year": _this(_first_of_year),
    "last_year": _before_this(_first_of_year),
    "last_7_days": _last_days(7),
    "last_30_days": _last_days(30),
    "last_90_days": _last_days(90),
    "last_12_months": lambda today: (today - relativedelta(months=12) + _DAY, today),
}


def settled(request: ExportCreate, now: datetime) -> ExportCreate:
    """The recipe with absolute days in place of relative ones, as they are at `now`.

    Raises InvalidRequest for a word that is not known, naming the nearest, or a time zone that is not.
    """
    words = {name: value for name in _DATES if _is_word(value := request.options.get(name))}
    if not words:
        return request
    validate_timezone(request.csv_field_options.timezone)
    today = now.astimezone(zoneinfo.ZoneInfo(request.csv_field_options.timezone)).date()
    days = {name: days_filter(*_days(name, word, today)) for name, word in words.items()}
    return request.model_copy(update={"options": {**request.options, **days}})


def days_filter(first: date, last: date) -> str:
    """The date filter for whole days, both included."""
    return f"equals:{first}" if first == last else f"bwi:{first},{last}"


def _is_word(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


def _days(name: str, word: str, today: date) -> Days:
    if word not in RELATIVE_DATES:
        field = f"{OPTIONS}{name}"
        said = re.sub(r"[\s_-]+", "_", word.strip().lower())
        sentence = f"{field}: “{word}” is neither a relative date nor an operator with a date"
        raise unknown_name(sentence, said, list(RELATIVE_DATES), field=field)
    return RELATIVE_DATES[word](today)
