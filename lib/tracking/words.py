"""Statuses and places as people write them."""

from functools import lru_cache

from lib.address.parsing import parse_line
from lib.address.problems import AddressProblem
from lib.address.zips import example_zip, place
from lib.models.addresses import Address
from lib.models.statuses import ShipmentStatus

STATUS_WORDS: dict[ShipmentStatus, str] = {
    "rates_generated": "Being prepared",
    "created": "Label made",
    "provider_at_pickup": "Carrier at the pickup",
    "package_accepted": "With the carrier",
    "out_for_delivery": "Out for delivery",
    "provider_at_dropoff": "Carrier at the door",
    "delivered": "Delivered",
    "address_issue": "Problem with the address",
    "contact_provider": "The carrier has a question",
    "delayed": "Delayed",
    "attempted": "Delivery attempted",
    "scheduled": "Scheduled",
    "rescheduled": "Rescheduled",
    "driver_dispatched": "Driver on the way to the pickup",
    "package_at_waypoint": "At a stop on the way",
    "in_transit": "On the way",
    "pickup_available": "Ready for pickup",
    "package_damaged": "Damaged",
    "recipient_at_pickup": "Recipient at the pickup",
    "added_to_container": "Loaded into a container",
    "removed_from_container": "Unloaded from a container",
    "added_to_vehicle": "Loaded into a vehicle",
    "removed_from_vehicle": "Unloaded from a vehicle",
    "delivered_to_provider": "Handed to the carrier",
    "picked_up": "Picked up",
    "return_to_sender": "Going back to the sender",
    "package_undeliverable": "Could not be delivered",
    "package_lost": "Lost",
    "canceled": "Canceled",
}


def public_place(address: Address | None) -> str | None:
    """The city of an address with its state, or abroad its country; nothing else of it."""
    if address is None:
        return None
    if address.country_code != "US":
        return ", ".join(part for part in (address.city, address.country) if part) or None
    return _known_place(address.city, address.state_code, address.postal_code)


@lru_cache(maxsize=4096)
def place_in(text: str) -> str | None:
    """The city and state that a line of text ends in; None unless there is such a city: the text may say anything."""
    try:
        found = parse_line(text)
    except AddressProblem:
        return None
    return _known_place(found.city, found.state_code, found.postal_code) if found.country_code == "US" else None


def _known_place(city: str, state: str, postal_code: str) -> str | None:
    found = place(postal_code or example_zip(city, state) or "")
    if found is None:
        return None
    return f"{city if found.accepts(city) else found.city}, {found.state_code}"
