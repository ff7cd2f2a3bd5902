"""Shipments that leave the United States or come from abroad: only the team's own agreed prices are known for them.

No carrier's international list is loaded, and nothing stands in for one.
"""

from collections.abc import Sequence

import numpy as np

from lib.address.countries import country_name
from lib.models.options import ServiceLevelCode
from lib.models.team import InternationalPrice
from lib.rating.lots import Lot
from lib.rating.pricing import Answer, Base, ListInfo, PriceRow, Refusal, ServicePrices, add_up
from lib.rating.providers.bands import by_actual_weight
from lib.rating.providers.base import nothing
from lib.rating.services import Service
from lib.rating.tariffs import PriceGrid

_ANY_ZONE = (0,)
_LEVELS: dict[int, ServiceLevelCode] = {0: "same_day", 1: "next_day", 2: "two_day", 3: "three_day"}
_LATER: ServiceLevelCode = "ground"
_REASONS = {
    "ups": "No international list of UPS is loaded here",
    "fedex": "No international list of FedEx is loaded here",
    "usps": "No international list of USPS is loaded here",
    "upssurepost": "SurePost goes to addresses within the United States only",
    "doordash": "DoorDash drives between places that are both in the United States only",
    "marketplace": "The cards of independent couriers go by miles between two US ZIP Codes",
}


def price_abroad(code: str, lot: Lot, origin: str, destination: str) -> Answer:
    """What a provider says to a lot of one shipment of which an end lies abroad; the countries by their codes."""
    if code != "self":
        return nothing(lot, _REASONS[code])
    prices = [each for each in lot.team.courier.international if each.country_code == destination]
    if origin == destination:
        return nothing(lot, f"There are no own prices for parcels within {country_name(destination)}")
    if not prices:
        return nothing(lot, f"The settings have no own price to {country_name(destination)}")
    days = sorted({each.days for each in prices})
    heaviest = max(each.max_weight_lb for each in prices)
    refusal = Refusal(
        np.ones(len(lot.starts), np.bool_), f"A parcel is over the {heaviest:g} lb that your own prices reach"
    )
    return Answer(tuple(_service(lot, destination, count, prices) for count in days), (refusal,))


def _service(lot: Lot, destination: str, days: int, prices: Sequence[InternationalPrice]) -> ServicePrices:
    """The rows of one delivery time: per parcel the cheapest that takes its weight."""
    courier, country = lot.team.courier, country_name(destination)
    base = Base.empty(lot)
    for price in sorted((each for each in prices if each.days == days), key=lambda each: each.price):
        label = f"up to {price.max_weight_lb:g} lb to {country}"
        grid = PriceGrid(
            "courier", label, np.array([price.max_weight_lb]), _ANY_ZONE, np.array([[price.price]], np.int32)
        )
        base.put(
            np.full(len(lot.owner), price.price, np.int64),
            PriceRow(label, flat=False, grid=grid, weight=lot.weight),
            (lot.weight <= price.max_weight_lb) & (base.cents < 0),
        )
    return add_up(
        lot,
        service=Service("self", f"international_{days}", _LEVELS.get(days, _LATER), f"{courier.name} to {country}"),
        price_list=ListInfo(name=f"{courier.name} prices abroad", effective=lot.on, until=None, in_period=True),
        zones=None,
        base=base,
        billing=by_actual_weight(lot),
        days=days,
    )
