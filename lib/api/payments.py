"""/payment_methods and /ledger: what pays for shipments, and every charge and refund with its sums."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from lib.api.envelope import ListEnvelope, endpoint_of, json_response, pagination_of
from lib.api.lists import DateFilter, PageParameters, list_query
from lib.api.resources import ERROR, ResourceRoutes
from lib.api.routes import KEY_IN_DESCRIPTION, DeskOfCall, KeyedRoute
from lib.models.payments import LedgerLine, LedgerTotal, PaymentMethod, PaymentMethodCreate, PaymentMethodUpdate


class MethodParameters(PageParameters):
    """Which page of which payment methods."""

    created_at: DateFilter = None
    updated_at: DateFilter = None


methods = ResourceRoutes(
    name="payment_method",
    plural="payment methods",
    prefix="card",
    of=lambda desk: desk.payment_methods,
    model=PaymentMethod,
    create=PaymentMethodCreate,
    update=PaymentMethodUpdate,
    filters=MethodParameters,
    example={"id": "card_xyz123", "name": "Visa ending 4242"},
    update_example={"default": True},
).router()
ledger = APIRouter(tags=["ledger"], route_class=KeyedRoute, dependencies=[KEY_IN_DESCRIPTION])


class LedgerParameters(PageParameters):
    """Which page of which lines."""

    shipment_id: Annotated[str | None, Field(description="One shipment, or several with commas.")] = None
    payment_method_id: Annotated[str | None, Field(description="One payment method, or several with commas.")] = None
    kind: Annotated[str | None, Field(description="charge, reversal or refund, or several with commas.")] = None
    created_at: DateFilter = None


class LedgerEnvelope(ListEnvelope[LedgerLine]):
    """A page of the ledger. `totals` sums up every line that was asked for, not only this page's."""

    totals: list[LedgerTotal]


@ledger.get("/ledger", responses={200: {"model": LedgerEnvelope}, **ERROR}, summary="Read the ledger")
def read_ledger(request: Request, desk: DeskOfCall, query: Annotated[LedgerParameters, Query()]) -> Response:
    """Lines of what was charged and what came back in cents, the last first, with the sums by payment method."""
    asked = list_query(request, query)
    page = desk.ledger.list(asked)
    return json_response(
        LedgerEnvelope(
            message="Ledger lines found.",
            data=page.items,
            endpoint=endpoint_of(request),
            pagination=pagination_of(page),
            totals=list(desk.ledger.totals(asked)),
        )
    )
