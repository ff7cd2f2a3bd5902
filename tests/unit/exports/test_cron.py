"""Cron expressions against a clock that is walked minute by minute, across every kind of clock change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.exports.cron import latest_moment, next_moment, validate_cron
from lib.models.errors import InvalidRequest

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
# A day on which each clock is put forward, and one on which it is put back.
CHANGES = [
    ("America/New_York", datetime(2026, 3, 8, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, tzinfo=UTC)),
    ("Africa/Cairo", datetime(2026, 4, 23, tzinfo=UTC)),
    ("Africa/Cairo", datetime(2026, 10, 29, tzinfo=UTC)),
    ("Atlantic/Azores", datetime(2026, 10, 25, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2026, 10, 25, tzinfo=UTC)),
]
# Each with the minutes and hours that it names.
FIXED = {
    "30 2 * * *": ((30,), (2,)),
    "0 0 * * *": ((0,), (0,)),
    "30 1 * * *": ((30,), (1,)),
    "15,45 1-3 * * *": ((15, 45), (1, 2, 3)),
    "59 23 * * *": ((59,), (23,)),
}
ELAPSED = {"*/20 * * * *": ((0, 20, 40), range(24)), "0 */2 * * *": ((0,), range(0, 24, 2))}


def walked(start: datetime, end: datetime, zone: ZoneInfo, cron: str) -> list[datetime]:
    """The moments from start to end, found by looking at the clock of every minute."""
    minutes, hours = (FIXED | ELAPSED)[cron]
    found: list[datetime] = []
    now = start
    before = (now - MINUTE).astimezone(zone).replace(tzinfo=None)
    while now < end:
        local = now.astimezone(zone)
        # What the clock shows now, and what it has skipped since the minute before.
        shown = local.replace(tzinfo=None)
        skipped = [before + MINUTE * number for number in range(1, (shown - before) // MINUTE)]
        named = any(time.minute in minutes and time.hour in hours for time in (*skipped, shown))
        if (
            named
            and not (local.fold and cron in FIXED)
            and not (skipped and cron in ELAPSED and shown.minute not in minutes)
        ):
            found.append(now)
        before = shown
        now += MINUTE
    return found


@pytest.mark.parametrize(
    ("cron", "timezone", "day"),
    [
        *((cron, *change) for cron in FIXED for change in CHANGES),
        *((cron, *change) for cron in ELAPSED for change in CHANGES if change[0] != "Australia/Lord_Howe"),
    ],
)
def test_every_moment_is_found_forwards_and_backwards(cron: str, timezone: str, day: datetime) -> None:
    start, end = day - DAY, day + 2 * DAY
    expected = walked(start, end, ZoneInfo(timezone), cron)
    forwards, at = [], start - MINUTE
    while (at := next_moment(cron, timezone, at)) < end:
        forwards.append(at)
    assert forwards == expected
    backwards, at = [], end - MINUTE
    while (at := latest_moment(cron, timezone, at)) >= start:
        backwards.append(at)
        at -= timedelta(milliseconds=1)
    assert backwards == expected[::-1]


@pytest.mark.parametrize(
    ("after", "moment"),
    [
        # The clock goes from 2:00 to 3:00: at the first moment after.
        ("2026-03-08T00:00-05:00", "2026-03-08T03:00-04:00"),
        ("2026-03-08T03:00-04:00", "2026-03-09T02:30-04:00"),
        ("2026-10-31T12:00-04:00", "2026-11-01T02:30-05:00"),
    ],
)
def test_half_past_two_in_new_york_comes_once_a_day(after: str, moment: str) -> None:
    found = next_moment("30 2 * * *", "America/New_York", datetime.fromisoformat(after))
    assert found == datetime.fromisoformat(moment)


def test_a_time_that_comes_twice_is_taken_the_first_time() -> None:
    first, day = datetime.fromisoformat("2026-11-01T01:30-04:00"), datetime.fromisoformat("2026-11-01T00:00-04:00")
    assert next_moment("30 1 * * *", "America/New_York", day) == first
    assert next_moment("30 1 * * *", "America/New_York", first) == datetime.fromisoformat("2026-11-02T01:30-05:00")
    again = datetime.fromisoformat("2026-11-01T01:30-05:00")
    assert next_moment("30 1 * * *", "America/New_York", again - MINUTE) > again
    assert latest_moment("30 1 * * *", "America/New_York", again) == first
    assert next_moment("30 * * * *", "America/New_York", first) == again


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_latest_moment_is_the_one_that_the_next_follows(now: datetime) -> None:
    for cron in ("0 6 * * 1", "0 6 1 * *", "*/5 9-17 * * mon-fri"):
        latest = latest_moment(cron, "America/New_York", now)
        assert latest <= now < next_moment(cron, "America/New_York", latest)
        assert latest_moment(cron, "America/New_York", latest) == latest
        assert next_moment(cron, "America/New_York", latest - timedelta(milliseconds=1)) == latest


def test_days_of_the_month_and_of_the_week() -> None:
    monday = datetime(2026, 11, 23, 11, tzinfo=UTC)
    assert next_moment("0 6 * * 1", "America/New_York", monday - MINUTE) == monday
    assert next_moment("0 6 * * 1", "America/New_York", monday) == monday + 7 * DAY
    assert next_moment("0 0 29 2 *", "UTC", monday) == datetime(2028, 2, 29, tzinfo=UTC)
    assert next_moment("0 0 L * *", "UTC", monday) == datetime(2026, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "cron", ["0 6 * * 1", "*/15 * * * *", "0 9-17/2 1,15 jan-mar MON", "0 0 29 2 *", "5 4 * * sun#1", "  0  6 * * thu "]
)
def test_what_is_right_is_taken(cron: str) -> None:
    validate_cron(cron, "schedule.cron")


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("0 6 * *", "“0 6 * *” has 4 fields"),
        ("0 0 6 * * 1", "has 6 fields"),
        ("@daily", "has 1 fields"),
        ("", "has 0 fields"),
        ("61 6 * * 1", "“61” is not a minute; it goes from 0 to 59"),
        ("0 24 * * 1", "“24” is not an hour; it goes from 0 to 23"),
        ("0 6 32 * *", "“32” is not a day of the month; it goes from 1 to 31"),
        ("0 6 * foo *", "“foo” is not a month; it goes from 1 to 12"),
        ("0 6 * * 8", "“8” is not a day of the week; it goes from 0 to 7"),
        ("R 6 * * *", "“R” is not a minute"),
        ("H(0-5) 6 * * *", "“H(0-5)” is not a minute"),
        ("0 6 31 2 *", "never such a day as “0 6 31 2 *” asks for"),
    ],
)
def test_what_is_wrong_is_named(cron: str, words: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        validate_cron(cron, "schedule.cron")
    assert (refused.value.fields, refused.value.code) == (["schedule.cron"], "invalid_cron")
    assert words in refused.value.message


@settings(deadline=None)
@given(st.lists(st.text("0123456789*/,-#?LWRHrhjanmoe", min_size=1, max_size=6), min_size=5, max_size=5))
def test_any_five_words_are_taken_or_refused(words: list[str]) -> None:
    cron, refused = " ".join(words), None
    try:
        validate_cron(cron, "schedule.cron")
    except InvalidRequest as error:
        refused = error.fields
    if refused is None:
        now = datetime(2026, 1, 1, tzinfo=UTC)
        assert latest_moment(cron, "UTC", now) <= now < next_moment(cron, "UTC", now)
    else:
        assert refused == ["schedule.cron"]
