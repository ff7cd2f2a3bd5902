"""When a parcel arrives: business days from the ship date, to the evening of the day at the destination."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from lib.rating.lots import Ints, Lot
from lib.rating.pricing import ServicePrices
from lib.rating.rules import transit_for
from lib.rating.sizes import is_estimate
from lib.rating.zones import MILITARY

_SATURDAY = 5
_END_OF_DAY = time(20)
_MOST_ZONES = 128
_UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Promise:
    """The least and the most business days, with the end of the earliest and of the latest day (UTC)."""

    min_days: int
    max_days: int
    earliest: datetime
    latest: datetime


@cache
def _federal_holidays(year: int) -> frozenset[date]:
    # Imported here: it takes 0.1 s, which a process that never quotes need not spend.
    import holidays  # noqa: PLC0415

    return frozenset(holidays.country_holidays("US", years=year))


def is_business_day(day: date) -> bool:
    """Whether carriers work on that day: neither a weekend nor a US federal holiday (as observed)."""
    return day.weekday() < _SATURDAY and day not in _federal_holidays(day.year)


def ship_day(leaves_at: datetime, zone: ZoneInfo, cutoff_hour: int) -> date:
    """The business day on which the carrier takes it over, in the origin's time; after the cutoff it is the next."""
    local = leaves_at.astimezone(zone)
    day = local.date() + timedelta(days=local.hour >= cutoff_hour)
    return day if is_business_day(day) else add_business_days(day, 1)


@lru_cache(maxsize=4096)
def add_business_days(day: date, days: int) -> date:
    """That many business days later; 0 is the day itself."""
    for _ in range(days):
        day += timedelta(days=1)
        while not is_business_day(day):
            day += timedelta(days=1)
    return day


@lru_cache(maxsize=4096)
def evening(day: date, zone: ZoneInfo) -> datetime:
    """8 pm of that day at the place, in UTC."""
    return datetime.combine(day, _END_OF_DAY, zone).astimezone(UTC)


@cache
def _days_by_zone(carrier: str, service: str) -> Ints:
    """[zones, 2] least and most business days, _UNKNOWN where nothing is published."""
    table = np.full((_MOST_ZONES, 2), _UNKNOWN, np.int64)
    for zone in range(_MOST_ZONES):
        days = transit_for(carrier, service, zone)
        if days is not None:
            table[zone] = days.min_days, days.max_days
    return table


def transit(lot: Lot, prices: ServicePrices) -> Ints:
    """[S, 2] least and most business days of a service, _UNKNOWN (-1) where nothing is published.

    Published days do not hold for military addresses. An own courier's days follow from its service level.
    """
    service = prices.service
    if prices.zones is None:
        return np.full((len(lot.starts), 2), _COURIER_DAYS.get(service.code, _UNKNOWN), np.int64)
    days = _days_by_zone(service.provider, service.key)[prices.zones.zone]
    military = _IS_MILITARY[lot.origin_zip3] | _IS_MILITARY[lot.destination_zip3]
    return np.where(military[:, None], _UNKNOWN, days) if military.any() else days


@cache
def days_note(carrier: str, service: str, zone: int) -> str | None:
    """Says so where the delivery days are not from the carrier itself."""
    days = transit_for(carrier, service, zone)
    if days is None or not is_estimate(days.status):
        return None
    return "The delivery days are an estimate: they are not from a document of the carrier."


_COURIER_DAYS = {
    "on_demand": 0, "same_day": 0, "next_day_early": 1, "next_day": 1, "next_day_later": 1,
    "two_day_early": 2, "two_day": 2, "three_day": 3,
}  # fmt: skip

# An unknown prefix (-1) reads the last row.
_IS_MILITARY = np.isin(np.arange(1001), sorted(MILITARY))


def terms(min_days: int, max_days: int) -> str:
    """How long it takes, in words; negative days are unknown."""
    if max_days < 0:
        return "Delivery day not published"
    if max_days == 0:
        return "Same business day"
    if min_days == max_days:
        return f"{max_days} business day{'s' if max_days != 1 else ''}"
    return f"{min_days}\N{EN DASH}{max_days} business days"
