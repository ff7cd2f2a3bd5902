"""Couriers' cards: prices by band of weight and of miles in a straight line."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

import numpy as np

from lib.models.rates import Provider
from lib.rating.cards.book import CourierCard
from lib.rating.cards.cells import slug
from lib.rating.lots import Floats, Lot
from lib.rating.pricing import Base, Billing, ListInfo, PriceRow, Refusal, ServicePrices, add_up
from lib.rating.services import Service
from lib.rating.tariffs import PriceGrid

_ANY_ZONE = (0,)


class Band(Protocol):
    """A price (cents) up to a weight (pounds) and a distance (miles)."""

    @property
    def max_weight_lb(self) -> float: ...
    @property
    def max_miles(self) -> float: ...
    @property
    def price(self) -> int: ...


def band_prices(
    lot: Lot, miles: Floats, *, service: Service, bands: Sequence[Band], price_list: ListInfo
) -> ServicePrices:
    """Per parcel the cheapest band that reaches its weight and the distance `miles` [S]; `bands` cheapest first."""
    parcel_miles = miles[lot.owner]
    base = Base.empty(lot)
    for band in bands:
        reached = (lot.weight <= band.max_weight_lb) & (parcel_miles <= band.max_miles) & (base.cents < 0)
        label = f"up to {band.max_weight_lb:g} lb and {band.max_miles:g} miles"
        row = PriceRow(label, flat=False, grid=_one_price(label, band.max_weight_lb, band.price), weight=lot.weight)
        base.put(np.full(len(lot.owner), band.price, np.int64), row, reached)
    return add_up(
        lot,
        service=service,
        price_list=price_list,
        zones=None,
        base=base,
        billing=by_actual_weight(lot),
        notes=(_distance_note(miles),),
    )


def card_prices(lot: Lot, miles: Floats, card: CourierCard, provider: Provider) -> ServicePrices:
    """What a courier's card asks; the rate is carried by the courier that the card names."""
    level = card.service_level.replace("_", " ")
    service = Service(
        provider.id, f"{slug(card.courier)}_{card.service_level}", card.service_level, f"{card.courier}, {level}"
    )
    head = card.head
    prices = band_prices(
        lot, miles, service=service, bands=card.bands, price_list=card_info(head.name, head.effective, head.until)
    )
    return replace(prices, carried_by=provider.model_copy(update={"name": card.courier}))


def card_info(name: str, effective: date, until: date | None) -> ListInfo:
    """A card as the list that a price is from: it is only asked on days on which it holds."""
    return ListInfo(name=name, effective=effective, until=until, in_period=True)


def by_actual_weight(lot: Lot) -> Billing:
    """Billing that never looks at the size."""
    return Billing(
        actual=lot.weight, dimensional=np.zeros_like(lot.weight), billable=lot.weight, rule=None, sizes=lot.sides
    )


def band_refusals(lot: Lot, miles: Floats, bands: Sequence[Band]) -> tuple[Refusal, ...]:
    """Why none of the bands reaches a shipment."""
    farthest = max(band.max_miles for band in bands)
    heaviest = max(band.max_weight_lb for band in bands)
    far = f"{miles[0]:,.0f} miles are" if len(miles) == 1 and np.isfinite(miles[0]) else "The distance is"
    return (
        Refusal(np.isnan(miles), "One of the ZIP Codes is not on the map, so there is no distance"),
        Refusal(miles > farthest, f"{far} more than the {farthest:g} that the rate card reaches"),
        Refusal(~lot.every(lot.weight <= heaviest), f"A parcel is over the {heaviest:g} lb that the rate card reaches"),
        Refusal(np.ones(len(miles), np.bool_), "No band of the rate card reaches this weight and distance together"),
    )


def _one_price(label: str, weight: float, cents: int) -> PriceGrid:
    return PriceGrid("courier", label, np.array([weight]), _ANY_ZONE, np.array([[cents]], np.int32))


def _distance_note(miles: Floats) -> str:
    return f"{miles[0]:.1f} miles in a straight line between the two ZIP Codes." if len(miles) == 1 else ""
