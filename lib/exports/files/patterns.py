"""Whole columns of dates written out by a pattern of Unicode (LDML) letters, in any time zone.

Most letters Polars writes itself; the others Babel writes once for each distinct day, hour or offset of a column.
The clock is always the machine's, the one that filters go by. Polars carries its own copy of the tz database, without
clock changes after 2099 and with zones made one before 1970, so what is outside those years is written moment by
moment, and so is everything in a zone that the two copies tell differently.
"""

import functools
import zoneinfo
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from lib.exports.files.pattern_letters import Field, Token, read_pattern
from lib.exports.files.pattern_text import moment_text
from lib.store.dates import known_timezones
from lib.store.filters import unknown_name

TIMEZONE_FIELD = "csv_field_options.timezone"
COMMON_PATTERNS = ("MM/dd/yyyy hh:mm:ss a", "yyyy-MM-dd HH:mm:ss", "MM/dd/yyyy", "yyyy-MM-dd'T'HH:mm:ss.SSSZ")

_Columns = Callable[[Sequence[pl.Series]], pl.Series]

# Where Polars and the machine keep the same clock, and every offset is whole minutes; Liberia's was not until 1972.
_FROM, _UNTIL = datetime(1973, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)
_CHECKED_EVERY = timedelta(days=20)
_CHRONO = {
    "yyyy": "%Y", "y": "%Y", "yy": "%y", "uuuu": "%Y", "u": "%Y",
    "MMMM": "%B", "MMM": "%b", "MM": "%m", "M": "%-m", "LLLL": "%B", "LLL": "%b", "LL": "%m", "L": "%-m",
    "dd": "%d", "d": "%-d", "DDD": "%j", "D": "%-j",
    "EEEE": "%A", "EEE": "%a", "EE": "%a", "E": "%a", "eeee": "%A", "eee": "%a", "cccc": "%A", "ccc": "%a",
    "HH": "%H", "H": "%-H", "hh": "%I", "h": "%-I", "a": "%p", "aa": "%p", "aaa": "%p", "aaaa": "%p",
    "mm": "%M", "m": "%-M", "ss": "%S", "s": "%-S", "SSS": "%3f", "SSSSSS": "%6f", "SSSSSSSSS": "%9f",
    "xx": "%z", "xxxx": "%z", "xxx": "%:z", "xxxxx": "%:z", "ZZZZ": "GMT%:z",
}  # fmt: skip
# Written as the letter Z where the offset is zero.
_ZERO_IS_Z = {
    "Z": "%z", "ZZ": "%z", "ZZZ": "%z", "ZZZZZ": "%:z", "XX": "%z", "XXXX": "%z", "XXX": "%:z", "XXXXX": "%:z",
}  # fmt: skip
_DAY, _HOUR = "GyYQqMLwWFEec", "aBKk"
# What the text of a run depends on. Noon is only that on the stroke; the saving tells apart names of one offset.
_KEYS: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "day": lambda local: local.dt.date().to_physical(),
    "hour": lambda local: local.dt.hour() * 2 + (local.dt.minute() + local.dt.second() > 0),
    "zone": lambda local: (
        local.dt.base_utc_offset().dt.total_minutes() * 10_000 + local.dt.dst_offset().dt.total_minutes()
    ),
}


def validate_pattern(pattern: str) -> None:
    """Nothing for a pattern that can be written. Raises InvalidRequest that points at the letter."""
    read_pattern(pattern)


def validate_timezone(timezone: str) -> None:
    """Nothing for an IANA time zone. Raises InvalidRequest with the nearest name."""
    if not _is_timezone(timezone):
        known = sorted(known_timezones())
        raise unknown_name(f"There is no time zone “{timezone}”", timezone, known, field=TIMEZONE_FIELD)


def format_instants(instants: pl.Expr, pattern: str, timezone: str) -> pl.Expr:
    """The text of a column of UTC instants in that time zone by that pattern; null stays null.

    Raises InvalidRequest for a pattern that is not known.
    """
    tokens, zone = read_pattern(pattern), zoneinfo.ZoneInfo(timezone)
    if not _same_clock(timezone):
        return instants.map_batches(_one_by_one(tokens, zone), pl.String)
    return pl.map_batches([_columnwise(instants, tokens, zone), instants], _mended(tokens, zone), pl.String)


def sample(pattern: str, timezone: str, at: datetime) -> str:
    """That moment as it would stand in the file. Raises InvalidRequest for an unknown pattern or time zone."""
    validate_timezone(timezone)
    moment = pl.Series("at", [at.astimezone(UTC)], dtype=pl.Datetime("ms", "UTC"))
    text: str = pl.select(format_instants(pl.lit(moment), pattern, timezone)).item()
    return text


@functools.cache
def _is_timezone(timezone: str) -> bool:
    if timezone not in known_timezones():
        return False
    try:
        pl.select(pl.lit(datetime(2026, 1, 1, tzinfo=UTC)).dt.convert_time_zone(timezone))
    except pl.exceptions.ComputeError:
        return False
    return zoneinfo.ZoneInfo(timezone).key == timezone


@functools.cache
def _same_clock(timezone: str) -> bool:
    """Whether Polars' copy of the tz database and the machine's agree on a zone, looked at every twenty days."""
    zone = zoneinfo.ZoneInfo(timezone)
    instants = pl.datetime_range(_FROM, _UNTIL, _CHECKED_EVERY, time_unit="ms", eager=True)
    shown = instants.dt.convert_time_zone(timezone).dt.replace_time_zone(None)
    return shown.to_list() == [at.astimezone(zone).replace(tzinfo=None) for at in instants]


def _writer(tokens: Sequence[Token], zone: zoneinfo.ZoneInfo) -> Callable[[datetime], str]:
    """Writes single moments, the ones that come again from memory."""

    @functools.lru_cache(maxsize=4096)
    def write(at: datetime) -> str:
        try:
            return moment_text(tokens, at.astimezone(zone))
        except OverflowError:  # The first and the last day there are, which often stand for “never”, stay as they are.
            return moment_text(tokens, at.replace(tzinfo=zone))

    return write


def _one_by_one(tokens: Sequence[Token], zone: zoneinfo.ZoneInfo) -> Callable[[pl.Series], pl.Series]:
    write = _writer(tokens, zone)
    return lambda column: pl.Series([None if at is None else write(at) for at in column], dtype=pl.String)


def _mended(tokens: Sequence[Token], zone: zoneinfo.ZoneInfo) -> _Columns:
    """Takes the texts of a column and its instants; gives the texts, those outside the shared years written anew."""
    write = _writer(tokens, zone)

    def mend(columns: Sequence[pl.Series]) -> pl.Series:
        texts, instants = columns
        first: Any = instants.min()
        last: Any = instants.max()
        if first is None or (_is_shared(first) and _is_shared(last)):
            return texts
        mended = [text if at is None or _is_shared(at) else write(at) for text, at in zip(texts, instants, strict=True)]
        return pl.Series(mended, dtype=pl.String)

    return mend


def _is_shared(at: datetime) -> bool:
    """Whether both copies of the tz database tell that year."""
    return _FROM <= at < _UNTIL


def _columnwise(instants: pl.Expr, tokens: Sequence[Token], zone: zoneinfo.ZoneInfo) -> pl.Expr:
    local = instants.dt.convert_time_zone(zone.key)
    pieces: list[pl.Expr] = []
    for way, run in _runs(tokens):
        match way:
            case ("polars", _):
                pieces.append(local.dt.to_string("".join(map(_chrono, run))))
            case ("zero is Z", letters):
                pieces.append(_z_or_offset(local, _ZERO_IS_Z[letters]))
            case ("fraction", letters):
                pieces.append(local.dt.to_string("%9f").str.head(len(letters)))
            case (key, _):
                pieces.append(pl.map_batches([_KEYS[key](local), instants], _by_key(run, zone), pl.String))
    return pieces[0] if len(pieces) == 1 else pl.concat_str(pieces)


def _runs(tokens: Sequence[Token]) -> list[tuple[tuple[str, str], list[Token]]]:
    """Neighbours that are written together; a text goes with what Babel writes before it."""
    runs: list[tuple[tuple[str, str], list[Token]]] = []
    for token in tokens:
        way = _way(token)
        if runs and (way == runs[-1][0] or (isinstance(token, str) and runs[-1][0][0] in _KEYS)):
            runs[-1][1].append(token)
        else:
            runs.append((way, [token]))
    return runs


def _way(token: Token) -> tuple[str, str]:
    """How a token is written, and its letters where it is written alone: Polars and Babel take several at once."""
    if isinstance(token, str) or token.letters in _CHRONO:
        return "polars", ""
    if token.letters in _ZERO_IS_Z:
        return "zero is Z", token.letters
    letter = token.letters[0]
    if letter == "S":
        return "fraction", token.letters
    return "day" if letter in _DAY else "hour" if letter in _HOUR else "zone", ""


def _chrono(token: Token) -> str:
    return _CHRONO[token.letters] if isinstance(token, Field) else token.replace("%", "%%")


def _z_or_offset(local: pl.Expr, chrono: str) -> pl.Expr:
    return local.dt.to_string(chrono).replace({"+0000": "Z", "+00:00": "Z"})


def _by_key(tokens: Sequence[Token], zone: zoneinfo.ZoneInfo) -> _Columns:
    """Takes keys and instants; gives the text of the tokens, written once for each key of the shared years."""
    write = _writer(tokens, zone)
    known: dict[int, str] = {}

    def fill(columns: Sequence[pl.Series]) -> pl.Series:
        keys, instants = columns[0].to_list(), columns[1]
        if new := set(keys) - known.keys() - {None}:
            shared = instants.is_between(_FROM, _UNTIL, closed="left").to_list()
            places = {key: place for place, key in enumerate(keys) if key in new and shared[place]}
            known.update((key, write(instants[place])) for key, place in places.items())
        return pl.Series([known.get(key) for key in keys], dtype=pl.String)

    return fill
