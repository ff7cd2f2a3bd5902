"""The course of a test number that moves by itself: the same number always takes the same one.

`PKGX-AAAAAAA-…` is delivered, `PKGX-BBBBBBB-…` is picked up, one step every minute or two. On the way it passes the
sorting facilities of its two cities and of a city between them.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from lib.address.distance import miles_between
from lib.address.zips import Place, place
from lib.models.addresses import Address
from lib.models.shipments import TrackingUpdate
from lib.models.statuses import COMPLETED, ShipmentStatus
from lib.models.trackers import Tracker
from lib.tracking.own_numbers import DELIVERED_BLOCK, PICKED_UP_BLOCK, TEST_PREFIX, is_test_number

_SHORTEST_S, _LONGEST_S = 60, 120
_STEPS = 6
_ENDS: dict[str, tuple[tuple[ShipmentStatus, str], ...]] = {
    f"{TEST_PREFIX}{DELIVERED_BLOCK}": (("out_for_delivery", "Out for delivery."), ("delivered", "Delivered.")),
    f"{TEST_PREFIX}{PICKED_UP_BLOCK}": (("pickup_available", "Ready for pickup."), ("picked_up", "Picked up.")),
}
_END_LENGTH = len(TEST_PREFIX) + len(DELIVERED_BLOCK)
# Central ZIPs of large cities all over the country, to pass through or, without a shipment, to come from and go to.
_HUB_ZIPS = (
    "02108", "10001", "19103", "28202", "30303", "33130", "37203", "38103", "40202", "43215",
    "46204", "48226", "53202", "55401", "60601", "63101", "64106", "70112", "75201", "77002",
    "80202", "84101", "85004", "87102", "89101", "90012", "94103", "97204", "98101",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Route:
    """The cities a parcel passes, as `city, state`."""

    origin: str
    hub: str
    destination: str


def moves_by_itself(number: str) -> bool:
    """Whether a number has a course."""
    return is_test_number(number) and number[:_END_LENGTH] in _ENDS


def course(number: str, begun_at: datetime, route: Route) -> list[TrackingUpdate]:
    """Every step of a number that moves by itself, the first a minute or two after it was begun to be followed."""
    steps: list[tuple[ShipmentStatus, str, str]] = [
        ("package_accepted", "The carrier has the parcel.", route.origin),
        *(("in_transit", f"Sorting facility, {city}.", city) for city in (route.origin, route.hub, route.destination)),
        *((status, message, route.destination) for status, message in _ENDS[number[:_END_LENGTH]]),
    ]
    return [
        TrackingUpdate(id=identifier, status=status, message=message, address=city, created_at=at)
        for (identifier, at), (status, message, city) in zip(_schedule(number, begun_at), steps, strict=True)
    ]


def steps_left(tracker: Tracker, route: Route) -> list[TrackingUpdate]:
    """The steps that the tracker of a number that moves by itself has not taken yet."""
    taken = {update.id for update in tracker.tracking_updates}
    return [step for step in course(tracker.tracking_number, tracker.created_at, route) if step.id not in taken]


def next_move(tracker: Tracker) -> datetime | None:
    """When the tracker takes its next step by itself; None when it never does, or has ended."""
    if not moves_by_itself(tracker.tracking_number) or tracker.status in COMPLETED:
        return None
    taken = {update.id for update in tracker.tracking_updates}
    schedule = _schedule(tracker.tracking_number, tracker.created_at)
    return next((at for identifier, at in schedule if identifier not in taken), None)


def arrives_at(number: str, begun_at: datetime) -> datetime | None:
    """When a number that moves by itself will have arrived."""
    return _schedule(number, begun_at)[-1][1] if moves_by_itself(number) else None


def _schedule(number: str, begun_at: datetime) -> list[tuple[str, datetime]]:
    """The ids of the steps and when they are taken."""
    chance = random.Random(number)  # noqa: S311
    schedule, at = [], begun_at
    for position in range(1, _STEPS + 1):
        at += timedelta(seconds=chance.randint(_SHORTEST_S, _LONGEST_S))
        schedule.append((f"upd_{number.replace('-', '')}{position:02d}", at))
    return schedule


def route_of(number: str, origin: Address | None, destination: Address | None) -> Route:
    """The cities of a shipment with the large city nearest the middle between them; any, by the number, without one."""
    chance = random.Random(f"{number} route")  # noqa: S311
    hubs = [found for found in map(place, _HUB_ZIPS) if found is not None]
    start, end = chance.sample(hubs, 2)
    start, end = _place_of(origin) or start, _place_of(destination) or end
    cities = [_city(origin, start), _city(destination, end)]
    between = [hub for hub in hubs if f"{hub.city}, {hub.state_code}" not in cities]
    hub = min(between, key=lambda hub: _detour(start, hub, end))
    return Route(cities[0], f"{hub.city}, {hub.state_code}", cities[1])


def _place_of(address: Address | None) -> Place | None:
    return place(address.postal_code) if address and address.country_code == "US" else None


def _city(address: Address | None, known: Place) -> str:
    if address is not None and address.city:
        return f"{address.city}, {address.state_code or address.country_code}"
    return f"{known.city}, {known.state_code}"


def _detour(start: Place, hub: Place, end: Place) -> float:
    """How far the hub lies from both ends, the farther of them counting."""
    return max(miles_between(end_place.zip_code, hub.zip_code) or 0 for end_place in (start, end))
