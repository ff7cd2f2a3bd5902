"""/shipments/{id}/purchase, /buy and /refund."""

from typing import Annotated

from fastapi import APIRouter, Body, Request
from starlette.responses import Response

from lib.api.idempotency import IdempotencyKey
from lib.api.routes import KEY_IN_DESCRIPTION, DeskOfCall, KeyedRoute
from lib.api.shipments import SHIPMENT, ShipmentId, shipment_answer
from lib.models.shipments import Purchase

_EXAMPLE = {
    "rate_id": "rate_abc123xyz",
    "payment_reference": "ORDER-12345",
    "payment_method": "card_xyz123",
    "metadata": {"department": "Sales", "project": "Q1 Launch"},
    "tags": ["priority", "fragile"],
}

keyed = APIRouter(tags=["shipments"], route_class=KeyedRoute, dependencies=[KEY_IN_DESCRIPTION])

_Purchase = Annotated[Purchase, Body(examples=[_EXAMPLE])]


@keyed.post("/shipments/{shipment_id}/purchase", responses=SHIPMENT, summary="Buy a rate")
@keyed.post("/shipments/{shipment_id}/buy", responses=SHIPMENT, summary="Buy a rate (other spelling)")
def purchase_shipment(
    request: Request, desk: DeskOfCall, shipment_id: ShipmentId, body: _Purchase, key: IdempotencyKey = None
) -> Response:
    """Buy one rate, exactly once: the same rate again gives the same purchase, another rate is a 409."""
    bought = desk.shipments.purchase(shipment_id, body, idempotency_key=key)
    return shipment_answer(request, bought, "Shipment purchased.", ["shipment.purchased"])


@keyed.post("/shipments/{shipment_id}/refund", responses=SHIPMENT, summary="Refund a shipment")
def refund_shipment(
    request: Request, desk: DeskOfCall, shipment_id: ShipmentId, key: IdempotencyKey = None
) -> Response:
    """Void a label that was not used yet and give its price back, once however often it is asked for."""
    refunded = desk.shipments.refund(shipment_id, idempotency_key=key)
    return shipment_answer(request, refunded, "Shipment refunded.", ["shipment.canceled", "shipment.refunded"])
