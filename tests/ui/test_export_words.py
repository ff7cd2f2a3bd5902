"""What the Exports page says in words, and its plain choices as the API has them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from lib.exports.relative_dates import RELATIVE_DATES
from lib.models.exports import Export
from lib.ui.exports.dates import CHOICES, chosen_filter, date_words, filter_days, filter_words
from lib.ui.exports.look import pointed_at
from lib.ui.exports.progress import age_words, file_words, kept_words, progress_words, row_notes
from lib.ui.exports.recipe import recipe_words
from lib.ui.exports.schedule import Rhythm, rhythm_of, schedule_words
from lib.ui.status_words import status_words

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LOOK = {"timezone": "UTC", "datetime_format": "yyyy", "columns": {"id": True}}


def export(**changes: object) -> Export:
    fields = {"id": "exp_1", "resource": "shipment", "created_at": NOW, "updated_at": NOW, "csv_field_options": LOOK}
    return Export.model_validate(fields | changes)


def test_dates_begin_with_the_usual_ranges_and_end_with_a_custom_one_and_all() -> None:
    assert [date_words(choice) for choice in CHOICES[:4]] == ["Last 30 days", "This month", "Last month", "Yesterday"]
    assert [date_words(choice) for choice in CHOICES[-2:]] == ["Custom range", "All"]
    assert set(CHOICES) - {"custom", "all"} == set(RELATIVE_DATES)


@pytest.mark.parametrize(
    ("choice", "days", "expected"),
    [
        ("last_month", (), "last_month"),
        ("all", (date(2026, 1, 5), date(2026, 1, 9)), None),
        ("custom", (date(2026, 1, 5), date(2026, 1, 9)), "bwi:2026-01-05,2026-01-09"),
        ("custom", (date(2026, 1, 5), date(2026, 1, 5)), "equals:2026-01-05"),
        ("custom", (date(2026, 1, 5),), None),
    ],
)
def test_chosen_dates_as_a_filter(choice: str, days: tuple[date, ...], expected: str | None) -> None:
    assert chosen_filter(choice, days) == expected


@pytest.mark.parametrize(
    ("text", "words", "days"),
    [
        ("last_month", "last month", None),
        ("last_30_days", "in the last 30 days", None),
        ("equals:2026-01-05", "Jan 5, 2026", (date(2026, 1, 5), date(2026, 1, 5))),
        ("bwi:2026-01-05,2026-01-09", "Jan 5, 2026 to Jan 9, 2026", (date(2026, 1, 5), date(2026, 1, 9))),
        ("bwi:2026-02-30,2026-03-01", "bwi:2026-02-30,2026-03-01", None),
        ("gte:2026-01-05", "gte:2026-01-05", None),
    ],
)
def test_filters_for_dates_in_words(text: str, words: str, days: tuple[date, date] | None) -> None:
    assert filter_words(text) == words
    assert filter_days(text) == days


@pytest.mark.parametrize(
    ("resource", "options", "words"),
    [
        ("shipment", {"limit": "all"}, "Shipments"),
        ("shipping_label_inference", {"created_at": "last_month"}, "Label scans, created last month"),
        ("contact", {"group_id": "grp_1", "order_by": "name"}, "Contacts, 1 filter"),
        ("tracker", {"created_at": "today", "tags": "a", "search": "b"}, "Trackers, created today, 2 more filters"),
    ],
)
def test_recipe_in_words(resource: str, options: dict[str, str], words: str) -> None:
    assert recipe_words(resource, options) == words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "0 rows"),
        ({"rows_total": 1204}, "0 of 1,204 rows"),
        (
            {
                "rows_total": 1_000_000, "rows_done": 250_000, "size_done": 1_073_741_824, "rows_per_second": 41_000,
                "estimated_completion": NOW + timedelta(seconds=18),
            },
            "250,000 of 1,000,000 rows · 1.0 GB · 41,000 rows a second · about 19 seconds left",
        ),
        ({"rows_total": 9, "rows_done": 9, "estimated_completion": NOW - timedelta(seconds=1)}, "9 of 9 rows"),
    ],
)  # fmt: skip
def test_progress_in_words(changes: dict[str, object], words: str) -> None:
    assert progress_words(export(**changes), NOW) == words


def test_file_in_words() -> None:
    assert file_words(export()) == "Rows not counted yet"
    assert file_words(export(rows_total=1)) == "1 row"
    assert file_words(export(rows_total=1204, size=3_250_586)) == "1,204 rows, 3.1 MB"


def test_what_became_of_some_rows() -> None:
    assert row_notes(export()) == []
    assert row_notes(export(rows_failed=1, rows_defused=2)) == [
        "1 row could not be written; More has them with the reason.",
        "In 2 rows text like a formula got an apostrophe before it.",
    ]


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(hours=24), "kept for 24 h"),
        (timedelta(hours=1, seconds=1), "kept for 2 h"),
        (timedelta(hours=1), "kept for 60 min"),
        (timedelta(seconds=61), "kept for 2 min"),
    ],
)
def test_how_long_a_file_is_kept(left: timedelta, words: str) -> None:
    assert kept_words(NOW + left, NOW) == words


def test_file_of_a_schedule_is_kept_until_newer_ones_come() -> None:
    assert kept_words(None, NOW) == "kept until newer ones take its place"
    assert age_words(export(status="canceled"), NOW + timedelta(minutes=3)) == "3 min ago"
    done = export(status="completed", expires_at=NOW + timedelta(hours=5))
    assert age_words(done, NOW) == "just now, kept for 5 h"


@pytest.mark.parametrize(
    ("cron", "rhythm", "words"),
    [
        ("0 6 * * *", Rhythm("Every day", time(6)), "every day at 6:00 am"),
        ("30 18 * * 1-5", Rhythm("Every weekday", time(18, 30)), "Monday to Friday at 6:30 pm"),
        ("5 0 * * 0", Rhythm("Every week", time(0, 5), 0), "every Sunday at 12:05 am"),
        ("0 12 1 * *", Rhythm("Every month", time(12)), "on the 1st of every month at 12:00 pm"),
        ("*/5 * * * *", Rhythm("Own schedule", cron="*/5 * * * *"), "by the schedule */5 * * * *"),
        ("0 6 2 * *", Rhythm("Own schedule", cron="0 6 2 * *"), "by the schedule 0 6 2 * *"),
        ("0 6 1 * 1", Rhythm("Own schedule", cron="0 6 1 * 1"), "by the schedule 0 6 1 * 1"),
        ("0 24 * * *", Rhythm("Own schedule", cron="0 24 * * *"), "by the schedule 0 24 * * *"),
    ],
)
def test_plain_schedules_are_cron_and_back(cron: str, rhythm: Rhythm, words: str) -> None:
    assert rhythm_of(cron) == rhythm
    assert rhythm.expression == cron
    assert rhythm.words == words


def test_no_schedule_is_by_hand() -> None:
    assert schedule_words(None) == "by hand"


def test_arrow_stands_under_the_letter() -> None:
    assert pointed_at("yyyy-MM-dd JJ", 12).splitlines() == ["yyyy-MM-dd JJ", "           ↑"]


def test_statuses_read_as_words() -> None:
    assert [status_words(status) for status in ("in_transit", "completed")] == ["In transit", "All completed"]
