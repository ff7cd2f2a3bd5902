"""What a shipment's answer says about its two addresses when they are to be verified."""

from lib.address.resolving import NO_STREET, not_asked, street_findings
from lib.models.addresses import Address
from lib.models.shipments import Shipment


def verification_notes(shipment: Shipment) -> list[str]:
    """What a check of both addresses found, one sentence each, and what it cannot find out.

    Gaps and the city are put right already when an address comes in; what is said here is left to people.
    """
    parties = (("Sender", shipment.sender.address), ("Recipient", shipment.recipient.address))
    found = [f"{name}: {words}" for name, address in parties for words in _findings(address)]
    return [*found, *not_asked(*(address for _, address in parties))]


def _findings(address: Address) -> list[str]:
    return street_findings(address) if address.line1 else [NO_STREET]
