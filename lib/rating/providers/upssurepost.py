"""UPS SurePost, whose prices UPS does not publish: from the team's own card alone."""

import numpy as np

from lib.models.rates import Provider
from lib.models.team import TeamSettings
from lib.rating.cards.book import CardHead, CourierCard
from lib.rating.lots import Lot, packages_where
from lib.rating.pricing import Answer, Base, PriceRow, Refusal, add_up
from lib.rating.providers.bands import band_prices, band_refusals, by_actual_weight, card_info
from lib.rating.providers.base import nothing, packing_refusal, straight_miles, zone_refusal, zones_of
from lib.rating.services import UPS_SUREPOST
from lib.rating.tariffs import PriceGrid

_SERVICE = UPS_SUREPOST[0]
_BOXES = packages_where(lambda each: each.code == "ups_custom_package", own_box=True)
_NOT_PUBLISHED = (
    "By actual weight and without fees or fuel: UPS publishes neither for SurePost, so the card has to hold them."
)


class SurePost:
    """SurePost publishes no prices: it is quoted only from a card that the team enters."""

    connected = False
    blocking = False

    def describe(self, team: TeamSettings) -> Provider:  # noqa: ARG002
        """SurePost as shown with a rate."""
        return Provider(id="upssurepost", name="UPS SurePost", support_url="https://www.ups.com")

    def price(self, lot: Lot) -> Answer:
        """Prices by weight and UPS Ground zone, or by weight and miles, whichever the newest card has."""
        by_zone = lot.cards.grids_on("upssurepost", (_SERVICE.key, "package"), lot.on)
        by_miles = next(iter(lot.cards.couriers_on("upssurepost", lot.on)), None)
        if by_zone is not None and (by_miles is None or _is_newer(by_zone[0], by_miles.head)):
            return _by_zone(lot, *by_zone)
        if by_miles is not None:
            return _by_miles(lot, by_miles)
        return nothing(
            lot, "UPS publishes no SurePost prices; it is quoted only from a rate card of yours, and none is entered"
        )


def _is_newer(one: CardHead, other: CardHead) -> bool:
    return (one.effective, one.created_at) > (other.effective, other.created_at)


def _by_zone(lot: Lot, head: CardHead, grid: PriceGrid) -> Answer:
    zones = zones_of(lot, "ups")
    base = Base.empty(lot)
    base.read(PriceRow("package", flat=False, grid=grid, weight=lot.weight), lot.by_parcel(zones.zone))
    boxed = lot.packed_in(_BOXES)
    prices = add_up(
        lot,
        service=_SERVICE,
        price_list=card_info(head.name, head.effective, head.until),
        zones=zones,
        base=base,
        billing=by_actual_weight(lot),
        offered=(zones.zone > 0) if boxed is None else (zones.zone > 0) & lot.every(boxed),
        notes=(_NOT_PUBLISHED,),
    )
    heaviest = float(grid.weights[-1])
    refusals = [
        *packing_refusal(lot, _BOXES, "SurePost"),
        zone_refusal(lot, zones, "UPS"),
        Refusal(~lot.every(lot.weight <= heaviest), f"A parcel is over the {heaviest:g} lb that the rate card reaches"),
        Refusal(np.ones(len(lot.starts), np.bool_), "The rate card has no price for this zone"),
    ]
    return Answer((prices,), tuple(refusals))


def _by_miles(lot: Lot, card: CourierCard) -> Answer:
    miles = straight_miles(lot)
    head = card.head
    info = card_info(head.name, head.effective, head.until)
    prices = band_prices(lot, miles, service=_SERVICE, bands=card.bands, price_list=info)
    return Answer((prices,), band_refusals(lot, miles, card.bands))
