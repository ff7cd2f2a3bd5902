"""Relative dates against pandas' calendar periods, and to the millisecond against the clock of the time zone."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lib.exports.relative_dates import RELATIVE_DATES, settled
from lib.models.errors import InvalidRequest
from lib.models.exports import ExportCreate
from lib.store.dates import date_ranges
from tests.unit.exports.recipes import recipe

MOMENT = timedelta(milliseconds=1)
# Midnight skipped or doubled, half an hour's change, odd offsets, both ends of the day.
ZONES = (
    "America/New_York", "Africa/Cairo", "Asia/Beirut", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Kiritimati",
    "Pacific/Niue", "America/Havana", "Europe/Berlin", "UTC",
)  # fmt: skip
PERIODS = {"week": "W-SUN", "month": "M", "quarter": "Q-DEC", "year": "Y-DEC"}


def asking(timezone: str = "UTC", **options: Any) -> ExportCreate:
    return recipe("id", options=options, timezone=timezone)


def expected(word: str, today: pd.Timestamp) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day as pandas has them."""
    which, _, span = word.partition("_")
    if word in ("today", "yesterday"):
        day = today - pd.Timedelta(days=["today", "yesterday"].index(word))
        return day, day
    if span in PERIODS:
        period = today.to_period(PERIODS[span])
        return (
            (period.start_time, today)
            if which == "this"
            else ((period - 1).start_time, (period - 1).end_time.normalize())
        )
    if span == "12_months":
        return today - pd.DateOffset(years=1) + pd.Timedelta(days=1), today
    days = pd.date_range(end=today, periods=int(span.removesuffix("_days")))
    return days[0], days[-1]


@given(
    st.datetimes(datetime(2019, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(ZONES),
)
@example(datetime(2026, 3, 8, 7, 30, tzinfo=UTC), "America/New_York")
@example(datetime(2026, 11, 1, 5, 30, tzinfo=UTC), "America/New_York")
@example(datetime(2026, 11, 1, 6, 30, tzinfo=UTC), "America/New_York")
@example(datetime(2026, 4, 24, 0, 0, tzinfo=UTC), "Africa/Cairo")
@example(datetime(2026, 10, 29, 21, 30, tzinfo=UTC), "Africa/Cairo")
@example(datetime(2024, 2, 29, 12, tzinfo=UTC), "UTC")
@example(datetime(2025, 2, 28, 23, 59, tzinfo=UTC), "UTC")
@example(datetime(2024, 12, 31, 23, 59, tzinfo=UTC), "Pacific/Kiritimati")
@example(datetime(2025, 1, 1, tzinfo=UTC), "Pacific/Niue")
def test_every_word_means_the_days_of_the_calendar_there(now: datetime, timezone: str) -> None:
    zone = ZoneInfo(timezone)
    today = pd.Timestamp(now.astimezone(zone).date())
    for word in RELATIVE_DATES:
        first, last = (day.date() for day in expected(word, today))
        filters = settled(asking(timezone, created_at=word), now).options["created_at"]
        (span,) = date_ranges(filters, zone)
        assert span.first is not None
        assert span.after is not None
        begun, over = span.first.astimezone(zone).date(), span.after.astimezone(zone).date()
        assert (begun, (span.after - MOMENT).astimezone(zone).date()) == (first, last), word
        assert (span.first - MOMENT).astimezone(zone).date() == first - timedelta(days=1), word
        assert over == last + timedelta(days=1), word


@pytest.mark.parametrize(
    ("word", "days"),
    [
        ("today", "equals:2026-11-25"),
        ("yesterday", "equals:2026-11-24"),
        ("this_week", "bwi:2026-11-23,2026-11-25"),
        ("last_week", "bwi:2026-11-16,2026-11-22"),
        ("this_month", "bwi:2026-11-01,2026-11-25"),
        ("last_month", "bwi:2026-10-01,2026-10-31"),
        ("this_quarter", "bwi:2026-10-01,2026-11-25"),
        ("last_quarter", "bwi:2026-07-01,2026-09-30"),
        ("this_year", "bwi:2026-01-01,2026-11-25"),
        ("last_year", "bwi:2025-01-01,2025-12-31"),
        ("last_7_days", "bwi:2026-11-19,2026-11-25"),
        ("last_30_days", "bwi:2026-10-27,2026-11-25"),
        ("last_90_days", "bwi:2026-08-28,2026-11-25"),
        ("last_12_months", "bwi:2025-11-26,2026-11-25"),
    ],
)
def test_the_words_on_a_wednesday_in_november(word: str, days: str) -> None:
    now = datetime(2026, 11, 26, 4, 59, tzinfo=UTC)
    asked = asking("America/New_York", created_at=word, updated_at=word, limit=5)
    assert settled(asked, now).options == {"created_at": days, "updated_at": days, "limit": 5}
    assert asked.options["created_at"] == word


def test_all_words_are_tried_above() -> None:
    assert list(RELATIVE_DATES) == [
        "today", "yesterday", "this_week", "last_week", "this_month", "last_month", "this_quarter", "last_quarter",
        "this_year", "last_year", "last_7_days", "last_30_days", "last_90_days", "last_12_months",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("timezone", "hours"), [("America/New_York", (23, 25)), ("Australia/Lord_Howe", (23.5, 24.5)), ("UTC", (24, 24))]
)
def test_a_day_is_as_long_as_its_clock_makes_it(timezone: str, hours: tuple[float, float]) -> None:
    zone = ZoneInfo(timezone)
    changes = {"America/New_York": ((3, 8), (11, 1)), "Australia/Lord_Howe": ((10, 4), (4, 5))}
    for (month, day), long in zip(changes.get(timezone, ((3, 8), (11, 1))), hours, strict=True):
        morning_after = datetime(2026, month, day, 9, tzinfo=zone) + timedelta(days=1)
        (span,) = date_ranges(
            settled(asking(timezone, created_at="yesterday"), morning_after).options["created_at"], zone
        )
        assert (span.after - span.first) / timedelta(hours=1) == long


@pytest.mark.parametrize(
    "value", ["gte:2026-01-01", "2026-01-01", "1732993200", "", None, False, 5, ["today"], "not:today"]
)
def test_anything_else_is_left_to_the_filters(value: Any) -> None:
    asked = asking(created_at=value, provider="today")
    assert settled(asked, datetime(2026, 1, 1, tzinfo=UTC)) is asked


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("yesterdy", "yesterday"), ("last month", "last_month"), ("Last_Week", "last_week"), ("TODAY", "today"),
        ("last_31_days", "last_30_days"), ("last-year", "last_year"), (" today", "today"),
    ],
)  # fmt: skip
def test_a_misspelt_word_is_told_with_the_nearest(word: str, nearest: str) -> None:
    for name in ("created_at", "updated_at"):
        with pytest.raises(InvalidRequest) as refused:
            settled(asking(**{name: word}), datetime(2026, 1, 1, tzinfo=UTC))
        assert refused.value.fields == [f"options.{name}"]
        assert refused.value.details["nearest"] == nearest
        assert f"“{word}”" in refused.value.message
        assert f"did you mean “{nearest}”?" in refused.value.message


def test_words_unlike_any_are_told_all_there_are() -> None:
    with pytest.raises(InvalidRequest) as refused:
        settled(asking(created_at="gte 2026-01-01"), datetime(2026, 1, 1, tzinfo=UTC))
    assert "known are today, yesterday, this_week" in refused.value.message


def test_an_unknown_time_zone_is_told_before_days_are_counted() -> None:
    with pytest.raises(InvalidRequest) as refused:
        settled(asking("America/New_Yrok", created_at="today"), datetime(2026, 1, 1, tzinfo=UTC))
    assert refused.value.fields == ["csv_field_options.timezone"]
