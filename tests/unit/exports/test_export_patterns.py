"""Date patterns: the page's own examples, every known letter, both sides of clock changes, and what is refused."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from babel.dates import format_datetime
from hypothesis import given
from hypothesis import strategies as st

from lib.exports.patterns import (
    COMMON_PATTERNS,
    format_instants,
    sample,
    starts_like_formula,
    validate_pattern,
    validate_timezone,
)
from lib.models.errors import InvalidRequest

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
        ("M MM MMM MMMM", "3 03 Mar March"),
        ("d dd D DDD", "5 05 65 065"),
        ("E EE EEE EEEE", "Tue Tue Tue Tuesday"),
        ("H HH h hh a", "4 04 4 04 AM"),
        ("m mm s ss SSS", "7 07 9 09 008"),
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
        ("Asia/Kathmandu", "2024-06-01T18:15:00.000Z", "06/02/2024 12:00:00 AM +0545 +05:45"),
        ("America/St_Johns", "2024-07-01T12:00:00.000Z", "07/01/2024 09:30:00 AM -0230 -02:30"),
        ("Asia/Tokyo", "2024-12-31T15:00:00.000Z", "01/01/2025 12:00:00 AM +0900 +09:00"),
    ],
)
def test_around_clock_changes(zone, moment, expected):
    assert sample("MM/dd/yyyy hh:mm:ss a Z xxx", zone, datetime.fromisoformat(moment)) == expected


@given(
    st.integers(0, 2_050_000_000_000),
    st.sampled_from(["UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Gaza"]),
    st.sampled_from([*COMMON_PATTERNS[:3], "EEEE d MMMM yy h:m:s.SSS a xxx", "D DDD E H 'h'''"]),
)
def test_equal_to_babel(milliseconds, zone, pattern):
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    expected = format_datetime(moment.astimezone(ZoneInfo(zone)), pattern, locale="en")
    assert sample(pattern, zone, moment) == expected


def test_a_column_keeps_its_empty_cells():
    column = pl.Series("at", [CHRISTMAS, None], dtype=pl.Datetime("ms", "UTC"))
    for pattern, expected in (("HH:mmZ", "14:30Z"), ("HH:mm", "14:30"), ("Z", "Z")):
        shown = pl.select(format_instants(pl.lit(column), pattern, "UTC")).to_series()
        assert shown.to_list() == [expected, None]


@pytest.mark.parametrize(
    ("pattern", "position", "letter", "hint"),
    [
        ("YYYY-MM-dd", 1, "Y", "yyyy is the year"),
        ("yyyy-MM-DD", 9, "D", "dd is the day of the month"),
        ("yyyy-MM-ddTHH:mm", 11, "T", "between quotes"),
        ("yyyy nn", 6, "n", "between quotes"),
        ("MMMMM", 1, "M", "between quotes"),
        ("HH:mm:ss.SS", 10, "S", "SSS is the thousandths"),
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


def test_literal_that_a_spreadsheet_would_run():
    assert starts_like_formula("'='yyyy")
    assert starts_like_formula("=yyyy")
    assert not starts_like_formula("xxx")
    assert not starts_like_formula("yyyy")
