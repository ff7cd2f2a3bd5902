"""Independent couriers whose cards the team enters."""

from lib.models.rates import Provider
from lib.models.team import TeamSettings
from lib.rating.lots import Lot
from lib.rating.pricing import Answer
from lib.rating.providers.bands import band_refusals, card_prices
from lib.rating.providers.base import nothing, straight_miles


class Marketplace:
    """Independent couriers: nobody is here before a card of theirs is entered."""

    connected = False
    blocking = False

    def describe(self, team: TeamSettings) -> Provider:  # noqa: ARG002
        """The marketplace as shown with an outcome; a rate carries the name of its courier."""
        return Provider(id="marketplace", name="Marketplace", marketplace=True)

    def price(self, lot: Lot) -> Answer:
        """Prices by band of weight and great-circle miles between the ZIPs, one service per courier and level."""
        cards = lot.cards.couriers_on("marketplace", lot.on)
        if not cards:
            return nothing(lot, "No independent courier's rate card is entered")
        miles = straight_miles(lot)
        prices = tuple(card_prices(lot, miles, card, self.describe(lot.team)) for card in cards)
        return Answer(prices, band_refusals(lot, miles, [band for card in cards for band in card.bands]))
