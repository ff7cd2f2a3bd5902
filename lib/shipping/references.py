"""What a request for rates names by id: contacts, addresses, a location, a fulfillment."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from lib.directory.lookup import Lookup, PartyInHand
from lib.models.errors import InvalidRequest
from lib.models.fulfillments import Fulfillment
from lib.models.parcels import ParcelInput
from lib.models.shipments import QuoteRequest
from lib.store.database import reading
from lib.store.directory import FULFILLMENTS, LOCATIONS


@dataclass(frozen=True, slots=True)
class Referred:
    """What the ids in a request led to; `parties` by their wire path, `sender` and `recipient`."""

    parties: Mapping[str, PartyInHand] = field(default_factory=dict)
    fulfillment: Fulfillment | None = None


NOTHING_REFERRED = Referred()


def find_references(engine: sa.Engine, request: QuoteRequest) -> Referred:
    """Everything kept elsewhere that a request needs for a price.

    Raises NotFound naming every path and id under which nothing is kept, InvalidRequest for a contact or location
    that has no address to send from or to.
    """
    with reading(engine).connect() as connection:
        lookup = Lookup(connection)
        parties = {name: lookup.party(name, getattr(request, name)) for name in ("sender", "recipient")}
        lookup.find(LOCATIONS, "location_id", request.location_id or None)
        fulfillment = lookup.find(FULFILLMENTS, "fulfillment_id", request.fulfillment_id or None)
        lookup.refuse_missing()
    return Referred(parties, fulfillment)


def parcels_of(request: QuoteRequest, fulfillment: Fulfillment | None) -> list[ParcelInput]:
    """The parcels of the request, or else of its fulfillment; the only parcel of an order holds all of its contents.

    Raises InvalidRequest when neither has any.
    """
    parcels = request.parcels or (fulfillment.parcels if fulfillment else [])
    if not parcels:
        raise InvalidRequest(
            f"Fulfillment {request.fulfillment_id} has no parcels; give the parcels of this shipment.",
            fields=["parcels"],
        )
    if fulfillment and len(parcels) == 1 and not parcels[0].contents:
        return [parcels[0].model_copy(update={"contents": fulfillment.all_contents})]
    return parcels
