"""When a parcel arrives: business days from the ship date, to the evening of the day at the destination.

They are counted from the day the carrier takes the parcel over, without Saturdays, Sundays and US federal holidays. The
carriers' tables name no Saturday delivery, so none is counted on.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from lib.rating.lots import Ints, Lot
from lib.rating.pricing import ServicePrices
from lib.rating.sizes import is_estimate
from lib.rating.transit import transit_for

_SATURDAY = 5
_END_OF_DAY = time(20)
_LAST_MINUTE = time(23, 59)
_MOST_ZONES = 128
_UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Promise:
    """The least and the most business days, with the end of the earliest and of the latest day (UTC)."""

    min_days: int
    max_days: int
    earliest: datetime
    latest: datetime


@dataclass(frozen=True, slots=True)
class Departure:
    """When a shipment leaves: the moment in the sender's time zone, and the day on which a carrier takes it over."""

    leaves_at: datetime
    ship_day: date
    destination: ZoneInfo

    def promise(self, min_days: int, max_days: int) -> Promise | None:
        """Delivery that many business days after the ship day; None when that is not known (negative)."""
        if max_days < 0:
            return None
        return Promise(
            min_days=min_days,
            max_days=max_days,
            earliest=evening(add_business_days(self.ship_day, min_days), self.destination),
            latest=evening(add_business_days(self.ship_day, max_days), self.destination),
        )

    def promise_today(self) -> Promise:
        """Delivery by the evening of the very day, whatever day it is; by its end for what leaves in the evening."""
        local = self.leaves_at.astimezone(self.destination)
        by = datetime.combine(local.date(), _END_OF_DAY if local.time() < _END_OF_DAY else _LAST_MINUTE, local.tzinfo)
        return Promise(min_days=0, max_days=0, earliest=by.astimezone(UTC), latest=by.astimezone(UTC))


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

    Published days do not hold for military addresses. An own courier's days are its price
    list's, or else follow from its service level.
    """
    service = prices.service
    if prices.zones is None:
        days = _COURIER_DAYS.get(service.code, _UNKNOWN) if prices.days is None else prices.days
        return np.full((len(lot.starts), 2), days, np.int64)
    by_zone = _days_by_zone(service.provider, service.key)[prices.zones.zone]
    return np.where(lot.military[:, None], _UNKNOWN, by_zone) if lot.military.any() else by_zone


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


def terms(min_days: int, max_days: int) -> str:
    """How long it takes, in words; negative days are unknown."""
    if max_days < 0:
        return "Delivery day not published"
    if max_days == 0:
        return "Same business day"
    if min_days == max_days:
        return f"{max_days} business day{'s' if max_days != 1 else ''}"
    return f"{min_days}\N{EN DASH}{max_days} business days"
