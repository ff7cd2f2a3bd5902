"""DoorDash Drive by the published figures: 9.75 to 5 miles, 0.75 a mile beyond, 15 at most, on the same day.

Straight-line miles from ZIP 10001 (40.7484 N, 73.9967 W), reckoned by hand from the degrees between (69.09 miles a
degree of latitude): 10011 0.6, 11201 3.8, 11375 8.02, 11432 10.9, 10701 15.3.
"""

from datetime import UTC, datetime

import numpy as np
import pytest

from lib.models.hours import DayHours, OperatingHours
from lib.models.options import ShipmentOptions
from lib.models.team import DoorDashSettings, TeamSettings
from lib.rating.batch import rate_many
from lib.rating.quoting import RatingParcel, quote
from tests.unit.rating.engine_cases import request

ON = TeamSettings(doordash=DoorDashSettings(active=True))
ALWAYS = OperatingHours.model_validate(
    {day: {"active": True, "open": "00:00", "close": "23:59"} for day in OperatingHours.model_fields}
)
ANY_TIME = TeamSettings(doordash=DoorDashSettings(active=True, hours=ALWAYS))


def _rate(**changes):
    asked = request(**({"team": ON, "destination_zip": "11375"} | changes))
    return next(rate for rate in quote(asked).rates if rate.provider.id == "doordash")


def _reason(**changes):
    asked = request(**({"team": ON, "destination_zip": "11375"} | changes))
    outcome = next(each for each in quote(asked).outcomes if each.provider == "doordash")
    assert (outcome.status, outcome.rates) == ("not_served", 0)
    return outcome.reason


@pytest.mark.parametrize(
    ("zip_code", "cents"),
    [
        ("10001", 975),
        ("10011", 975),
        ("11201", 975),
        ("11375", 1275),  # 8.02 miles: four begun beyond five
        ("11432", 1425),  # 10.9 miles: six
    ],
)
def test_the_price_goes_by_the_miles_begun(zip_code, cents):
    rate = _rate(destination_zip=zip_code)
    assert (rate.amount, rate.billed_amount, rate.breakdown.total) == (cents, cents, cents)
    assert (rate.service_level.code, rate.service_level.name) == ("same_day", "DoorDash Drive")


def test_it_says_why_the_price_is_what_it_is():
    found = _rate().breakdown
    assert [(line.label, line.amount, line.rule, line.estimate) for line in found.lines] == [
        ("Base price", 975, "DoorDash Drive: one delivery of all parcels, up to 5 miles", True),
        ("Distance", 300, "4 × 0.75 USD a mile beyond 5, a mile begun counts whole", True),  # noqa: RUF001
    ]
    assert found.notes == [
        "DoorDash names no first day of its prices; they were read on Sep 17, 2026.",
        "8.0 miles in a straight line between the two ZIP Codes; the road is longer, so the price is an estimate.",
        "DoorDash's limits of size and weight are not in the data: ask before sending a large parcel.",
    ]
    assert (found.is_estimate, found.zone) == (True, "Not zoned")


def test_all_parcels_are_one_delivery():
    rate = _rate(parcels=(RatingParcel(5, 9, 9, 9), RatingParcel(7, 9, 9, 9)))
    assert (rate.amount, len(rate.breakdown.parcels)) == (1275, 2)


def test_the_tip_is_a_line_of_its_own():
    rate = _rate(options=ShipmentOptions(same_day_tip_amount=450, request_provider_pickup=True))
    assert (rate.amount, rate.billed_amount) == (1725, 1725)
    assert [(line.code, line.amount) for line in rate.breakdown.lines] == [
        ("base", 975),
        ("distance", 300),
        ("tip", 450),
    ]
    assert "DoorDash takes 2.75 USD off for accounts that pass tips on; it is not taken off here." in (
        rate.breakdown.notes
    )
    assert "DoorDash comes to the sender anyway: there is no premium for a pickup." in rate.breakdown.notes


def test_it_is_off_unless_the_team_switches_it_on():
    assert _reason(team=TeamSettings()) == (
        "DoorDash is switched off in the settings; it delivers on the same day within 15 miles"
    )


def test_too_far_and_off_the_map_are_said():
    assert _reason(destination_zip="10701") == (
        "15.3 miles in a straight line are more than the 15 that DoorDash drives"
    )
    assert _reason(destination_zip="09012") == "One of the ZIP Codes is not on the map, so there is no distance"


@pytest.mark.parametrize(
    ("ship_at", "lead", "reason"),
    [
        # 8:59 and 17:00 in New York's summer time; 17:30 by 90 minutes of lead time
        (datetime(2026, 8, 3, 12, 59, tzinfo=UTC), 0, "Monday 08:59 (EDT), and DoorDash picks up on Mondays from "),
        (datetime(2026, 8, 3, 21, 0, tzinfo=UTC), 0, "Monday 17:00 (EDT), and DoorDash picks up on Mondays from "),
        (datetime(2026, 8, 3, 20, 0, tzinfo=UTC), 90, "Monday 17:30 (EDT), and DoorDash picks up on Mondays from "),
        (datetime(2026, 8, 8, 16, 0, tzinfo=UTC), 0, "Saturday 12:00 (EDT), and DoorDash picks up on Saturdays not at"),
        # a Sunday evening in New York that is Monday in UTC
        (datetime(2026, 8, 3, 0, 30, tzinfo=UTC), 0, "Sunday 20:30 (EDT), and DoorDash picks up on Sundays not at all"),
    ],
)
def test_it_is_quoted_within_opening_hours_of_the_sender(ship_at, lead, reason):
    found = _reason(ship_at=ship_at, options=ShipmentOptions(lead_time_mins=lead))
    assert found.startswith(f"Outside opening hours: it would leave on {reason}")


@pytest.mark.parametrize("ship_at", [datetime(2026, 8, 3, 13, 0, tzinfo=UTC), datetime(2026, 8, 3, 20, 59, tzinfo=UTC)])
def test_the_hours_reach_from_opening_up_to_closing(ship_at):
    assert _rate(ship_at=ship_at).amount == 1275


def test_hours_are_those_of_the_senders_time_zone():
    # 21:30 UTC is 17:30 in New York and 14:30 in Los Angeles.
    at = datetime(2026, 8, 3, 21, 30, tzinfo=UTC)
    assert _rate(ship_at=at, origin_zip="90012", destination_zip="90012").amount == 975
    assert "17:30 (EDT)" in _reason(ship_at=at)


def test_it_arrives_on_the_same_day_whatever_day_it_is():
    # Saturday, 4 July 2026, 18:00 in New York: after the carriers' cutoff, on a weekend and a holiday.
    level = _rate(ship_at=datetime(2026, 7, 4, 22, tzinfo=UTC), team=ANY_TIME).service_level
    assert (level.days, level.min_days, level.terms) == (0, 0, "Same day")
    assert level.estimated_delivery == datetime(2026, 7, 5, 0, tzinfo=UTC)  # 20:00 in New York
    late = _rate(ship_at=datetime(2026, 8, 4, 1, tzinfo=UTC), team=ANY_TIME)  # Monday, 21:00
    assert late.service_level.estimated_delivery == datetime(2026, 8, 4, 3, 59, tzinfo=UTC)
    assert late.pickup_at == datetime(2026, 8, 4, 1, tzinfo=UTC)


def test_many_at_once_have_the_price_of_one():
    zips = np.array([10_001, 10_011, 11_375, 11_432, 10_701, 9_012])
    table = rate_many(
        origin_zip=np.full(6, 10_001),
        destination_zip=zips,
        weight=np.full(6, 5.0),
        sides=np.full((6, 3), 8.0),
        residential=np.zeros(6, bool),
        on=datetime(2026, 8, 3, tzinfo=UTC).date(),
        team=ON,
        providers=["doordash"],
    )
    assert table.services == ("doordash_drive",)
    assert table.cents[:, 0].tolist() == [975, 975, 1275, 1425, -1, -1]
    assert table.max_days[:, 0].tolist()[:4] == [0, 0, 0, 0]


def test_a_day_closes_after_it_opens():
    with pytest.raises(ValueError, match="open must be before close"):
        DayHours(open="17:00", close="09:00")
