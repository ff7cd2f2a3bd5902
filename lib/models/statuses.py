"""The statuses that shipments and trackers share, and the groups they fall into."""

from typing import Literal, get_args

CompletedStatus = Literal[
    "delivered", "picked_up", "return_to_sender", "package_undeliverable", "package_lost", "canceled"
]
OutstandingStatus = Literal[
    "provider_at_pickup", "package_accepted", "out_for_delivery", "provider_at_dropoff", "scheduled",
    "driver_dispatched", "package_at_waypoint", "in_transit", "pickup_available", "recipient_at_pickup",
    "added_to_container", "removed_from_container", "added_to_vehicle", "removed_from_vehicle",
    "delivered_to_provider",
]  # fmt: skip
ShipmentStatus = Literal[
    "rates_generated", "created", "provider_at_pickup", "package_accepted", "out_for_delivery",
    "provider_at_dropoff", "delivered", "address_issue", "contact_provider", "delayed", "attempted", "scheduled",
    "rescheduled", "driver_dispatched", "package_at_waypoint", "in_transit", "pickup_available", "package_damaged",
    "recipient_at_pickup", "added_to_container", "removed_from_container", "added_to_vehicle",
    "removed_from_vehicle", "delivered_to_provider", "picked_up", "return_to_sender", "package_undeliverable",
    "package_lost", "canceled",
]  # fmt: skip

STATUSES: tuple[str, ...] = get_args(ShipmentStatus)
COMPLETED: tuple[str, ...] = get_args(CompletedStatus)
EXCEPTION: tuple[str, ...] = (
    "address_issue", "contact_provider", "delayed", "attempted", "rescheduled", "package_damaged",
    "return_to_sender", "package_undeliverable", "package_lost",
)  # fmt: skip
OUTSTANDING: tuple[str, ...] = tuple(status for status in STATUSES if status not in COMPLETED)

STATUS_GROUPS: dict[str, tuple[str, ...]] = {
    "completed": COMPLETED,
    "exception": EXCEPTION,
    "outstanding": OUTSTANDING,
}
