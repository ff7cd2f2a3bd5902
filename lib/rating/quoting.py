"""A quote: every provider's rates for one shipment, why each costs what it does, and what became of the rest."""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import isfinite
from zoneinfo import ZoneInfo

import numpy as np

from lib.address.zips import place, split_zip
from lib.models.base import utc_now
from lib.models.errors import InvalidRequest
from lib.models.ids import new_id
from lib.models.options import PROVIDERS, ShipmentOptions
from lib.models.rates import Provider, ProviderOutcome, Rate, ServiceLevel
from lib.models.team import TeamSettings
from lib.rating import warming
from lib.rating.delivery import Promise, add_business_days, evening, ship_day, terms, transit
from lib.rating.explanation import Told, explain, rate_name
from lib.rating.filtering import fallback, fallback_note, removed_by
from lib.rating.lots import OWN_BOX, Lot, make_lot, package_index
from lib.rating.parcels import RatingParcel, resolve_parcels
from lib.rating.pricing import Answer, ServicePrices
from lib.rating.providers import REGISTRY, RateProvider
from lib.rating.selection import cheapest_first, recommended

__all__ = ["Quote", "RatingParcel", "RatingRequest", "quote", "resolve_parcels", "warm"]

warm = warming.warm

_LOG = logging.getLogger(__name__)
_UTC = ZoneInfo("UTC")
_BOOKS_ONLY_TERMS = "books and media only"


@dataclass(frozen=True, slots=True)
class RatingRequest:
    """What a quote needs. `ship_at` is aware, in UTC; ZIPs may be ZIP+4."""

    origin_zip: str
    destination_zip: str
    parcels: tuple[RatingParcel, ...]
    residential: bool
    ship_at: datetime
    options: ShipmentOptions
    team: TeamSettings


@dataclass(frozen=True, slots=True)
class Quote:
    """The rates, cheapest first, and per provider asked what came of it. `notes` are about the whole."""

    rates: list[Rate]
    outcomes: list[ProviderOutcome]
    notes: list[str]
    recommended: Rate | None


@dataclass(slots=True)
class _Asked:
    """What one provider said, before and after the options."""

    provider: Provider
    rates: list[Rate] = field(default_factory=list)
    kept: list[Rate] = field(default_factory=list)
    removed_by: list[str] = field(default_factory=list)
    problem: ProviderOutcome | None = None

    def outcome(self, shown: set[str]) -> ProviderOutcome:
        """What is said about the provider when the rates of these ids are shown."""
        if self.problem is not None:
            return self.problem
        count = sum(rate.id in shown for rate in self.rates)
        reason = None
        if self.removed_by:
            reason = f"{len(self.removed_by)} taken out by {' and '.join(dict.fromkeys(self.removed_by))}"
        return ProviderOutcome(
            provider=self.provider.id,
            name=self.provider.name,
            status="rates" if count else "filtered",
            rates=count,
            reason=None if count and count == len(self.rates) else reason,
        )


def quote(request: RatingRequest) -> Quote:
    """Ask every provider and put their rates side by side.

    A provider that fails or comes too late leaves the others' rates standing. Raises InvalidRequest for a ZIP,
    weight or side that is none.
    """
    deadline = time.monotonic() + request.options.provider_timeout / 1000
    desk = _Desk(request)
    asked = [desk.ask(code, deadline) for code in request.options.providers or PROVIDERS]
    rates = [rate for each in asked for rate in each.kept]
    notes: list[str] = []
    filters = list(dict.fromkeys(name for each in asked for name in each.removed_by))
    if request.options.providers is not None:
        filters.insert(0, "providers")
    if not rates and filters and request.options.return_other_rates:
        others = [code for code in PROVIDERS if code not in {each.provider.id for each in asked}]
        asked += [desk.ask(code, deadline) for code in others]
        rates = fallback([rate for each in asked for rate in each.rates])
        if rates:
            notes.append(fallback_note(filters))
    rates.sort(key=cheapest_first)
    shown = {rate.id for rate in rates}
    return Quote(rates, [each.outcome(shown) for each in asked], notes, recommended(rates))


class _Desk:
    """One request being answered."""

    def __init__(self, request: RatingRequest) -> None:
        self.request = request
        self.created_at = utc_now()
        self.origin = _zone_at(request.origin_zip)
        self.destination = _zone_at(request.destination_zip)
        leaves_at = request.ship_at + timedelta(minutes=request.options.lead_time_mins)
        self.today = request.ship_at.astimezone(self.destination).date()
        self.ship_day = ship_day(leaves_at, self.origin, request.team.cutoff_hour)
        self.lot = _lot(request, leaves_at.astimezone(self.origin))

    def ask(self, code: str, deadline: float) -> _Asked:
        """Ask one provider; its failure is an outcome, not an error."""
        provider = REGISTRY[code]
        asked = _Asked(provider.describe(self.request.team))
        if time.monotonic() > deadline:
            asked.problem = self._problem(asked, "timed_out", "Did not answer in time")
            return asked
        try:
            answer, told = provider.price(self.lot), Told()
            asked.rates = [self._rate(provider, asked.provider, prices, told) for prices in _offers(answer)]
        except Exception:  # noqa: BLE001 - whatever a provider fails with, the others' rates stand
            _LOG.exception("Provider %s failed", code)
            asked.problem = self._problem(asked, "error", "The prices could not be worked out")
            return asked
        if not asked.rates:
            reasons = answer.reasons(0) or ["No published price for this shipment"]
            asked.problem = self._problem(asked, "not_served", reasons[0])
            return asked
        for rate in asked.rates:
            option = removed_by(rate, self.request.options, today=self.today, destination=self.destination)
            if option is None:
                asked.kept.append(rate)
            else:
                asked.removed_by.append(option)
        return asked

    @staticmethod
    def _problem(asked: _Asked, status: str, reason: str) -> ProviderOutcome:
        return ProviderOutcome.model_validate(
            {"provider": asked.provider.id, "name": asked.provider.name, "status": status, "reason": reason}
        )

    def _rate(self, asked: RateProvider, provider: Provider, prices: ServicePrices, told: Told) -> Rate:
        service, cents = prices.service, int(prices.total[0])
        min_days, max_days = (int(days) for days in transit(self.lot, prices)[0])
        promise = self._promise(min_days, max_days)
        words = terms(min_days, max_days)
        courier = self.request.team.courier
        return Rate(
            id=new_id("rate"),
            created_at=self.created_at,
            amount=cents,
            billed_amount=cents,
            provider=provider,
            service_level=ServiceLevel(
                id=service.id,
                code=service.code,
                name=rate_name(self.lot, prices),
                terms=f"{words}, {_BOOKS_ONLY_TERMS}" if service.books_only else words,
                days=promise.max_days if promise else None,
                min_days=promise.min_days if promise else None,
                estimated_delivery=promise.latest if promise else None,
                earliest_delivery=promise.earliest if promise else None,
            ),
            offline_delivery=provider.id == "self" and courier.offline_delivery,
            test_label=not asked.connected,
            breakdown=explain(self.lot, prices, told),
        )

    def _promise(self, min_days: int, max_days: int) -> Promise | None:
        if max_days < 0:
            return None
        return Promise(
            min_days=min_days,
            max_days=max_days,
            earliest=evening(add_business_days(self.ship_day, min_days), self.destination),
            latest=evening(add_business_days(self.ship_day, max_days), self.destination),
        )


def _offers(answer: Answer) -> Iterable[ServicePrices]:
    return (prices for prices in answer.prices if prices.total[0] >= 0)


def _zone_at(zip_code: str) -> ZoneInfo:
    found = place(zip_code)
    return ZoneInfo(found.timezone) if found and found.timezone else _UTC


def _lot(request: RatingRequest, leaves_at: datetime) -> Lot:
    _check(request)
    parcels = request.parcels
    return make_lot(
        on=leaves_at.date(),
        team=request.team,
        origin_zip=_zip(request.origin_zip, "sender"),
        destination_zip=_zip(request.destination_zip, "recipient"),
        residential=np.array([request.residential]),
        owner=np.zeros(len(parcels), np.int64),
        weight=np.array([parcel.weight for parcel in parcels], np.float64),
        sides=np.array([(parcel.length, parcel.width, parcel.height) for parcel in parcels], np.float64),
        package=np.array([_package(parcel, number) for number, parcel in enumerate(parcels)], np.int64),
    )


def _check(request: RatingRequest) -> None:
    if not request.parcels:
        raise InvalidRequest("Give at least one parcel.", fields=["parcels"])
    for number, parcel in enumerate(request.parcels):
        smallest = -1.0 if parcel.package is not None else 0.0
        sides = {"length": parcel.length, "width": parcel.width, "height": parcel.height}
        bad = [name for name, side in sides.items() if not isfinite(side) or side <= smallest]
        if not isfinite(parcel.weight) or parcel.weight <= 0:
            bad.append("weight")
        if bad:
            fields = [f"parcels.{number}.{name}" for name in bad]
            raise InvalidRequest(f"The {' and '.join(bad)} of a parcel must be above zero.", fields=fields)


def _zip(text: str, party: str) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    parts = split_zip(text)
    if parts is None:
        raise InvalidRequest(f"The {party}'s ZIP Code must be five digits.", fields=[f"{party}.address.postal_code"])
    return np.array([int(parts[0])], np.int64)


def _package(parcel: RatingParcel, number: int) -> int:
    if parcel.package is None:
        return OWN_BOX
    try:
        return package_index(parcel.package)
    except KeyError:
        raise InvalidRequest(
            f"There is no package type {parcel.package!r}.", fields=[f"parcels.{number}.type"]
        ) from None
