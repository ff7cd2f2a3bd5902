"""Delivery days over weekends, holidays, the cutoff and the change of clocks."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from lib.models.options import ShipmentOptions
from lib.models.team import TeamSettings
from lib.rating.delivery import (
    Departure,
    Promise,
    add_business_days,
    evening,
    is_business_day,
    ship_day,
    terms,
)
from lib.rating.quoting import quote
from tests.unit.rating.engine_cases import request

NEW_YORK, CHICAGO, LOS_ANGELES = (
    ZoneInfo("America/New_York"),
    ZoneInfo("America/Chicago"),
    ZoneInfo("America/Los_Angeles"),
)


# US federal holidays of 2026 and 2027 that fall on weekdays (OPM calendar), and ordinary days beside them.
@pytest.mark.parametrize(
    ("day", "business"),
    [
        (date(2026, 11, 25), True),
        (date(2026, 11, 26), False),  # Thanksgiving
        (date(2026, 11, 27), True),
        (date(2026, 11, 28), False),  # Saturday
        (date(2026, 7, 3), False),  # Independence Day, observed
        (date(2026, 12, 25), False),
        (date(2027, 1, 1), False),
        (date(2027, 12, 24), False),  # Christmas, observed
        (date(2027, 12, 31), False),  # New Year of 2028, observed
    ],
)
def test_business_days(day, business):
    assert is_business_day(day) is business


@pytest.mark.parametrize(
    ("start", "days", "arrives"),
    [
        (date(2026, 8, 3), 0, date(2026, 8, 3)),
        (date(2026, 8, 3), 3, date(2026, 8, 6)),
        (date(2026, 8, 7), 1, date(2026, 8, 10)),  # Friday over the weekend
        (date(2026, 11, 25), 1, date(2026, 11, 27)),  # over Thanksgiving
        (date(2026, 12, 23), 5, date(2026, 12, 31)),  # over Christmas and a weekend
    ],
)
def test_business_days_are_added(start, days, arrives):
    assert add_business_days(start, days) == arrives


@pytest.mark.parametrize(
    ("leaves_at", "zone", "day"),
    [
        (datetime(2026, 8, 3, 18, 59, tzinfo=UTC), NEW_YORK, date(2026, 8, 3)),  # 2:59 pm
        (datetime(2026, 8, 3, 19, 0, tzinfo=UTC), NEW_YORK, date(2026, 8, 4)),  # 3 pm: too late
        (datetime(2026, 8, 3, 19, 0, tzinfo=UTC), LOS_ANGELES, date(2026, 8, 3)),  # noon there
        (datetime(2026, 8, 7, 20, 0, tzinfo=UTC), NEW_YORK, date(2026, 8, 10)),  # Friday, too late
        (datetime(2026, 8, 8, 12, 0, tzinfo=UTC), NEW_YORK, date(2026, 8, 10)),  # Saturday
        (datetime(2026, 11, 26, 15, 0, tzinfo=UTC), NEW_YORK, date(2026, 11, 27)),  # Thanksgiving
        (datetime(2026, 11, 2, 19, 30, tzinfo=UTC), NEW_YORK, date(2026, 11, 2)),  # 2:30 pm in winter time
        (datetime(2026, 10, 30, 19, 30, tzinfo=UTC), NEW_YORK, date(2026, 11, 2)),  # 3:30 pm in summer time, Friday
    ],
)
def test_ship_day_keeps_the_cutoff_in_the_origins_time(leaves_at, zone, day):
    assert ship_day(leaves_at, zone, 15) == day


def test_evening_is_eight_local_on_both_sides_of_the_change_of_clocks():
    assert evening(date(2026, 10, 30), CHICAGO) == datetime(2026, 10, 31, 1, tzinfo=UTC)
    assert evening(date(2026, 11, 2), CHICAGO) == datetime(2026, 11, 3, 2, tzinfo=UTC)


def test_a_promise_counts_business_days_at_the_destination():
    leaves_at = datetime(2026, 11, 25, 14, tzinfo=NEW_YORK)
    departure = Departure(leaves_at=leaves_at, ship_day=date(2026, 11, 25), destination=LOS_ANGELES)
    assert departure.promise(1, 3) == Promise(
        min_days=1,
        max_days=3,
        earliest=datetime(2026, 11, 28, 4, tzinfo=UTC),  # Friday, 27 November, 8 pm, after Thanksgiving
        latest=datetime(2026, 12, 2, 4, tzinfo=UTC),  # Tuesday, 1 December, after the weekend
    )
    assert departure.promise(-1, -1) is None
    assert departure.promise_today().latest == datetime(2026, 11, 26, 4, tzinfo=UTC)


def test_terms_in_words():
    assert [terms(*days) for days in ((1, 1), (3, 3), (2, 5), (0, 0), (-1, -1))] == [
        "1 business day",
        "3 business days",
        "2\N{EN DASH}5 business days",
        "Same business day",
        "Delivery day not published",
    ]


def _level(service, **changes):
    rates = {rate.service_level.id: rate.service_level for rate in quote(request(**changes)).rates}
    return rates[service]


def test_a_range_has_an_earliest_and_a_latest_evening():
    level = _level("usps_ground_advantage")
    assert (level.min_days, level.days, level.terms) == (2, 5, "2\N{EN DASH}5 business days")
    assert level.earliest_delivery == datetime(2026, 8, 6, 1, tzinfo=UTC)
    assert level.estimated_delivery == datetime(2026, 8, 11, 1, tzinfo=UTC)


def test_next_day_before_thanksgiving_arrives_after_it():
    shipped = datetime(2026, 11, 25, 15, tzinfo=UTC)
    assert _level("ups_next_day_air", ship_at=shipped).estimated_delivery == datetime(2026, 11, 28, 2, tzinfo=UTC)


def test_lead_time_and_the_teams_cutoff_move_the_ship_day():
    usual = datetime(2026, 8, 5, 1, tzinfo=UTC)
    later = datetime(2026, 8, 6, 1, tzinfo=UTC)
    assert _level("ups_next_day_air").estimated_delivery == usual
    assert _level("ups_next_day_air", options=ShipmentOptions(lead_time_mins=24 * 60)).estimated_delivery == later
    assert _level("ups_next_day_air", team=TeamSettings(cutoff_hour=11)).estimated_delivery == later


def test_no_delivery_day_is_promised_to_a_military_address():
    level = _level("usps_priority_mail", destination_zip="09012")
    assert (level.days, level.min_days, level.estimated_delivery) == (None, None, None)
    assert level.terms == "Delivery day not published"
