"""Independent couriers whose cards the team enters."""

from lib.models.rates import Provider
from lib.models.team import TeamSettings
from lib.rating.lots import Lot
from lib.rating.pricing import Answer
from lib.rating.providers.base import nothing


class Marketplace:
    """Independent couriers: nobody is here before a card of theirs is entered."""

    connected = False

    def describe(self, team: TeamSettings) -> Provider:  # noqa: ARG002
        """The marketplace as shown with an outcome."""
        return Provider(id="marketplace", name="Marketplace", marketplace=True)

    def price(self, lot: Lot) -> Answer:
        """No rates, and why."""
        return nothing(lot, "No independent courier's rate card is entered")
