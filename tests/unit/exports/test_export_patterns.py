"""Date patterns: the page's own examples, every known letter, both sides of clock changes, and what is refused."""

import io
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from lib.exports.files.csv_file import CsvFile
from lib.exports.files.patterns import (
    COMMON_PATTERNS,
    format_instants,
    sample,
    validate_pattern,
    validate_timezone,
)
from lib.exports.files.sink import Sink
from lib.exports.plan import plan_export
from lib.exports.rows.merge import MergeLayout
from lib.models.errors import InvalidRequest
from lib.store.dates import known_timezones
from tests.unit.exports.recipes import recipe
from tests.unit.exports.stored import batch

CHRISTMAS = datetime(2024, 12, 25, 14, 30, 45, 123_000, tzinfo=UTC)
MARCH = datetime(2024, 3, 5, 4, 7, 9, 8_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("MM/dd/yyyy hh:mm:ss a", "12/25/2024 02:30:45 PM"),
        ("yyyy-MM-dd HH:mm:ss", "2024-12-25 14:30:45"),
        ("MM/dd/yyyy", "12/25/2024"),
        ("yyyy-MM-dd'T'HH:mm:ss.SSSZ", "2024-12-25T14:30:45.123Z"),
    ],
)
def test_the_patterns_of_the_page(pattern, expected):
    assert sample(pattern, "UTC", CHRISTMAS) == expected
    assert pattern in COMMON_PATTERNS


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("y yyyy yy", "2024 2024 24"),
        ("yyy yyyyy yyyyyyyyy u uuuu G GGGG GGGGG", "2024 02024 000002024 2024 2024 AD Anno Domini A"),
        ("Q QQ QQQ QQQQ QQQQQ q qqq", "1 01 Q1 1st quarter 1 1 Q1"),
        ("M MM MMM MMMM MMMMM", "3 03 Mar March M"),
        ("L LL LLL LLLL LLLLL", "3 03 Mar March M"),
        ("YYYY-'W'ww w W F", "2024-W10 10 2 1"),
        ("d dd D DDD", "5 05 65 065"),
        ("E EE EEE EEEE EEEEE EEEEEE", "Tue Tue Tue Tuesday T Tu"),
        ("e ee eee eeee eeeee eeeeee", "3 03 Tue Tuesday T Tu"),
        ("c ccc cccc ccccc cccccc", "3 Tue Tuesday T Tu"),
        ("H HH h hh K KK k kk a aaaaa", "4 04 4 04 4 04 4 04 AM a"),
        ("h B", "4 in the morning"),
        ("m mm s ss SSS", "7 07 9 09 008"),
        ("S SS SSS SSSS SSSSSS SSSSSSSSS", "0 00 008 0080 008000 008000000"),
        ("x xx xxx xxxx xxxxx X XX XXX XXXX XXXXX", "+00 +0000 +00:00 +0000 +00:00 Z Z Z Z Z"),
        ("Z ZZ ZZZ ZZZZ ZZZZZ", "Z Z Z GMT+00:00 Z"),
        ("z zzzz VV", "UTC Coordinated Universal Time UTC"),
        ("HH 'o''clock' ''yy''", "04 o'clock '24'"),
        ("yyyy'%Y%m'dd %", "2024%Y%m05 %"),
        ("d. MMM yyyy, 'à' HH'h'", "5. Mar 2024, à 04h"),
        ("yyyyMMdd'T'HHmmssXX", "20240305T040709Z"),
        ("HH:mmXXX xxx xx", "04:07Z +00:00 +0000"),
    ],
)
def test_every_letter(pattern, expected):
    assert sample(pattern, "UTC", MARCH) == expected


@pytest.mark.parametrize(
    ("zone", "moment", "expected"),
    [
        # United States: 2024-03-10 at 7:00 UTC from EST to EDT, 2024-11-03 at 6:00 UTC back.
        ("America/New_York", "2024-03-10T06:59:59.999Z", "03/10/2024 01:59:59 AM -0500 -05:00"),
        ("America/New_York", "2024-03-10T07:00:00.000Z", "03/10/2024 03:00:00 AM -0400 -04:00"),
        ("America/New_York", "2024-11-03T05:30:00.000Z", "11/03/2024 01:30:00 AM -0400 -04:00"),
        ("America/New_York", "2024-11-03T06:30:00.000Z", "11/03/2024 01:30:00 AM -0500 -05:00"),
        # Europe: both changes at 1:00 UTC.
        ("Europe/London", "2024-03-31T00:59:59.000Z", "03/31/2024 12:59:59 AM Z +00:00"),
        ("Europe/London", "2024-03-31T01:00:00.000Z", "03/31/2024 02:00:00 AM +0100 +01:00"),
        ("Europe/London", "2024-10-27T00:59:59.000Z", "10/27/2024 01:59:59 AM +0100 +01:00"),
        ("Europe/London", "2024-10-27T01:00:00.000Z", "10/27/2024 01:00:00 AM Z +00:00"),
        # Casey: at 16:01 UTC, which no quarter of an hour meets.
        ("Antarctica/Casey", "2020-10-03T16:00:59.000Z", "10/04/2020 12:00:59 AM +0800 +08:00"),
        ("Antarctica/Casey", "2020-10-03T16:01:00.000Z", "10/04/2020 03:01:00 AM +1100 +11:00"),
        ("Asia/Kathmandu", "2024-06-01T18:15:00.000Z", "06/02/2024 12:00:00 AM +0545 +05:45"),
        ("America/St_Johns", "2024-07-01T12:00:00.000Z", "07/01/2024 09:30:00 AM -0230 -02:30"),
        ("Asia/Tokyo", "2024-12-31T15:00:00.000Z", "01/01/2025 12:00:00 AM +0900 +09:00"),
    ],
)
def test_around_clock_changes(zone, moment, expected):
    assert sample("MM/dd/yyyy hh:mm:ss a Z xxx", zone, datetime.fromisoformat(moment)) == expected


@pytest.mark.parametrize(
    ("zone", "moment", "expected"),
    [
        # Half an hour on Lord Howe.
        ("Australia/Lord_Howe", "2024-04-06T14:59:59Z", "2024-04-07 01:59:59 +1100 Lord Howe Daylight Time"),
        ("Australia/Lord_Howe", "2024-04-06T15:00:00Z", "2024-04-07 01:30:00 +1030 Lord Howe Standard Time"),
        ("Australia/Lord_Howe", "2024-10-05T15:29:59Z", "2024-10-06 01:59:59 +1030 Lord Howe Standard Time"),
        ("Australia/Lord_Howe", "2024-10-05T15:30:00Z", "2024-10-06 02:30:00 +1100 Lord Howe Daylight Time"),
        # A minute past midnight.
        ("Asia/Gaza", "2010-03-26T22:00:59Z", "2010-03-27 00:00:59 +0200 Eastern European Standard Time"),
        ("Asia/Gaza", "2010-03-26T22:01:00Z", "2010-03-27 01:01:00 +0300 Eastern European Summer Time"),
        # Irish standard time is summer's, and was all year's from 1968 to 1971.
        ("Europe/Dublin", "2024-03-31T00:59:59Z", "2024-03-31 00:59:59 +0000 Greenwich Mean Time"),
        ("Europe/Dublin", "2024-03-31T01:00:00Z", "2024-03-31 02:00:00 +0100 Irish Standard Time"),
        ("Europe/Dublin", "2024-10-27T00:59:59Z", "2024-10-27 01:59:59 +0100 Irish Standard Time"),
        ("Europe/Dublin", "2024-10-27T01:00:00Z", "2024-10-27 01:00:00 +0000 Greenwich Mean Time"),
        ("Eire", "1970-01-05T12:00:00Z", "1970-01-05 13:00:00 +0100 Irish Standard Time"),
        ("Eire", "1960-01-05T12:00:00Z", "1960-01-05 12:00:00 +0000 Greenwich Mean Time"),
        # Samoa went without the 30th of December 2011.
        ("Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29 23:59:59 -1000 Samoa Daylight Time"),
        ("Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31 00:00:00 +1400 Samoa Daylight Time"),
        # West of Greenwich, offsets that are not whole hours.
        ("America/St_Johns", "2024-07-01T12:00:00Z", "2024-07-01 09:30:00 -0230 Newfoundland Daylight Time"),
        ("Pacific/Marquesas", "2024-07-01T12:00:00Z", "2024-07-01 02:30:00 -0930 Marquesas Time"),
        # Local mean time, seconds and all, until noon of 18 November 1883 in New York, and in Liberia until 1972.
        ("America/New_York", "1883-11-18T16:59:59Z", "1883-11-18 12:03:57 -045602 Eastern Standard Time"),
        ("America/New_York", "1883-11-18T17:00:00Z", "1883-11-18 12:00:00 -0500 Eastern Standard Time"),
        ("Africa/Monrovia", "1971-06-01T12:00:00Z", "1971-06-01 11:15:30 -004430 Greenwich Mean Time"),
        # Today's rules hold for years to come, beyond 2037 and 2099 too.
        ("America/New_York", "2038-07-15T12:00:00Z", "2038-07-15 08:00:00 -0400 Eastern Daylight Time"),
        ("America/New_York", "2150-07-15T12:00:00Z", "2150-07-15 08:00:00 -0400 Eastern Daylight Time"),
    ],
)
def test_clock_changes_and_names_as_java_and_icu_tell_them(zone, moment, expected):
    at = datetime.fromisoformat(moment)
    assert sample("yyyy-MM-dd HH:mm:ss xxxx zzzz", zone, at) == expected
    assert sample("xx", zone, at) == expected.split()[2][:5]


def test_one_clock_for_files_and_filters():
    """Filters read dates by the machine's tz database, and so do files: every zone, from local mean time to 2101."""
    moments = [datetime(year, month, 20, 7, tzinfo=UTC) for year in (1890, 1945, 1975, 2026, 2101) for month in (1, 7)]
    column = pl.Series("at", moments, dtype=pl.Datetime("ms", "UTC")).to_frame()
    for zone in sorted(known_timezones() - {"Factory", "localtime"}):
        shown = column.select(format_instants(pl.col("at"), "yyyy-MM-dd'T'HH:mm:ss", zone)).to_series()
        local = [at.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat() for at in moments]
        assert shown.to_list() == local, zone


def test_the_first_and_the_last_day_stay_what_they_are():
    first, last = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)
    assert sample("yyyy-MM-dd HH:mm:ss", "America/New_York", first) == "0001-01-01 00:00:00"
    assert sample("yyyy-MM-dd HH:mm:ss EEEEE", "Asia/Tokyo", last) == "9999-12-31 23:59:59 F"


def test_fractions_are_cut_and_never_rounded_up():
    almost = datetime(2024, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)
    assert sample("yyyy ss.S ss.SS ss.SSSS", "UTC", almost) == "2024 59.9 59.99 59.9990"


def test_noon_and_midnight_are_moments():
    days = [datetime(2024, 3, 5, hour, minute, tzinfo=UTC) for hour, minute in ((0, 0), (11, 59), (12, 0), (12, 1))]
    shown = [sample("h:mm B", "UTC", at) for at in days]
    assert shown == ["12:00 midnight", "11:59 in the morning", "12:00 noon", "12:01 in the afternoon"]


@pytest.mark.parametrize(
    ("day", "expected"),
    # American weeks begin on Sunday, and the week of the first of January is the year's first.
    [("2023-12-30", "2023 52"), ("2023-12-31", "2024 1"), ("2024-12-28", "2024 52"), ("2024-12-29", "2025 1")],
)
def test_the_year_that_a_week_belongs_to(day, expected):
    assert sample("YYYY w", "UTC", datetime.fromisoformat(day).replace(tzinfo=UTC)) == expected


def test_a_column_keeps_its_empty_cells():
    column = pl.Series("at", [CHRISTMAS, None], dtype=pl.Datetime("ms", "UTC"))
    for pattern, expected in (("HH:mmZ", "14:30Z"), ("HH:mm", "14:30"), ("Z", "Z"), ("k", "14"), ("S", "1")):
        shown = pl.select(format_instants(pl.lit(column), pattern, "UTC")).to_series()
        assert shown.to_list() == [expected, None]


@pytest.mark.parametrize(
    ("pattern", "position", "letter", "hint"),
    [
        ("YYYY-MM-dd", 1, "Y", "yyyy is the year"),
        ("yyyy-MM-DD", 9, "D", "dd is the day of the month"),
        ("yyyy-MM-ddTHH:mm", 11, "T", "between quotes"),
        ("yyyy nn", 6, "n", "between quotes"),
        ("yyyy MMMMMM", 6, "M", "write M or MM or MMM or MMMM or MMMMM"),
        ("HH:mmm", 4, "m", "write m or mm"),
        ("HH:mm O", 7, "O", "ZZZZ is the offset, like GMT-05:00"),
        ("HH:mm ZZZZZZ", 7, "Z", "ZZZZ or ZZZZZ"),
        ("h:mm b", 6, "b", "a is AM or PM, and B the part of the day"),
        ("h:mm A", 6, "A", "a is AM or PM"),
        ("yyyy v", 6, "v", "zzzz is the name"),
        ("YYYY 'week'", 1, "Y", "yyyy is the year"),
        ("'at' uu", 6, "u", "write u or uuuu"),
        ("HH 'uhr", 4, "'", "does not close it"),
        ("'only text'", 1, "'", "has no date in it"),
        ("", 1, "", "has no date in it"),
    ],
)
def test_a_bad_pattern_points_at_the_letter(pattern, position, letter, hint):
    with pytest.raises(InvalidRequest) as caught:
        validate_pattern(pattern)
    assert caught.value.fields == ["csv_field_options.datetime_format"]
    assert caught.value.details == {"position": position, "letter": letter}
    assert hint in caught.value.message


@pytest.mark.parametrize("zone", ["America/New York", "Mars/Olympus", "", "../etc/passwd", "America", "Factory", "utc"])
def test_a_timezone_that_is_none(zone):
    with pytest.raises(InvalidRequest) as caught:
        validate_timezone(zone)
    assert caught.value.fields == ["csv_field_options.timezone"]


@pytest.mark.parametrize(
    ("pattern", "zone", "expected"),
    [
        ("xxx HH:mm", "Asia/Kolkata", "'+05:30 20:00"),
        ("Z HH:mm", "America/New_York", "'-0500 09:30"),
        ("Z HH:mm", "UTC", "Z 14:30"),
        ("z HH:mm", "Europe/Berlin", "'+0100 15:30"),
        ("z HH:mm", "America/New_York", "EST 09:30"),
        ("'=1+'d", "UTC", "'=1+25"),
        ("''=yyyy", "UTC", "'=2024"),
        ("HH:mm xxx", "Asia/Kolkata", "20:00 +05:30"),
    ],
)
def test_cells_that_a_spreadsheet_would_run_are_defused(pattern, zone, expected):
    plan = plan_export(recipe("created_at", datetime_format=pattern, timezone=zone))
    layout = MergeLayout(plan)
    (part,) = layout.parts([batch([json.dumps({"created_at": "2024-12-25T14:30:45.123Z"})])])
    out = io.BytesIO()
    file = CsvFile(plan, layout.fields, Sink(out, compressed=False))
    file.add(file.cells(part))
    assert out.getvalue().decode() == f"created_at\r\n{expected}\r\n"
