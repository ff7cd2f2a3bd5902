"""Ids of things kept elsewhere on the desk: contacts, addresses, locations, fulfillments.

None of these can be stored yet, so every reference to one is unknown.
"""

from collections.abc import Mapping

from lib.models.addresses import ContactReference, PartyInput
from lib.models.errors import NotFound
from lib.models.ids import looks_like_id
from lib.models.shipments import QuoteRequest

_ADDRESS_PREFIXES = ("addr", "loc")


def require_stored(references: Mapping[str, str]) -> None:
    """Refuse references (wire path → id) to what is not stored. Raises NotFound naming every path and id."""
    if not references:
        return
    named = ", ".join(f"{path} {identifier}" for path, identifier in references.items())
    raise NotFound(
        f"Nothing is stored under {named}.",
        fields=list(references),
        code="reference_not_found",
        details={"not_found": dict(references)},
    )


def references_of(request: QuoteRequest) -> dict[str, str]:
    """Everything kept elsewhere that a request needs for a price, as wire path → id."""
    found = {}
    for name, party in (("sender", request.sender), ("recipient", request.recipient)):
        found.update(_party_references(name, party))
    whole = {"location_id": request.location_id, "fulfillment_id": request.fulfillment_id}
    return found | {path: identifier for path, identifier in whole.items() if identifier}


def _party_references(name: str, party: PartyInput | ContactReference | str) -> dict[str, str]:
    if isinstance(party, str):
        return {name: party}
    if party.contact_id:
        return {f"{name}.contact_id": party.contact_id}
    if isinstance(party, PartyInput) and isinstance(party.address, str):
        text = party.address.strip()
        if any(looks_like_id(text, prefix) for prefix in _ADDRESS_PREFIXES):
            return {f"{name}.address": text}
    return {}
