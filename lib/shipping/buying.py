"""What buying a rate makes of a shipment, and what has to be so before; nothing here is stored."""

from collections.abc import Sequence
from datetime import datetime

from lib.models.base import merged_metadata
from lib.models.errors import Conflict, InvalidRequest, NotFound
from lib.models.rates import Rate
from lib.models.shipments import Purchase, Shipment, TrackingUpdate
from lib.shipping.customs import require_customs
from lib.shipping.tracking_numbers import parcel_numbers
from lib.store.links import label_path

_FIELD_WORDS = {"name": "a name or business", "address.line1": "a street"}


def is_own_courier(rate: Rate) -> bool:
    """Whether the team carries it itself, so that numbers and labels are real."""
    return rate.provider.id == "self"


def label_name(shipment_id: str) -> str:
    """The name the label is filed under."""
    return f"labels/{shipment_id}.pdf"


def is_bought_as(shipment: Shipment, rate_id: str) -> bool:
    """Whether this rate is bought already. Raises Conflict when another one is, or the label was voided since."""
    if shipment.purchased_rate is None:
        return False
    if is_void(shipment):
        raise label_void([shipment.id], ["shipment_id"])
    if shipment.purchased_rate.id != rate_id:
        raise already_purchased(shipment.id, shipment.purchased_rate.id)
    return True


def buyable_rate(shipment: Shipment, rate_id: str, now: datetime) -> Rate:
    """The rate, if the shipment can be bought at it now.

    Raises NotFound (`rate_not_found`), Conflict (`rates_expired`), InvalidRequest naming what a label or
    customs (`customs_incomplete`) needs.
    """
    rate = shipment.rate(rate_id)
    if rate is None:
        raise NotFound(
            f"Shipment {shipment.id} has no rate {rate_id}; its rates may have been refreshed since.",
            fields=["rate_id"],
            code="rate_not_found",
        )
    if now > shipment.rates_expire_at:
        raise Conflict(
            "These rates are more than 15 minutes old. Refresh them and choose again.",
            fields=["rate_id"],
            code="rates_expired",
        )
    parties = (("sender", shipment.sender), ("recipient", shipment.recipient))
    missing = [(path, field) for path, party in parties for field in party.missing_for_label]
    if missing:
        words = ", ".join(f"{_FIELD_WORDS[field]} for the {path}" for path, field in missing)
        raise InvalidRequest(
            f"A label needs {words}.", fields=[f"{path}.{field}" for path, field in missing], code="label_incomplete"
        )
    require_customs(shipment)
    return rate


def is_void(shipment: Shipment) -> bool:
    """Whether it was canceled or refunded: neither label nor purchase holds any more."""
    return shipment.status == "canceled" or shipment.refund_status == "refunded"


def label_void(shipment_ids: Sequence[str], fields: Sequence[str]) -> Conflict:
    """The error for using what is void."""
    return Conflict(
        f"Canceled, so that the label is void and must not be used: {', '.join(shipment_ids)}. "
        "Get rates for a new shipment.",
        fields=fields,
        code="shipment_canceled",
    )


def already_purchased(shipment_id: str, rate_id: str) -> Conflict:
    """The error for buying a second rate."""
    return Conflict(
        f"Shipment {shipment_id} is bought already, at rate {rate_id}.", fields=["rate_id"], code="already_purchased"
    )


def bought(shipment: Shipment, rate_id: str, purchase: Purchase, *, tracking_number: str, at: datetime) -> Shipment:
    """The shipment bought at that rate. Only this rate keeps its breakdown: the others are no longer offers."""
    rate = shipment.rate(rate_id)
    if rate is None:
        raise NotFound(f"Shipment {shipment.id} has no rate {rate_id}.", fields=["rate_id"], code="rate_not_found")
    numbers = parcel_numbers(tracking_number, len(shipment.parcels))
    parcels = [
        parcel.model_copy(update={"tracking_number": number, "label_url": url})
        for parcel, number, url in zip(shipment.parcels, numbers, _label_urls(shipment), strict=True)
    ]
    best = shipment.recommended_rate
    made = "A test label was made." if rate.test_label else "The label was made."
    update = TrackingUpdate(id=f"upd_{tracking_number.replace('-', '')}", status="created", message=made, created_at=at)
    return shipment.model_copy(
        update={
            "status": "created",
            "parcels": parcels,
            "rates": [_without_reason(other, keep=rate_id) for other in shipment.rates],
            "recommended_rate": best and _without_reason(best, keep=rate_id),
            "purchased_rate": rate,
            "provider": rate.provider.id,
            "amount": rate.amount,
            "billed_amount": rate.billed_amount,
            "paid": True,
            "currency": rate.currency,
            "payment_method": purchase.payment_method,
            "payment_reference": purchase.payment_reference,
            "tracking_number": tracking_number,
            "tracking_updates": [*shipment.tracking_updates, update],
            "label_url": label_path(shipment.id),
            "label_size": purchase.label_size,
            "test_label": rate.test_label,
            "estimated_delivery_at": rate.service_level.estimated_delivery,
            "pickup_at": rate.pickup_at,
            "order_number": purchase.order_number or shipment.order_number,
            "tags": list(dict.fromkeys([*shipment.tags, *(purchase.tags or [])])),
            "metadata": merged_metadata(shipment.metadata, purchase.metadata or {}),
            "updated_at": at,
        }
    )


def _label_urls(shipment: Shipment) -> list[str]:
    """Where each parcel's own label is fetched."""
    path = label_path(shipment.id)
    if len(shipment.parcels) == 1:
        return [path]
    return [f"{path}?parcel={position}" for position in range(1, len(shipment.parcels) + 1)]


def _without_reason(rate: Rate, *, keep: str) -> Rate:
    if rate.id == keep:
        return rate
    return rate.model_copy(update={"breakdown": None})
