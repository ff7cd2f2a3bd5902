"""What anybody with the link may see of a tracker."""

from lib.models.shipments import Shipment
from lib.models.trackers import PublicTracking, PublicUpdate, Tracker
from lib.tracking.own_numbers import is_test_number
from lib.tracking.recognition import CARRIER_NAMES
from lib.tracking.words import place_in, public_place


def public_tracking(tracker: Tracker, shipment: Shipment | None) -> PublicTracking:
    """The public facts of a tracker; `shipment` is the one under way on it, if there is one."""
    rate = shipment.purchased_rate if shipment else None
    address = tracker.destination_address
    updates = [
        PublicUpdate(
            status=update.status,
            place=place_in(update.address) if update.address else None,
            at=update.created_at,
        )
        for update in reversed(tracker.tracking_updates)
    ]
    return PublicTracking(
        tracking_number=tracker.tracking_number,
        carrier=rate.provider.name if rate else CARRIER_NAMES.get(tracker.provider or ""),
        carrier_url=tracker.carrier_url,
        service=rate.service_level.name if rate else None,
        status=tracker.status,
        destination=public_place(address),
        timezone=address.timezone if address else None,
        estimated_delivery_at=tracker.estimated_delivery_at,
        updates=updates,
        is_test=is_test_number(tracker.tracking_number),
    )
