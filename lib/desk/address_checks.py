"""Address checks on the embedded desk: no service is asked, so they work offline."""

from lib.address.verification import verify
from lib.models.address_checks import AddressCheck, AddressVerification


class LocalAddressChecks:
    """Checks addresses by ZIP and by the rules of each country's post."""

    def verify(self, asked: AddressCheck) -> AddressVerification:
        """What can be said of an address without asking anybody. Raises nothing: problems are in the answer."""
        return verify(asked)
