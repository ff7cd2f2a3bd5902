"""Date patterns in Unicode (LDML) letters, written out by Polars for whole columns at once.

Only letters whose result is exactly Unicode's in English are known; anything else is an error that points at the
letter, because a date that is silently wrong is worse than none. `Z` follows the published API rather than Unicode:
`Z` where the offset is zero, else `+hhmm`.
"""

import functools
import re
import zoneinfo
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from lib.exports.formulas import is_formula
from lib.models.errors import InvalidRequest
from lib.store.dates import known_timezones
from lib.store.filters import unknown_name

PATTERN_FIELD = "csv_field_options.datetime_format"
TIMEZONE_FIELD = "csv_field_options.timezone"
COMMON_PATTERNS = ("MM/dd/yyyy hh:mm:ss a", "yyyy-MM-dd HH:mm:ss", "MM/dd/yyyy", "yyyy-MM-dd'T'HH:mm:ss.SSSZ")

_LETTERS = {
    "yyyy": "%Y", "y": "%Y", "yy": "%y",
    "MMMM": "%B", "MMM": "%b", "MM": "%m", "M": "%-m",
    "dd": "%d", "d": "%-d", "DDD": "%j", "D": "%-j",
    "EEEE": "%A", "EEE": "%a", "EE": "%a", "E": "%a",
    "HH": "%H", "H": "%-H", "hh": "%I", "h": "%-I", "a": "%p",
    "mm": "%M", "m": "%-M", "ss": "%S", "s": "%-S", "SSS": "%3f",
    "xx": "%z", "xxx": "%:z",
}  # fmt: skip
# Written as the letter Z where the offset is zero.
_ZERO_IS_Z = {"Z": "%z", "XX": "%z", "XXX": "%:z"}
_HINTS = {
    "Y": "yyyy is the year",
    "D": "dd is the day of the month",
    "S": "SSS is the thousandths of a second",
    "T": "put text between quotes, like 'T'",
    "A": "a is AM or PM",
    "z": "xxx is the offset, like -05:00",
    "Z": "Z is the offset, like -0500",
}
_RUN = re.compile(r"([A-Za-z])\1*")


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a pattern as chrono writes it; `zero_is_z` marks an offset that is a bare Z when zero."""

    chrono: str
    zero_is_z: bool = False


def validate_pattern(pattern: str) -> None:
    """Nothing for a pattern that can be written exactly. Raises InvalidRequest that points at the letter."""
    _parts(pattern)


def validate_timezone(timezone: str) -> None:
    """Nothing for an IANA time zone. Raises InvalidRequest with the nearest name."""
    if not _is_timezone(timezone):
        known = sorted(known_timezones())
        raise unknown_name(f"There is no time zone “{timezone}”", timezone, known, field=TIMEZONE_FIELD)


def format_instants(instants: pl.Expr, pattern: str, timezone: str) -> pl.Expr:
    """The text of a column of UTC instants in that time zone by that pattern; null stays null.

    Raises InvalidRequest for a pattern that is not known.
    """
    local = instants.dt.convert_time_zone(timezone)
    pieces = [_written(local, part) for part in _parts(pattern)]
    return pieces[0] if len(pieces) == 1 else pl.concat_str(pieces)


def sample(pattern: str, timezone: str, at: datetime) -> str:
    """That moment as it would stand in the file. Raises InvalidRequest for an unknown pattern or time zone."""
    validate_timezone(timezone)
    moment = pl.Series("at", [at.astimezone(UTC)], dtype=pl.Datetime("ms", "UTC"))
    text: str = pl.select(format_instants(pl.lit(moment), pattern, timezone)).item()
    return text


def starts_like_formula(pattern: str) -> bool:
    """Whether every date written by the pattern begins with quoted or plain text that a spreadsheet might run."""
    return is_formula(pattern.lstrip("'"))


@functools.cache
def _is_timezone(timezone: str) -> bool:
    if timezone not in known_timezones():
        return False
    try:
        pl.select(pl.lit(datetime(2026, 1, 1, tzinfo=UTC)).dt.convert_time_zone(timezone))
    except pl.exceptions.ComputeError:
        return False
    return zoneinfo.ZoneInfo(timezone).key == timezone


@functools.lru_cache(maxsize=256)
def _parts(pattern: str) -> tuple[_Part, ...]:
    parts = [_Part("")]
    position, has_letters = 0, False
    while position < len(pattern):
        if pattern[position] == "'":
            literal, position = _quoted(pattern, position)
            parts.append(_Part(_escaped(literal)))
        elif run := _RUN.match(pattern, position):
            parts.append(_letters(run.group(), position))
            position, has_letters = run.end(), True
        else:
            parts.append(_Part(_escaped(pattern[position])))
            position += 1
    if not has_letters:
        raise _bad_pattern("The date pattern has no date in it; write one like MM/dd/yyyy.", 0, pattern[:1])
    return _joined(parts)


def _joined(parts: list[_Part]) -> tuple[_Part, ...]:
    joined: list[_Part] = []
    for part in parts:
        if joined and not part.zero_is_z and not joined[-1].zero_is_z:
            joined[-1] = _Part(joined[-1].chrono + part.chrono)
        else:
            joined.append(part)
    return tuple(part for part in joined if part.chrono)


def _quoted(pattern: str, start: int) -> tuple[str, int]:
    """The text of the quote that opens at `start` and where it ends; two quotes stand for one."""
    if pattern[start : start + 2] == "''":
        return "'", start + 2
    text, position = "", start + 1
    while position < len(pattern):
        if pattern[position] != "'":
            text += pattern[position]
            position += 1
        elif pattern[position : position + 2] == "''":
            text += "'"
            position += 2
        else:
            return text, position + 1
    raise _bad_pattern(f"The date pattern opens a quote at character {start + 1} and does not close it.", start, "'")


def _letters(run: str, position: int) -> _Part:
    if run in _LETTERS:
        return _Part(_LETTERS[run])
    if run in _ZERO_IS_Z:
        return _Part(_ZERO_IS_Z[run], zero_is_z=True)
    hint = _HINTS.get(run[0], "put text between quotes, like 'at'")
    raise _bad_pattern(f"The date pattern has “{run}” at character {position + 1}, which is not known; {hint}.",
                       position, run[0])  # fmt: skip


def _bad_pattern(message: str, position: int, letter: str) -> InvalidRequest:
    details = {"position": position + 1, "letter": letter}
    return InvalidRequest(message, fields=[PATTERN_FIELD], code="invalid_date_pattern", details=details)


def _escaped(literal: str) -> str:
    return literal.replace("%", "%%")


def _written(local: pl.Expr, part: _Part) -> pl.Expr:
    if not part.zero_is_z:
        return local.dt.to_string(part.chrono)
    offset = local.dt.to_string(part.chrono)
    zero = pl.when(local.is_not_null()).then(pl.lit("Z"))
    return pl.when(local.dt.to_string("%z") == "+0000").then(zero).otherwise(offset)
