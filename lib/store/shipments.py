"""Shipments in the database: the whole as one document, what is filtered and sorted by beside it."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa

from lib.models.shipments import Shipment
from lib.store.database import writing
from lib.store.events import record_event
from lib.store.facets import TAG, Facet, metadata_facets, search_facets
from lib.store.tables import shipments
from lib.store.weeks import WeeklyDocuments

_ROWS_AT_ONCE = 500


def columns(shipment: Shipment) -> dict[str, Any]:
    """The row of a shipment beside its id, document and `sample` mark."""
    names = (
        "created_at", "updated_at", "status", "provider", "type", "tracking_number", "order_number", "location_id",
    )  # fmt: skip
    waits = shipment.purchased_rate is None and bool(shipment.rates)
    return {
        **{name: getattr(shipment, name) for name in names},
        "rates_expire_at": shipment.rates_expire_at if waits else None,
    }


def shipment_facets(shipment: Shipment) -> Iterator[Facet]:
    """What lists of shipments can be filtered by beyond the columns."""
    yield from (Facet(TAG, tag) for tag in shipment.tags)
    yield from metadata_facets(shipment.metadata)
    yield from (Facet("layout_id", parcel.layout_id) for parcel in shipment.parcels if parcel.layout_id)
    yield Facet("sender_address_id", shipment.sender.address.id)
    yield from (Facet("rate_type", rate.type) for rate in shipment.rates)
    parties = (shipment.recipient, shipment.sender)
    yield from search_facets(
        shipment.tracking_number,
        shipment.order_number,
        shipment.rma_number,
        shipment.invoice_number,
        shipment.purchase_order,
        shipment.reference_number,
        shipment.payment_reference,
        *(text for party in parties for text in (party.name, party.business, party.email)),
        shipment.recipient.address.city,
        shipment.recipient.address.postal_code,
        shipment.id,
    )


SHIPMENTS = WeeklyDocuments("shipment", shipments, Shipment, columns=columns, facets=shipment_facets)


def insert_samples(engine: sa.Engine, made: Iterable[Shipment]) -> None:
    """Keep sample shipments, all or none. Raises Conflict when an id is kept already."""
    with writing(engine).begin() as connection:
        left, count = iter(made), 0
        while some := list(islice(left, _ROWS_AT_ONCE)):
            SHIPMENTS.insert(connection, some, sample=True, rates_expire_at=None)
            count += len(some)
        record_event(connection, "samples.loaded", "samples", {"count": count})
