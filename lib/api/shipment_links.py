"""Shipments as a client outside sees them: as they are kept, with links that can be opened, those to files signed.

The JSON that is kept is what is shown, so most of it goes into the answer unread. A list of fresh quotes, each with the
reason of every price, took three times as long when it was read into models and written again.
"""

from typing import Any

import msgspec
import sqlalchemy as sa
from fastapi import Request

from lib.api.envelope import absolute
from lib.models.shipments import Shipment
from lib.shipping.customs import has_invoice
from lib.store.links import invoice_path, label_path, sign_path


class _Place(msgspec.Struct):
    country_code: str


class _Party(msgspec.Struct):
    address: _Place


class _Linked(msgspec.Struct):
    """What the links of a shipment depend on."""

    id: str
    sender: _Party
    recipient: _Party
    tracking_url: str | None = None
    label_url: str | None = None


_LINKED = msgspec.json.Decoder(_Linked)
_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_PARCELS = msgspec.json.Decoder(list[dict[str, Any]])


def with_links(request: Request, document: str) -> bytes:
    """A shipment's JSON with its tracking page, and with its labels and commercial invoice, where there are such."""
    linked, fields = _LINKED.decode(document), _FIELDS.decode(document)
    if fields.keys() != Shipment.model_fields.keys():
        # Kept by an earlier release, before there were some of the fields.
        fields = _FIELDS.decode(Shipment.model_validate_json(document).model_dump_json())
    engine: sa.Engine = request.app.state.engine()
    links: dict[str, Any] = {"tracking_url": absolute(request, linked.tracking_url)}
    # Only what crosses a border can have an invoice.
    if linked.sender != linked.recipient and has_invoice(Shipment.model_validate_json(document)):
        links["commercial_invoice_url"] = absolute(request, sign_path(engine, invoice_path(linked.id)))
    if linked.label_url is not None and linked.label_url.startswith("/"):
        links |= _label_links(request, linked.id, _PARCELS.decode(fields["parcels"]))
    return msgspec.json.encode({**fields, **links})


def _label_links(request: Request, shipment_id: str, parcels: list[dict[str, Any]]) -> dict[str, Any]:
    path, engine = label_path(shipment_id), request.app.state.engine()
    whole = absolute(request, sign_path(engine, path))
    many = len(parcels) > 1
    for position, parcel in enumerate(parcels, start=1):
        own = [("parcel", str(position))]
        parcel["label_url"] = absolute(request, sign_path(engine, path, own)) if many else whole
    return {"label_url": whole, "parcels": parcels}
