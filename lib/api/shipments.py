"""/shipments: quote, read, list, update, quote anew, duplicate, return."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from lib.api.envelope import Envelope, ErrorEnvelope, ListEnvelope, answer, list_answer
from lib.api.idempotency import IdempotencyKey
from lib.api.lists import ListParameters, list_query
from lib.api.routes import KEY_IN_DESCRIPTION, DeskOfCall, KeyedRoute
from lib.api.shipment_links import with_links
from lib.models.shipments import RefreshRequest, ReturnRequest, Shipment, ShipmentCreate, ShipmentUpdate

SHIPMENT: dict[int | str, dict[str, Any]] = {200: {"model": Envelope[Shipment]}, "default": {"model": ErrorEnvelope}}
SHIPMENTS: dict[int | str, dict[str, Any]] = {
    200: {"model": ListEnvelope[Shipment]},
    "default": {"model": ErrorEnvelope},
}
_QUOTED = ["shipment.rates_generated"]
_EXAMPLE_PARTY = {"name": "A name", "email": "name@example.com", "phone": "+12125550100"}
_EXAMPLE_QUOTE = {
    "sender": {**_EXAMPLE_PARTY, "address": "500 7th ave, New York, NY, 10018"},
    "recipient": {**_EXAMPLE_PARTY, "address": {"line1": "5000 S Arizona Mills Cir", "postal_code": "85282"}},
    "parcels": [{"length": 10, "width": 8, "height": 4, "weight": 2.5}],
    "options": {"providers": ["ups", "fedex", "usps"]},
}

keyed = APIRouter(tags=["shipments"], route_class=KeyedRoute, dependencies=[KEY_IN_DESCRIPTION])

ShipmentId = Annotated[str, Path(description="An id that begins with ship_.")]
_Quote = Annotated[ShipmentCreate, Body(examples=[_EXAMPLE_QUOTE])]

_EXAMPLE_UPDATE = {
    "order_number": "ORDER-12345",
    "tags": ["priority", "fragile"],
    "metadata": {"department": "Sales", "project": None},
    "tracking_update": {"status": "in_transit", "message": "Left the warehouse"},
}
_Update = Annotated[ShipmentUpdate, Body(examples=[_EXAMPLE_UPDATE])]


class ShipmentFilters(ListParameters):
    """What a list of shipments can be narrowed by."""

    status: Annotated[str | None, Field(description="A status or group of statuses, or several with commas.")] = None
    statuses: Annotated[str | None, Field(description="The same as status.")] = None
    filter: Annotated[str | None, Field(description="completed, outstanding or exception.")] = None
    type: Annotated[str | None, Field(description="outbound or inbound.")] = None
    provider: Annotated[str | None, Field(description="One provider, or several with commas.")] = None
    tracking_number: str | None = None
    order_number: str | None = None
    location_id: str | None = None
    layout_id: str | None = None
    sender_address_id: str | None = None
    tags: Annotated[str | None, Field(description="One tag, or several with commas: any of them.")] = None
    rate_types: Annotated[str | None, Field(description="delivery, pickup or received, or several.")] = None


@keyed.post("/shipments", responses=SHIPMENT, summary="Get rates")
def create_shipment(request: Request, desk: DeskOfCall, body: _Quote, key: IdempotencyKey = None) -> Response:
    """Ask every provider for its price and keep the shipment with the rates, which live 15 minutes."""
    shipment = desk.shipments.create(body, idempotency_key=key)
    return shipment_answer(request, shipment, "Rates generated.", _QUOTED)


@keyed.get("/shipments", responses=SHIPMENTS, summary="List shipments")
def list_shipments(request: Request, desk: DeskOfCall, query: Annotated[ShipmentFilters, Query()]) -> Response:
    """A page of shipments, newest first unless asked otherwise."""
    page = desk.shipments.documents(list_query(request, query))
    shown = page.holding([with_links(request, document) for document in page.items])
    return list_answer(request, shown, message="Shipments found.")


@keyed.get("/shipments/{shipment_id}", responses=SHIPMENT, summary="Read a shipment")
def retrieve_shipment(request: Request, desk: DeskOfCall, shipment_id: ShipmentId) -> Response:
    """The shipment with its rates, and once bought its label and tracking number."""
    return shipment_answer(request, desk.shipments.retrieve(shipment_id), "Shipment found.")


@keyed.post("/shipments/{shipment_id}", responses=SHIPMENT, summary="Update a shipment")
def update_shipment(request: Request, desk: DeskOfCall, shipment_id: ShipmentId, body: _Update) -> Response:
    """Change what is given and leave the rest. The tracking number that a label was bought with stays: 409."""
    told = ["shipment.tracking_updated"] if body.tracking_update else []
    return shipment_answer(
        request, desk.shipments.update(shipment_id, body), "Shipment updated.", [*body.events, *told]
    )


@keyed.post("/shipments/{shipment_id}/duplicate", responses=SHIPMENT, summary="Duplicate a shipment")
def duplicate_shipment(request: Request, desk: DeskOfCall, shipment_id: ShipmentId) -> Response:
    """The same shipment once more, quoted anew.

    It keeps parties, options, location, order number, purchase order, reference, account, notes, customs, tags and
    metadata, and of its parcels what they are and hold; nothing that happened to the original.
    """
    return shipment_answer(request, desk.shipments.duplicate(shipment_id), "Shipment duplicated.", _QUOTED)


@keyed.post("/shipments/{shipment_id}/return", responses=SHIPMENT, summary="Make a return shipment")
def return_shipment(
    request: Request, desk: DeskOfCall, shipment_id: ShipmentId, body: ReturnRequest | None = None
) -> Response:
    """The way back, quoted: sender and recipient swapped, inbound, with `rma_number` and `return_of`.

    It keeps what a duplicate keeps. Of a shipment that was not sent there is no return: 400.
    """
    back = desk.shipments.return_shipment(shipment_id, body or ReturnRequest())
    return shipment_answer(request, back, "Return shipment made.", _QUOTED)


@keyed.post("/shipments/{shipment_id}/refresh", responses=SHIPMENT, summary="Refetch rates")
def refresh_shipment(
    request: Request, desk: DeskOfCall, shipment_id: ShipmentId, body: RefreshRequest | None = None
) -> Response:
    """Fresh rates, with other options where given."""
    refreshed = desk.shipments.refresh(shipment_id, body or RefreshRequest())
    return shipment_answer(request, refreshed, "Rates generated.", _QUOTED)


def shipment_answer(request: Request, shipment: Shipment, message: str, events: list[str] | None = None) -> Response:
    """The shipment in its envelope, with links as a client outside can use them."""
    return answer(request, with_links(request, shipment.model_dump_json()), message=message, events=events)
