"""Cron expressions of schedules: checked field by field, and the moments that they name in a time zone.

A moment that a clock change skips comes when the skipped hour is over. Of a time that comes twice, a schedule with
fixed hours takes the first only; one whose hour has a `*` goes by elapsed time and takes both, where the clock is put
back by a whole hour.
"""

import re
import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from croniter import croniter
from croniter.croniter import CroniterBadDateError, CroniterError

from lib.models.base import utc_now
from lib.models.errors import InvalidRequest

_FIELDS = {
    "minute": "0 to 59",
    "hour": "0 to 23",
    "day of the month": "1 to 31",
    "month": "1 to 12 or jan to dec",
    "day of the week": "0 to 7 or sun to sat, where 0 and 7 are Sunday",
}
_EXAMPLE = "such as “0 6 * * 1” for Mondays at 6:00"
_HOUR = 1
# What croniter would put a moment of its own choice for.
_AT_RANDOM = re.compile(r"(?<![a-z])[rh](?![a-z])", re.IGNORECASE)


def validate_cron(cron: str, field: str) -> None:
    """Nothing for five fields that name moments to come. Raises InvalidRequest that says which is wrong."""
    given = cron.split()
    if len(given) != len(_FIELDS):
        raise _refusal(field, f"write {_names()}, {_EXAMPLE}; “{cron}” has {len(given)} fields")
    for at, (text, (name, range_)) in enumerate(zip(given, _FIELDS.items(), strict=True)):
        alone = ["*"] * len(_FIELDS)
        alone[at] = text
        if not _is_readable(" ".join(alone)):
            raise _refusal(field, f"“{text}” is not {_with_article(name)}; it goes from {range_}, {_EXAMPLE}")
    try:
        next_moment(cron, "UTC", utc_now())
    except CroniterBadDateError as error:
        raise _refusal(field, f"there is never such a day as “{cron}” asks for") from error


def next_moment(cron: str, timezone: str, after: datetime) -> datetime:
    """The first moment after that one, in UTC."""
    return _first(cron, timezone, after, croniter.get_next)


def latest_moment(cron: str, timezone: str, until: datetime) -> datetime:
    """The last moment up to and including that one, in UTC."""
    return _first(cron, timezone, until.replace(microsecond=0) + timedelta(seconds=1), croniter.get_prev)


def _first(cron: str, timezone: str, start: datetime, step: Callable[[croniter, type[datetime]], datetime]) -> datetime:
    zone = zoneinfo.ZoneInfo(timezone)
    moments = croniter(cron, start.astimezone(zone))
    takes_both = "*" in cron.split()[_HOUR]
    while True:
        moment = step(moments, datetime).astimezone(UTC)
        # What is counted back to bears the mark of a second time even where there is none, the clock does not.
        if takes_both or not moment.astimezone(zone).fold:
            return moment


def _is_readable(cron: str) -> bool:
    try:
        croniter.expand(cron)
    except CroniterError:
        return False
    return not _AT_RANDOM.search(cron)


def _with_article(name: str) -> str:
    return f"{'an' if name == 'hour' else 'a'} {name}"


def _names() -> str:
    *first, last = _FIELDS
    return f"five fields, {', '.join(first)} and {last}"


def _refusal(field: str, sentence: str) -> InvalidRequest:
    return InvalidRequest(f"{field}: {sentence}.", fields=[field], code="invalid_cron")
