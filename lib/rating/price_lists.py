"""Which published list prices a service on a ship date, and whether that day is inside its period."""

from datetime import date, timedelta
from functools import cache, lru_cache

from lib.rating.cards.book import CardBook
from lib.rating.pricing import ListInfo
from lib.rating.rules import usps_rules
from lib.rating.tariffs import Tariff, load_tariffs, tariff

# UPS and FedEx publish next year's list in the last weeks of a year.
_PUBLISHED_AHEAD = timedelta(days=60)
_REPRICE = {"ups": "UPS reprices around New Year", "fedex": "FedEx reprices around New Year"}


@lru_cache(maxsize=4096)
def plain_date(day: date) -> str:
    """A date as people write it, such as `Jan 5, 2026`."""
    return f"{day:%b} {day.day}, {day.year}"


@cache
def _printed() -> tuple[Tariff, ...]:
    return tuple(each for each in load_tariffs() if not _is_derived(each))


@cache
def _derived() -> tuple[Tariff, ...]:
    """The USPS lists of 5 October 2025 less their holiday increase: derived, and not for every service."""
    return tuple(each for each in load_tariffs() if _is_derived(each))


def _is_derived(each: Tariff) -> bool:
    return each.carrier == "usps" and each.effective == usps_rules().peak_to + timedelta(days=1)


@cache
def _derived_until() -> date:
    """The last day before the next price change, after which the derived lists held no longer."""
    start = usps_rules().peak_to + timedelta(days=1)
    later = [each.effective for each in load_tariffs() if each.carrier == "usps" and each.effective > start]
    return min(later) - timedelta(days=1) if later else date.max


@lru_cache(maxsize=4096)
def list_for(
    carrier: str, code: str, service: str, on: date, package: str | None = None, *, cards: CardBook = CardBook.EMPTY
) -> tuple[Tariff, ListInfo] | None:
    """The newest list in effect by that day that prices the service (in that packaging), else the oldest.

    None if no list prices it. A derived list answers only on the days on which it is known to have held; on later
    days a service that no newer list prices is taken from the list as printed, which is then out of its period.
    The lists that the team has loaded answer on the days that they cover, before a printed one of the same date.
    """
    loaded = [each for each in cards.published if each.covers(on)]
    choices = (*loaded, *_printed())
    if any(each.effective <= on for each in _derived()) and on <= _derived_until():
        choices = (*choices, *_derived())
    found = tariff(carrier, code, on, service=service, package=package, lists=choices)
    if found is None:
        return None
    if any(found is each for each in loaded):
        return found, ListInfo(name=found.name, effective=found.effective, until=found.until, in_period=True)
    return found, _info(found, on)


def _info(found: Tariff, on: date) -> ListInfo:
    notes = []
    until = found.until
    if found in _derived():
        until = _derived_until()
    elif found.carrier == "usps" and found.effective == usps_rules().peak_from:
        ends = usps_rules().peak_to
        until = min(until or ends, ends)
        notes.append(
            f"This list includes the holiday increase charged from {plain_date(found.effective)} to {plain_date(ends)}."
        )
    begun, ended = found.effective <= on, until is not None and until < on
    superseded = until is None and on >= date((found.effective + _PUBLISHED_AHEAD).year + 1, 1, 1)
    if not begun:
        notes.append(f"The list takes effect on {plain_date(found.effective)}, after the ship date.")
    elif until is not None and ended:
        notes.append(f"The list ended on {plain_date(until)}; no later one was found for this service.")
    elif superseded:
        notes.append(f"{_REPRICE.get(found.carrier, 'Prices change')}: this list may be superseded on the ship date.")
    return ListInfo(
        name=found.name,
        effective=found.effective,
        until=until,
        in_period=begun and not ended and not superseded,
        notes=tuple(notes),
    )
