"""Columns by Polars and by runs equal Babel cell by cell: 10,000 instants, every time zone, forty patterns.

Each zone takes its share of the random instants, from the year 2 to 9998, and moments around some of its own clock
changes; all forty patterns are written for all of them. Where Babel is wrong the text it should have is put in: it
reads -02:30 as -03:30, cuts the seconds of old local mean times, and calls Irish winter by summer's name.
"""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from babel import Locale
from babel.dates import format_datetime, get_timezone_name

from lib.exports.files.patterns import COMMON_PATTERNS, format_instants
from lib.store.dates import known_timezones

PATTERNS = [
    *COMMON_PATTERNS,
    "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "EEE, d MMM yyyy HH:mm:ss xx", "EEEE, MMMM d, y 'at' h:mm a", "dd.MM.yy H:m:s",
    "yyyyMMdd'T'HHmmssX", "D DDD", "M/d/yy, h:mm aaaa", "d. MMM yyyy, 'à' HH'h'", "hh 'o''clock' aaa", "''yy %'Y %m'%",
    "G GGGG GGGGG y", "yyyyy yyy u uuuu", "YYYY-'W'ww e", "YY w W F", "Q QQ QQQ QQQQ QQQQQ", "q qq qqq qqqq qqqqq",
    "MMMMM d", "LLLLL LLLL LLL LL L", "EEEEE EEEEEE EE E", "e ee eee eeee eeeee eeeeee", "c ccc cccc ccccc cccccc",
    "h:mm aaaaa", "h B", "h:mm:ss BBBB", "BBBBB K:mm", "KK:mm:ss.SSS a", "k:mm kk", "x xx xxx", "xxxx xxxxx",
    "X XX XXX", "XXXX XXXXX", "Z ZZ ZZZ", "ZZZZ ZZZZZ", "HH:mm z zz zzz", "yyyy zzzz", "EEEEE HH:mm x, zzzz (QQQ)",
]  # fmt: skip
ALL_IN_ONE = "\n".join(PATTERNS)
# Factory and localtime are no places; the Irish have a test of their own.
ZONES = sorted(known_timezones() - {"Factory", "localtime", "Europe/Dublin", "Eire"})
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


ENGLISH = Locale.parse("en_US")


def years(first: int, last: int) -> tuple[int, int]:
    """The milliseconds since 1970 of the first day of two years."""
    return tuple((datetime(year, 1, 1, tzinfo=UTC) - EPOCH) // timedelta(milliseconds=1) for year in (first, last))


SPANS = [years(1970, 2100), years(1970, 2100), years(1850, 2200), years(2, 9999)]


def dice(zone: str) -> np.random.Generator:
    return np.random.default_rng(list(zone.encode()))


def random_instants(zone: str, count: int) -> list[datetime]:
    draw = dice(zone)
    return [EPOCH + timedelta(milliseconds=int(draw.integers(*SPANS[n % len(SPANS)]))) for n in range(count)]


def around_changes(zone: str, count: int) -> list[datetime]:
    """A millisecond before, at and a second after some of a zone's clock changes from 1970 to 2105."""
    place = ZoneInfo(zone)
    grid = [EPOCH + timedelta(days=days) for days in range(0, 135 * 365, 25)]
    offsets = [at.astimezone(place).utcoffset() for at in grid]
    changed = [index for index in range(1, len(grid)) if offsets[index] != offsets[index - 1]]
    moments: list[datetime] = []
    for index in dice(zone).permutation(changed)[:count]:
        low, high = grid[index - 1], grid[index]
        while high - low > timedelta(seconds=1):
            middle = low + (high - low) // timedelta(seconds=2) * timedelta(seconds=1)
            if middle.astimezone(place).utcoffset() == offsets[index - 1]:
                low = middle
            else:
                high = middle
        moments += [high - timedelta(milliseconds=1), high, high + timedelta(seconds=1)]
    return moments


def by_babel(local: datetime, pattern: str) -> str:
    offset = local.utcoffset()
    if not offset:
        pattern = re.sub("Z+", lambda run: run[0] if run[0] == "ZZZZ" else "'Z'", pattern)
    elif offset % timedelta(hours=1) and (offset < timedelta() or offset % timedelta(minutes=1)):
        pattern = re.sub(r"([xXZz])\1*", lambda run: f"'{zone_text(local, run[0])}'", pattern)
    return format_datetime(local, pattern, locale=ENGLISH)


def zone_text(local: datetime, letters: str) -> str:
    """What Babel should write for an offset that it gets wrong."""
    hours, minutes, *second = local.isoformat()[-9 if local.utcoffset() % timedelta(minutes=1) else -6 :].split(":")
    if letters[0] == "z":
        name = get_timezone_name(local, "long" if letters == "zzzz" else "short", locale=ENGLISH)
        return zone_text(local, "ZZZZ" if letters == "zzzz" else "xx") if re.match("(GMT)?[+-]", name) else name
    if letters in ("ZZZZ", "ZZZZZ", "xxxxx", "XXXXX"):
        return ("GMT" if letters == "ZZZZ" else "") + ":".join([hours, minutes, *second])
    if letters in ("xxxx", "XXXX"):
        return "".join([hours, minutes, *second])
    if letters in ("x", "X") and minutes == "00":
        return hours
    return (":" if letters in ("xxx", "XXX") else "").join([hours, minutes])


def check(zone: str, instants: list[datetime]) -> int:
    """Compares all patterns for all those instants; how many cells that were."""
    column = pl.Series("at", instants, dtype=pl.Datetime("ms", "UTC"))
    shown = column.to_frame().select(
        format_instants(pl.col("at"), pattern, zone).alias(pattern) for pattern in PATTERNS
    )
    for at, cells in zip(instants, shown.iter_rows(), strict=True):
        expected = by_babel(at.astimezone(ZoneInfo(zone)), ALL_IN_ONE).split("\n")
        assert dict(zip(PATTERNS, cells, strict=True)) == dict(zip(PATTERNS, expected, strict=True)), (zone, at)
    return shown.width * shown.height


def test_there_are_forty_patterns():
    assert len(set(PATTERNS)) == 40


@pytest.mark.parametrize("letter", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
def test_equal_to_babel_in_every_zone(letter):
    zones = [zone for zone in ZONES if zone.rpartition("/")[2][0].upper() == letter]
    each = -(-10_000 // len(ZONES))
    cells = sum(check(zone, random_instants(zone, each) + around_changes(zone, 2)) for zone in zones)
    assert cells >= len(zones) * each * 40
