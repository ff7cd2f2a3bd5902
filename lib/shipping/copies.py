"""A shipment made from another: the same once more, or back to where it came from. Neither has rates yet.

Both keep the parties, the options, `location_id`, `order_number`, `purchase_order`, `reference_number`, `account_id`,
`notes`, `customs`, `tags` and `metadata`, and of each parcel what it is: type, size, weight, packaging, handling tags,
contents. What happened to the original stays with it: its purchase, tracking, label, fulfillment, invoice and
coordinates, and where its parcels are.
"""

import secrets
from datetime import datetime
from typing import Any

from lib.models.customs import Customs
from lib.models.errors import InvalidRequest
from lib.models.ids import new_id
from lib.models.parcels import Content, Parcel
from lib.models.shipments import Shipment

_KEPT = (
    "type", "sender", "recipient", "options", "location_id", "order_number", "purchase_order", "reference_number",
    "account_id", "notes", "customs", "tags", "metadata",
)  # fmt: skip
_KEPT_OF_PARCELS = frozenset(
    {"type", "length", "width", "height", "weight", "nonstandard_packaging", "special_handling_tags"}
)
# Crockford's base 32, without what is misread.
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RMA_SIGNS = 10


def duplicate_of(shipment: Shipment, at: datetime) -> Shipment:
    """The same shipment once more."""
    return _copy(shipment, at)


def return_of(shipment: Shipment, rma_number: str | None, at: datetime) -> Shipment:
    """The way back: sender and recipient swapped, inbound, under an RMA number.

    Raises InvalidRequest (`not_shipped`) for what was never sent.
    """
    if shipment.tracking_number is None or shipment.status == "canceled":
        raise InvalidRequest(
            f"Shipment {shipment.id} was not sent, so nothing can come back. Buy a rate of it first.",
            fields=["shipment_id"],
            code="not_shipped",
        )
    return _copy(
        shipment,
        at,
        type="inbound",
        sender=shipment.recipient,
        recipient=shipment.sender,
        customs=shipment.customs and _of_returned_goods(shipment.customs),
        rma_number=rma_number or new_rma_number(),
        return_of=shipment.id,
    )


def new_rma_number() -> str:
    """A random number for a return, such as `RMA-7K2M9QW4XT`."""
    return f"RMA-{''.join(secrets.choice(_SIGNS) for _ in range(_RMA_SIGNS))}"


def _copy(shipment: Shipment, at: datetime, **changes: Any) -> Shipment:
    kept = {name: getattr(shipment, name) for name in _KEPT}
    return Shipment(
        id=new_id("ship"),
        parcels=[_parcel(parcel) for parcel in shipment.parcels],
        rates_generated_at=at,
        created_at=at,
        updated_at=at,
        **{**kept, **changes},
    )


def _parcel(parcel: Parcel) -> Parcel:
    contents = [Content.model_validate(content.model_dump(exclude={"id"})) for content in parcel.contents]
    return Parcel(contents=contents, **parcel.model_dump(include=set(_KEPT_OF_PARCELS)))


def _of_returned_goods(customs: Customs) -> Customs:
    return customs.model_copy(update={"contents_type": "returned_goods"})
