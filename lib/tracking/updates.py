"""What a tracking update makes of a shipment; nothing here is stored."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from lib.models.errors import Conflict, InvalidRequest
from lib.models.parcels import Parcel, ParcelStatus
from lib.models.shipments import Shipment, TrackingUpdate, TrackingUpdateInput
from lib.models.statuses import COMPLETED, ShipmentStatus
from lib.tracking.chains import CANCELED, NOT_BEGUN

_WITH_THE_CARRIER: frozenset[ShipmentStatus] = frozenset(
    {
        "package_accepted", "in_transit", "package_at_waypoint", "out_for_delivery", "provider_at_dropoff",
        "delivered_to_provider", "delayed", "attempted", "rescheduled",
    }
)  # fmt: skip
_ARRIVED: frozenset[ShipmentStatus] = frozenset({"delivered", "picked_up"})


def update_from(given: TrackingUpdateInput, at: datetime) -> TrackingUpdate:
    """The update as kept."""
    values = given.model_dump(exclude={"message"})
    return TrackingUpdate(**values, message=given.message or "", created_at=at)


def in_order(updates: Iterable[TrackingUpdate]) -> list[TrackingUpdate]:
    """The updates by their time, each once; of those at the same moment the one told later is later."""
    once = {update.id: update for update in updates}
    return sorted(once.values(), key=lambda update: update.created_at)


def status_of(updates: Sequence[TrackingUpdate]) -> ShipmentStatus:
    """What updates in order come to: the last word of the carrier, or that the label was made."""
    reported = [update.status for update in updates if update.status not in NOT_BEGUN]
    return reported[-1] if reported else updates[-1].status


def require_acceptable(status: ShipmentStatus, update: ShipmentStatus) -> None:
    """Whether `update` may follow `status`. What was canceled stays so; what has ended takes a correction only.

    A correction is another end, such as return_to_sender after delivered, or delivered after package_lost; an ended
    parcel can no longer be canceled. Raises Conflict; InvalidRequest for the status of what is not bought.
    """
    if update == "rates_generated":
        raise InvalidRequest(
            "rates_generated is no tracking update; such a one is in_transit.", fields=["tracking_update.status"]
        )
    if status not in COMPLETED or (status != CANCELED and update in COMPLETED and update != CANCELED):
        return
    allowed = "nothing follows" if status == CANCELED else "only another end, such as return_to_sender, can correct it"
    raise Conflict(
        f"The status is {status} already; {allowed}.", fields=["tracking_update.status"], code="tracking_completed"
    )


def with_updates(shipment: Shipment, updates: Sequence[TrackingUpdate], at: datetime) -> Shipment:
    """The shipment after these updates, changed at that moment: its status is that of the latest.

    Raises Conflict when one of them cannot follow.
    """
    status = shipment.status
    for update in updates:
        require_acceptable(status, update.status)
        status = update.status
    kept = in_order([*shipment.tracking_updates, *updates])
    latest = status_of(kept)
    passed = [*(update.status for update in updates), latest]
    return shipment.model_copy(
        update={
            "status": latest,
            "tracking_updates": kept,
            "parcels": [_moved(parcel, passed, inbound=shipment.type == "inbound") for parcel in shipment.parcels],
            "updated_at": at,
        }
    )


def _moved(parcel: Parcel, passed: Iterable[ShipmentStatus], *, inbound: bool) -> Parcel:
    """The parcel as these statuses, one after the other, leave it."""
    changes: dict[str, Any] = {}
    for status in passed:
        changes |= _changes(status, inbound=inbound)
    return parcel.model_copy(update=changes) if changes else parcel


def _changes(status: ShipmentStatus, *, inbound: bool) -> dict[str, Any]:
    if status in _WITH_THE_CARRIER:
        return {"status": _transit(inbound=inbound)}
    if status in _ARRIVED:
        return {"received": True, "missing": False, **({"status": "in_storage"} if inbound else {})}
    if status == "return_to_sender":
        return {"status": _transit(inbound=not inbound)}
    if status == "package_lost":
        return {"missing": True}
    return {"defective": True} if status == "package_damaged" else {}


def _transit(*, inbound: bool) -> ParcelStatus:
    return "inbound_transit" if inbound else "outbound_transit"
