"""The team's own courier, by its own card."""

import numpy as np

from lib.address.distance import miles_between
from lib.models.rates import Provider
from lib.models.team import Courier, TeamSettings
from lib.rating.lots import Floats, Ints, Lot
from lib.rating.pricing import Answer, Base, Billing, ListInfo, PriceRow, Refusal, add_up
from lib.rating.providers.base import nothing
from lib.rating.services import Service
from lib.rating.tariffs import PriceGrid

_ANY_ZONE = (0,)


class OwnCourier:
    """Own couriers charge by parcel: the cheapest band that reaches both its weight and the distance."""

    connected = True

    def describe(self, team: TeamSettings) -> Provider:
        """The courier under the team's name for it."""
        return Provider(id="self", name=team.courier.name)

    def price(self, lot: Lot) -> Answer:
        """Prices by band of weight and great-circle miles between the ZIPs."""
        courier = lot.team.courier
        if not courier.active:
            return nothing(lot, "Your own courier is not switched on in the settings")
        if not courier.bands:
            return nothing(lot, f"The rate card of {courier.name} is empty")
        miles = _miles(lot)
        parcel_miles = miles[lot.owner]
        base = Base.empty(lot)
        for band in courier.bands:
            reached = (lot.weight <= band.max_weight_lb) & (parcel_miles <= band.max_miles) & (base.cents < 0)
            label = f"up to {band.max_weight_lb:g} lb and {band.max_miles:g} miles"
            row = PriceRow(label, flat=False, grid=_one_price(label, band.max_weight_lb, band.price), weight=lot.weight)
            base.put(np.full(len(lot.owner), band.price, np.int64), row, reached)
        billing = Billing(
            actual=lot.weight, dimensional=np.zeros_like(lot.weight), billable=lot.weight, rule=None, sizes=lot.sides
        )
        prices = add_up(
            lot,
            service=Service("self", "courier", courier.service_level, courier.name),
            price_list=ListInfo(name=f"{courier.name} rate card", effective=lot.on, until=None, in_period=True),
            zones=None,
            base=base,
            billing=billing,
            notes=(_distance_note(miles),),
        )
        return Answer((prices,), _refusals(lot, miles, courier))


def _one_price(label: str, weight: float, cents: int) -> PriceGrid:
    return PriceGrid("courier", label, np.array([weight]), _ANY_ZONE, np.array([[cents]], np.int32))


def _miles(lot: Lot) -> Floats:
    """[S] miles between the two ZIPs, not a number where one is not on the map."""
    pairs, back = np.unique(np.stack([lot.origin_zip, lot.destination_zip], axis=1), axis=0, return_inverse=True)
    found = [_miles_of(pair) for pair in pairs]
    return np.array(found, np.float64)[back.reshape(-1)]


def _miles_of(pair: Ints) -> float:
    miles = miles_between(f"{pair[0]:05d}", f"{pair[1]:05d}")
    return np.nan if miles is None else miles


def _distance_note(miles: Floats) -> str:
    return f"{miles[0]:.1f} miles in a straight line between the two ZIP Codes." if len(miles) == 1 else ""


def _refusals(lot: Lot, miles: Floats, courier: Courier) -> tuple[Refusal, ...]:
    farthest = max(band.max_miles for band in courier.bands)
    heaviest = max(band.max_weight_lb for band in courier.bands)
    far = f"{miles[0]:,.0f} miles are" if len(miles) == 1 and np.isfinite(miles[0]) else "The distance is"
    return (
        Refusal(np.isnan(miles), "One of the ZIP Codes is not on the map, so there is no distance"),
        Refusal(miles > farthest, f"{far} more than the {farthest:g} that the rate card reaches"),
        Refusal(~lot.every(lot.weight <= heaviest), f"A parcel is over the {heaviest:g} lb that the rate card reaches"),
        Refusal(np.ones(len(miles), np.bool_), "No band of the rate card reaches this weight and distance together"),
    )
