"""DoorDash Drive, same day within a few miles."""

from lib.models.rates import Provider
from lib.models.team import TeamSettings
from lib.rating.lots import Lot
from lib.rating.pricing import Answer
from lib.rating.providers.base import nothing
from lib.rating.rules import doordash_rules


class DoorDash:
    """Drive needs the sender's opening hours and an account, which no one has entered here."""

    connected = False

    def describe(self, team: TeamSettings) -> Provider:  # noqa: ARG002
        """DoorDash as shown with an outcome."""
        return Provider(id="doordash", name="DoorDash", support_url="https://help.doordash.com")

    def price(self, lot: Lot) -> Answer:
        """No rates, and why."""
        miles = doordash_rules().max_miles
        return nothing(
            lot,
            f"DoorDash Drive delivers on the same day within {miles:g} miles, "
            "and only with an account and opening hours; none are entered",
        )
