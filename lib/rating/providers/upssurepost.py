"""UPS SurePost (Ground Saver), which is sold by contract only."""

from lib.models.rates import Provider
from lib.models.team import TeamSettings
from lib.rating.lots import Lot
from lib.rating.pricing import Answer
from lib.rating.providers.base import nothing


class SurePost:
    """SurePost publishes no prices: it is quoted only from a card that the team enters."""

    connected = False

    def describe(self, team: TeamSettings) -> Provider:  # noqa: ARG002
        """SurePost as shown with an outcome."""
        return Provider(id="upssurepost", name="UPS SurePost", support_url="https://www.ups.com")

    def price(self, lot: Lot) -> Answer:
        """No rates, and why."""
        return nothing(
            lot, "UPS publishes no SurePost prices; it is quoted only from a rate card of yours, and none is entered"
        )
