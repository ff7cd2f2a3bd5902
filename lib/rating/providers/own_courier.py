"""The team's own couriers: the one of the settings, and those whose rate cards are loaded."""

from collections.abc import Sequence

from lib.models.rates import Provider
from lib.models.team import TeamSettings
from lib.rating.lots import Lot
from lib.rating.pricing import Answer, ListInfo
from lib.rating.providers.bands import Band, band_prices, band_refusals, card_prices
from lib.rating.providers.base import nothing, straight_miles
from lib.rating.services import Service


class OwnCourier:
    """Own couriers charge by parcel: the cheapest band that reaches both its weight and the distance."""

    connected = True
    blocking = False

    def describe(self, team: TeamSettings) -> Provider:
        """The courier of the settings under the team's name for it; a card's courier has its own name on the rate."""
        return Provider(id="self", name=team.courier.name)

    def price(self, lot: Lot) -> Answer:
        """Prices by band of weight and great-circle miles between the ZIPs, one service per courier and level."""
        courier, cards = lot.team.courier, lot.cards.couriers_on("self", lot.on)
        bands: list[Sequence[Band]] = [card.bands for card in cards]
        if courier.active:
            bands.insert(0, courier.bands)
        if not bands:
            return nothing(lot, "Your own courier is not switched on in the settings")
        if not any(bands):
            return nothing(lot, f"The rate card of {courier.name} is empty")
        miles = straight_miles(lot)
        prices = [card_prices(lot, miles, card, self.describe(lot.team)) for card in cards]
        if courier.active and courier.bands:
            prices.insert(
                0,
                band_prices(
                    lot,
                    miles,
                    service=Service("self", "courier", courier.service_level, courier.name),
                    bands=courier.bands,
                    price_list=ListInfo(name=f"{courier.name} rate card", effective=lot.on, until=None, in_period=True),
                ),
            )
        return Answer(tuple(prices), band_refusals(lot, miles, [band for each in bands for band in each]))
