"""The course of a made-up shipment, from the counter to the door, as far as it has come by some moment."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from lib.models.shipments import Shipment, TrackingUpdate
from lib.models.statuses import ShipmentStatus

_USUAL_TRANSIT = timedelta(days=4)
_SHORTEST_TRANSIT = timedelta(hours=6)
# What becomes of a thousand shipments.
_FATES = {"usual": 900, "late": 60, "returned": 18, "lost": 7, "canceled": 15}


@dataclass(frozen=True, slots=True)
class _Stop:
    status: ShipmentStatus
    message: str
    at: datetime


def along_its_course(shipment: Shipment, chance: random.Random, *, until: datetime) -> Shipment:
    """The bought shipment with every tracking update it would have had by `until`."""
    bought_at = shipment.tracking_updates[-1].created_at
    due = max(shipment.estimated_delivery_at or bought_at + _USUAL_TRANSIT, bought_at + _SHORTEST_TRANSIT)
    fate = chance.choices(list(_FATES), list(_FATES.values()))[0]
    passed = [stop for stop in _course(bought_at, due, fate) if stop.at <= until]
    if not passed:
        return shipment
    updates = [
        TrackingUpdate(
            id=f"{shipment.tracking_updates[-1].id}{position}",
            status=stop.status,
            message=stop.message,
            created_at=stop.at,
        )
        for position, stop in enumerate(passed)
    ]
    last = passed[-1]
    return shipment.model_copy(
        update={
            "status": last.status,
            "tracking_updates": [*shipment.tracking_updates, *updates],
            "refund_status": "refunded" if last.status == "canceled" else None,
            "updated_at": last.at,
        }
    )


def _course(bought_at: datetime, due: datetime, fate: str) -> list[_Stop]:
    """All stops of a shipment."""
    transit = due - bought_at
    if fate == "canceled":
        return [_Stop("canceled", "The label was not used and was canceled.", bought_at + timedelta(hours=1))]
    begun = [
        _Stop("package_accepted", "The provider has the parcel.", bought_at + 0.1 * transit),
        _Stop("in_transit", "The parcel is on its way.", bought_at + 0.4 * transit),
    ]
    if fate == "lost":
        return [*begun, _Stop("package_lost", "The provider cannot find the parcel.", due + timedelta(days=10))]
    out = _Stop("out_for_delivery", "The parcel is out for delivery.", bought_at + 0.85 * transit)
    if fate == "returned":
        back = _Stop("return_to_sender", "The parcel goes back to the sender.", due + timedelta(days=3))
        return [*begun, out, _Stop("attempted", "Nobody could take the parcel.", due), back]
    if fate == "late":
        late = timedelta(days=1)
        out = _Stop("out_for_delivery", out.message, out.at + late)
        begun.append(_Stop("delayed", "The parcel is a day late.", bought_at + 0.6 * transit))
        return [*begun, out, _Stop("delivered", "The parcel was delivered.", due + late)]
    # Carriers promise the end of the day and mostly come sooner.
    return [*begun, out, _Stop("delivered", "The parcel was delivered.", due - 0.08 * transit)]
