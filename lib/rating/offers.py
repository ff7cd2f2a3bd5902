"""Offers: what a provider answered, made into rates that say when they arrive and why they cost what they do."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from lib.models.ids import new_id
from lib.models.rates import PriceLine, Provider, Rate, ServiceLevel
from lib.rating.delivery import Departure, Promise, terms, transit
from lib.rating.discounts import discount_line, upcharge_line
from lib.rating.explanation import Told, explain, rate_name
from lib.rating.extras import Extras, extras_for, tip_for
from lib.rating.lots import Lot
from lib.rating.pricing import Answer, ServicePrices
from lib.rating.requests import RatingRequest
from lib.rating.services import DOORDASH_DRIVE

_BOOKS_ONLY_TERMS = "books and media only"
_TODAY_TERMS = "Same day"


@dataclass(frozen=True, slots=True)
class Offers:
    """What the rates of one request have in common; `lot` is that request alone."""

    request: RatingRequest
    lot: Lot
    departure: Departure
    created_at: datetime
    _promises: dict[tuple[int, int], tuple[Promise | None, str]] = field(default_factory=dict)

    def rates(self, provider: Provider, answer: Answer, *, connected: bool) -> list[Rate]:
        """A rate for every service that the provider offers."""
        told, request = Told(), self.request
        extras = extras_for(provider, request.options, request.team, len(request.parcels))
        offered = [prices for prices in answer.prices if prices.total[0] >= 0]
        return [self._rate(provider, prices, told, extras, connected=connected) for prices in offered]

    def _rate(self, provider: Provider, prices: ServicePrices, told: Told, extras: Extras, *, connected: bool) -> Rate:
        tip = tip_for(provider, prices.service.code, self.request.options)
        price = int(prices.total[0]) + extras.cents
        customer = self._customer_lines(provider.id, prices, price)
        breakdown = explain(
            self.lot,
            prices,
            told,
            added=[*extras.lines, *tip.lines, *customer],
            notes=[*extras.notes, *tip.notes],
        )
        courier = self.request.team.courier
        return Rate(
            id=new_id("rate"),
            created_at=self.created_at,
            amount=breakdown.total,
            billed_amount=price + tip.cents,
            retail_amount=None if prices.retail is None else int(prices.retail[0]) + extras.cents + tip.cents,
            provider=prices.carried_by or provider,
            service_level=self._level(prices),
            pickup_at=self.departure.leaves_at.astimezone(UTC) if prices.service is DOORDASH_DRIVE else None,
            offline_delivery=prices.offline_delivery or (provider.id == "self" and courier.offline_delivery),
            test_label=not connected,
            breakdown=breakdown,
        )

    def _customer_lines(self, provider: str, prices: ServicePrices, price: int) -> list[PriceLine]:
        """Up-charge and discount on a price in cents that has no tip in it: a tip is the courier's, whole."""
        lines = []
        if prices.upcharge is not None and prices.upcharge.cents[0]:
            lines.append(upcharge_line(int(prices.upcharge.cents[0]), prices.upcharge.rule))
            price += lines[0].amount
        discounts, total = self.request.team.discounts, self.request.options.checkout_total
        discount = discount_line(discounts, checkout_total=total, provider=provider, price=price)
        return [*lines, discount] if discount else lines

    def _level(self, prices: ServicePrices) -> ServiceLevel:
        service = prices.service
        promise, words = self._promise(prices)
        return ServiceLevel(
            id=service.id,
            code=service.code,
            name=rate_name(self.lot, prices),
            terms=f"{words}, {_BOOKS_ONLY_TERMS}" if service.books_only else words,
            days=promise.max_days if promise else None,
            min_days=promise.min_days if promise else None,
            estimated_delivery=promise.latest if promise else None,
            earliest_delivery=promise.earliest if promise else None,
        )

    def _promise(self, prices: ServicePrices) -> tuple[Promise | None, str]:
        if prices.service is DOORDASH_DRIVE:
            return self.departure.promise_today(), _TODAY_TERMS
        min_days, max_days = transit(self.lot, prices)[0].tolist()
        known = self._promises.get((min_days, max_days))
        if known is None:
            known = self.departure.promise(min_days, max_days), terms(min_days, max_days)
            self._promises[min_days, max_days] = known
        return known
