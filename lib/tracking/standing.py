"""What a tracker makes of its chain and of what is reported; nothing here is stored."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from lib.models.addresses import Party
from lib.models.shipments import Shipment, TrackingUpdate
from lib.models.statuses import COMPLETED
from lib.models.trackers import ChainedShipment, Reference, Tracker, TrackerContact
from lib.tracking.chains import CANCELED, is_last, standing
from lib.tracking.courses import next_move
from lib.tracking.updates import in_order, status_of


def with_chain(tracker: Tracker, shipments: Sequence[Shipment]) -> Tracker:
    """The tracker with what these shipments on it have come to."""
    statuses = {shipment.id: shipment.status for shipment in shipments}
    chain = [ChainedShipment(id=link.id, status=statuses.get(link.id, link.status)) for link in tracker.shipments]
    return tracker.model_copy(update={"shipments": chain})


def with_reports(tracker: Tracker, updates: Iterable[TrackingUpdate], shipment_id: str | None = None) -> Tracker:
    """The tracker with these updates, of one of its shipments where it has any."""
    seen = [_as_seen(update, tracker, shipment_id) for update in updates]
    kept = in_order([*tracker.tracking_updates, *(update for update in seen if update is not None)])
    return tracker.model_copy(update={"tracking_updates": kept})


def joined(tracker: Tracker, shipment: Shipment) -> Tracker:
    """The tracker with a further shipment at the end of its chain, which says where to and what to do with the others.

    What ended before it counts as the chained status from now on.
    """
    options = shipment.options
    chained = options.tracker_chained_status
    earlier = [
        update.model_copy(update={"status": chained}) if _is_end(update) and tracker.shipments else update
        for update in tracker.tracking_updates
    ]
    parcel = shipment.parcels[0]
    inbound_to = shipment.location_id if shipment.type == "inbound" else None
    return tracker.model_copy(
        update={
            "type": shipment.type,
            "provider": shipment.provider or tracker.provider,
            "tracking_updates": earlier,
            "destination_address": shipment.recipient.address,
            "destination_layout": Reference(id=parcel.layout_id) if parcel.layout_id else None,
            "destination_location": Reference(id=inbound_to) if inbound_to else None,
            "destination_contact": _contact(shipment.recipient),
            "sender_contact": tracker.sender_contact or _contact(shipment.sender),
            "chained_status": chained,
            "auto_close_shipments_option": options.tracker_auto_close_shipments_option,
            "auto_close_shipments_status": options.tracker_auto_close_shipments_status,
            "location_id": shipment.location_id or tracker.location_id,
            "manifest_id": parcel.manifest_id or tracker.manifest_id,
            "estimated_delivery_at": shipment.estimated_delivery_at or tracker.estimated_delivery_at,
            "shipments": [*tracker.shipments, ChainedShipment(id=shipment.id, status=shipment.status)],
        }
    )


def settled(tracker: Tracker, at: datetime) -> Tracker:
    """The tracker with the status, the shipment under way and the next move that follow from all else."""
    current = final = None
    if tracker.shipments:
        status, current = standing(tracker.shipments, tracker.chained_status)
        final = tracker.shipments[-1].id
    else:
        status = status_of(tracker.tracking_updates) if tracker.tracking_updates else tracker.status
    found = tracker.model_copy(
        update={
            "status": status,
            "current_shipment_id": current,
            "final_chained_shipment_id": final,
            "updated_at": at,
        }
    )
    return found.model_copy(update={"moves_at": next_move(found)})


def _as_seen(update: TrackingUpdate, tracker: Tracker, shipment_id: str | None) -> TrackingUpdate | None:
    """An update as the whole chain sees it: the end of a shipment that others follow is a stop on the way."""
    if shipment_id is None or not _is_end(update) or is_last(tracker.shipments, shipment_id):
        return update
    return None if update.status == CANCELED else update.model_copy(update={"status": tracker.chained_status})


def _is_end(update: TrackingUpdate) -> bool:
    return update.status in COMPLETED


def _contact(party: Party) -> TrackerContact:
    return TrackerContact.model_validate(party.model_dump(exclude={"address", "metadata"}))
