"""What can be said about an address without asking anybody: ZIP, city and state agree, and there is a street."""

import re

from lib.models.addresses import Address
from lib.models.shipments import Shipment

_PO_BOX = re.compile(r"\bp\.?\s*o\.?\s*box\b", re.IGNORECASE)
_NOT_VERIFIED = "Addresses were checked by ZIP, city and state; whether the street exists was not."


def verification_notes(shipment: Shipment) -> list[str]:
    """What a check of both addresses found, one sentence each, and what it cannot find out.

    Gaps and the city are put right already when an address comes in; what is said here is left to people.
    """
    parties = (("Sender", shipment.sender), ("Recipient", shipment.recipient))
    return [*(f"{name}: {found}" for name, party in parties for found in _findings(party.address)), _NOT_VERIFIED]


def _findings(address: Address) -> list[str]:
    if not address.line1:
        return ["There is no street, which a label needs."]
    if _PO_BOX.search(address.line1):
        return ["A PO Box takes mail of USPS only; UPS and FedEx do not deliver there."]
    if not any(sign.isdigit() for sign in address.line1):
        return [f"No house number was found in {address.line1}."]
    return []
