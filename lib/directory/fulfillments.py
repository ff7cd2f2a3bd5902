"""Fulfillments on the embedded desk."""

from datetime import datetime

import sqlalchemy as sa

from lib.address.parties import resolve_party
from lib.directory.lookup import Lookup
from lib.models.addresses import Party
from lib.models.fulfillments import Fulfillment, FulfillmentCreate, FulfillmentFields, FulfillmentUpdate
from lib.models.ids import new_id
from lib.models.parcels import Parcel
from lib.rating.quoting import resolve_parcels
from lib.store.directory import FULFILLMENTS, LOCATIONS
from lib.store.resources import KeptResource, given


class LocalFulfillments(KeptResource[Fulfillment, FulfillmentCreate, FulfillmentUpdate]):
    """Keeps fulfillments; a shipment that names one takes its parcels and contents."""

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__(engine, FULFILLMENTS)

    def _made(self, request: FulfillmentCreate, at: datetime) -> Fulfillment:
        return Fulfillment(id=request.id or new_id("ful"), created_at=at, updated_at=at)

    def _changed(self, kept: Fulfillment, changes: FulfillmentUpdate, at: datetime) -> Fulfillment:  # noqa: ARG002
        return kept.model_copy(update={"updated_at": at})

    def _linked(
        self,
        connection: sa.Connection,
        before: Fulfillment | None,  # noqa: ARG002
        after: Fulfillment,
        request: FulfillmentCreate | FulfillmentUpdate,
    ) -> Fulfillment:
        recipient = _recipient(connection, request)
        resolve_parcels([Parcel.model_validate(parcel.model_dump()) for parcel in request.parcels])
        changes = given(after, request)
        if "recipient" in changes:
            changes["recipient"] = recipient
        return after.model_copy(update={**changes, "id": after.id})


def _recipient(connection: sa.Connection, request: FulfillmentFields) -> Party | None:
    """The recipient as kept. Raises NotFound for what is not kept, InvalidRequest for what cannot be read."""
    lookup = Lookup(connection)
    lookup.find(LOCATIONS, "location_id", request.location_id)
    in_hand = lookup.party("recipient", request.recipient) if request.recipient is not None else None
    lookup.refuse_missing()
    return resolve_party(in_hand.given, "recipient", in_hand.address).party if in_hand else None
