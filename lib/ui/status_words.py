"""Statuses in a shipper's words, and the few stages a person thinks in."""

from lib.models.statuses import EXCEPTION, OUTSTANDING, STATUS_GROUPS

_WORDS = {
    "rates_generated": "Quoted",
    "created": "Label made",
    "canceled": "Voided",
    "provider_at_pickup": "Courier at pickup",
    "package_accepted": "Accepted",
    "provider_at_dropoff": "Courier at the door",
    "package_at_waypoint": "At a waypoint",
    "pickup_available": "Ready for pickup",
    "delivered_to_provider": "Handed to the next carrier",
    "return_to_sender": "Returned to sender",
    "package_undeliverable": "Undeliverable",
    "package_lost": "Lost",
    "package_damaged": "Damaged",
    "attempted": "Delivery attempted",
    "contact_provider": "Contact the carrier",
    "picked_up": "Picked up",
}
_AT_THE_DESK = ("rates_generated", "created")
_ON_THE_WAY = [status for status in OUTSTANDING if status not in (*_AT_THE_DESK, *EXCEPTION)]
# What a list can be narrowed to, with the filter of the API that does it.
STAGES: dict[str, dict[str, str]] = {
    "All": {},
    "Quotes": {"status": "rates_generated"},
    "To hand over": {"status": "created"},
    "On the way": {"statuses": ",".join(_ON_THE_WAY)},
    "Needs attention": {"filter": "exception"},
    "Done": {"filter": "completed"},
}


def status_words(status: str) -> str:
    """A status or group of statuses as words: `In transit`, `Label made`, `All completed`."""
    if status in STATUS_GROUPS:
        return f"All {status}"
    words = _WORDS.get(status, status.replace("_", " "))
    return words[:1].upper() + words[1:]
