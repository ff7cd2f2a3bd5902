"""/shipments/{id}/commercial_invoice: the invoice that customs asks for."""

from fastapi import APIRouter
from starlette.responses import Response

from lib.api.envelope import ErrorEnvelope
from lib.api.routes import BY_KEY_OR_LINK, KEY_IN_DESCRIPTION, DeskOfCall, PlainRoute
from lib.api.shipments import ShipmentId

linked = APIRouter(tags=["shipments"], route_class=PlainRoute, dependencies=[KEY_IN_DESCRIPTION, BY_KEY_OR_LINK])


@linked.get(
    "/shipments/{shipment_id}/commercial_invoice",
    summary="Fetch the commercial invoice",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}, "default": {"model": ErrorEnvelope}},
)
def commercial_invoice(desk: DeskOfCall, shipment_id: ShipmentId) -> Response:
    """The invoice as PDF, of a shipment that crosses a border and whose customs declaration is complete.

    Opened by the key or by the signed link in `commercial_invoice_url`.
    """
    pdf = desk.shipments.commercial_invoice(shipment_id)
    headers = {"Content-Disposition": 'inline; filename="commercial-invoice.pdf"', "Content-Encoding": "identity"}
    return Response(pdf, media_type="application/pdf", headers=headers)
