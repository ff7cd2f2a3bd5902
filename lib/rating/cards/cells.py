"""Reading single cells: money, numbers, names. What cannot be read says what would be right."""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from lib.models.options import SERVICE_LEVELS
from lib.models.rate_cards import RowProblem
from lib.rating.services import (
    BOOKS_ONLY_SERVICES,
    FEDEX_EXPRESS,
    FEDEX_GROUND,
    FEDEX_ONE_RATE,
    UPS,
    UPS_SIMPLE_RATE,
    UPS_SUREPOST,
    USPS_BY_WEIGHT,
    USPS_OTHERWISE,
    Service,
)
from lib.rating.tariffs import load_tariffs

CARRIERS = ("ups", "fedex", "usps")
ALL_ZONES = "all"
MOST_CENTS = 10_000_00
MOST_WEIGHT_LB = 2_000
MOST_MILES = 3_000
MOST_PERCENT = 500
_PROBLEMS_KEPT = 50
_CENTS_DECIMALS = 2
_NUMBER = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?")
_COMMA_DECIMAL = re.compile(r"-?\d+,\d{1,2}")
_ALL_SERVICES = (
    *UPS, *UPS_SIMPLE_RATE, *UPS_SUREPOST, *FEDEX_GROUND, *FEDEX_EXPRESS, *FEDEX_ONE_RATE, *USPS_BY_WEIGHT,
    *BOOKS_ONLY_SERVICES, *USPS_OTHERWISE,
)  # fmt: skip


class BadCell(ValueError):
    """A cell that cannot be read; the message says what is wrong and what would be right."""


@dataclass(slots=True)
class Problems:
    """What is wrong in a file: the first problems in full, and how many there are."""

    first: list[RowProblem] = field(default_factory=list)
    count: int = 0

    def add(self, line: int, message: str, *, column: str | None = None, sheet: str | None = None) -> None:
        """One more problem."""
        self.count += 1
        if len(self.first) < _PROBLEMS_KEPT:
            self.first.append(RowProblem(line=line, sheet=sheet or None, column=column, message=message))


def decimal(text: str) -> Decimal:
    """A number such as 12, 1,234.50 or -0.5. Raises BadCell."""
    bare = text.replace(" ", "")
    if _COMMA_DECIMAL.fullmatch(bare):
        raise BadCell(f"“{text}” has a comma for the decimals; write {bare.replace(',', '.')}")
    if not _NUMBER.fullmatch(bare) or not any(character.isdigit() for character in bare):
        raise BadCell(f"“{text}” is not a number; write one such as 12.50")
    return Decimal(bare.replace(",", ""))


def money(text: str) -> int:
    """A price in US dollars as cents: 8.95, $8.95. Raises BadCell."""
    bare = text.removeprefix("$").strip()
    if any(sign in bare for sign in "€£¥$") or re.search(r"[A-Za-z]", bare):
        raise BadCell(f"“{text}” is not in US dollars; write a number such as 8.95")
    amount = decimal(bare)
    if amount < 0:
        raise BadCell(f"“{text}” is below zero; a price is 0.00 or more")
    return _cents(text, amount)


def _cents(text: str, amount: Decimal) -> int:
    cents = amount.scaleb(_CENTS_DECIMALS)
    if cents != cents.to_integral_value():
        raise BadCell(f"“{text}” has parts of a cent; write two decimals, such as {amount:.2f}")
    if cents > MOST_CENTS:
        raise BadCell(f"“{text}” is more than {MOST_CENTS // 100:,} dollars")
    return int(cents)


def whole_cents(text: str) -> int:
    """A price in whole cents: 895. Raises BadCell."""
    cents = decimal(text)
    if cents != cents.to_integral_value() or not 0 <= cents <= MOST_CENTS:
        raise BadCell(f"“{text}” is not a price in whole cents; 8.95 dollars are written 895")
    return int(cents)


def percent(text: str) -> float:
    """A percentage with at most two decimals: -12.5 or -12.5%. Raises BadCell."""
    found = decimal(text.removesuffix("%").strip())
    if not -100 < found <= MOST_PERCENT:  # noqa: PLR2004
        raise BadCell(f"“{text}” is outside -99.99 to {MOST_PERCENT} percent")
    if found.scaleb(_CENTS_DECIMALS) != found.scaleb(_CENTS_DECIMALS).to_integral_value():
        raise BadCell(f"“{text}” has more than two decimals; write {found:.2f}")
    return float(found)


def within(text: str, most: float, unit: str) -> float:
    """A number above zero and at most `most`. Raises BadCell."""
    found = float(decimal(text))
    if not 0 < found <= most:
        raise BadCell(f"“{text}” is outside 0 to {most:,g} {unit}")
    return found


def slug(text: str) -> str:
    """Words as they stand in names: lower case, joined by underscores."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def one_of(text: str, known: Sequence[str], what: str) -> str:
    """The known name that is meant. Raises BadCell with the nearest."""
    name = slug(text)
    if name in known:
        return name
    raise BadCell(f"there is no {what} “{text}”; {_hint(name, known)}")


def _hint(name: str, known: Iterable[str]) -> str:
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else f"known are {', '.join(names)}"


def service_level(text: str) -> str:
    """A service level such as same_day. Raises BadCell."""
    return one_of(text, SERVICE_LEVELS, "service level")


@cache
def services_of(provider: str) -> dict[str, Service]:
    """A carrier's services by what cards call them: the id without the carrier (`ground`, `ground_simple_rate`)."""
    return {
        service.id.removeprefix(f"{provider}_"): service for service in _ALL_SERVICES if service.provider == provider
    }


@cache
def _spellings(provider: str) -> dict[str, str]:
    """Every accepted spelling of a carrier's services."""
    found: dict[str, str] = {}
    for name, service in services_of(provider).items():
        for spelling in (name, service.id, slug(service.name), slug(service.name).removeprefix(f"{provider}_")):
            found.setdefault(spelling, name)
    return found


def service_name(provider: str, text: str) -> str:
    """What cards call the service that is meant; “UPS Ground”, “ground” and “ups_ground” are one. Raises BadCell."""
    found = _spellings(provider).get(slug(text))
    if found is None:
        raise BadCell(f"{provider} has no service “{text}”; {_hint(slug(text), services_of(provider))}")
    return found


@cache
def packages_of(provider: str, service: str) -> tuple[str, ...]:
    """The packages in which a carrier's lists price a service."""
    if provider == "upssurepost":
        return ("package",)
    keys = (key for each in load_tariffs() if each.carrier == provider for key in each.grids)
    return tuple(sorted({package for name, package in keys if name == service}))


@cache
def zones_of(provider: str) -> frozenset[str]:
    """The zones that a carrier's lists know, as text, with `all` for prices without zones."""
    carrier = "ups" if provider == "upssurepost" else provider
    grids = (grid for each in load_tariffs() if each.carrier == carrier for grid in each.grids.values())
    return frozenset(str(zone) if zone else ALL_ZONES for grid in grids for zone in grid.zones) | {ALL_ZONES}
