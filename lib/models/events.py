"""Events: what happened to the things of the desk, one line each, in order; and the names they go by."""

import difflib
from typing import Any

from pydantic import Field

from lib.models.base import UtcDateTime, WireModel

# Every event that is ever written, and what it tells. Webhooks subscribe to these names.
EVENTS: dict[str, str] = {
    "shipment.rates_generated": "A shipment was quoted, or its rates were fetched anew.",
    "shipment.expired": "The rates of a shipment ran out before one was bought.",
    "shipment.purchased": "A rate was bought and its label made.",
    "shipment.tracking_updated": "The carrier told something new about a shipment.",
    "shipment.canceled": "A shipment was canceled.",
    "shipment.refunded": "The price of a shipment was paid back.",
    "shipment.coordinates_updated": "The place a shipment is at was set.",
    "shipment.updated": "Details of a shipment were changed.",
    "tracker.created": "A tracking number is followed from now on.",
    "tracker.updated": "Details of a tracker were changed.",
    "tracker.tracking_updated": "The carrier told something new about a tracking number.",
    "tracker.deleted": "A tracking number is no longer followed.",
    "contact.created": "A contact was entered.",
    "contact.updated": "A contact was changed.",
    "contact.deleted": "A contact was deleted.",
    "group.created": "A group was made.",
    "group.updated": "A group was changed.",
    "group.deleted": "A group was deleted.",
    "location.created": "A location was entered.",
    "location.updated": "A location was changed.",
    "location.deleted": "A location was deleted.",
    "address.created": "An address was entered.",
    "address.updated": "An address was changed.",
    "address.deleted": "An address was deleted.",
    "fulfillment.created": "A fulfillment was entered.",
    "fulfillment.updated": "A fulfillment was changed.",
    "fulfillment.deleted": "A fulfillment was deleted.",
    "shipping_label_inference.created": "What was read from a shipping label was entered.",
    "shipping_label_inference.updated": "What was read from a shipping label was changed.",
    "shipping_label_inference.deleted": "What was read from a shipping label was deleted.",
    "payment_method.created": "A payment method was entered.",
    "payment_method.updated": "A payment method was changed.",
    "payment_method.deleted": "A payment method was deleted.",
    "export.created": "An export was asked for.",
    "export.completed": "The file of an export is ready.",
    "export.failed": "The file of an export could not be made.",
    "export.canceled": "An export was called off.",
    "export.retried": "An export that had ended was put in the queue again.",
    "export.expired": "The file of an export was deleted after its day.",
    "export.deleted": "An export was deleted, with its file.",
    "export_template.created": "A recipe of exports was saved.",
    "export_template.updated": "A saved recipe of exports, or its schedule, was changed.",
    "export_template.deleted": "A saved recipe of exports was deleted.",
    "rate_card.applied": "A rate card was put in force.",
    "rate_card.removed": "A rate card was taken away.",
    "team.updated": "The team's settings were changed.",
    "api_key.created": "A key to the API was made.",
    "api_key.revoked": "A key to the API was revoked.",
    "samples.loaded": "The sample shipments were loaded, all at once.",
    "samples.removed": "The sample shipments were removed, all at once.",
    "webhook.created": "A webhook was entered.",
    "webhook.updated": "A webhook was changed.",
    "webhook.deleted": "A webhook was deleted.",
    "webhook.pinged": "A webhook was tried out; only this webhook is told.",
}
EVERYTHING = "*"
_ALL_OF = ".*"


class Event(WireModel):
    """Something that happened: `event` is `topic.context`, such as `shipment.purchased`.

    `sequence` grows with every event. `data` holds facts beyond the resource itself, which its id finds.
    """

    id: str
    sequence: int = 0
    event: str
    resource: str
    resource_id: str
    created_at: UtcDateTime
    data: dict[str, Any] = Field(default_factory=dict)


def subscriptions() -> list[str]:
    """Everything a webhook can subscribe to: all, all of a topic such as `shipment.*`, or one name."""
    topics = dict.fromkeys(name.partition(".")[0] for name in EVENTS)
    return [EVERYTHING, *(f"{topic}{_ALL_OF}" for topic in topics), *EVENTS]


def is_subscribed(subscribed: list[str], event: str) -> bool:
    """Whether one of these subscriptions covers the event."""
    return not {EVERYTHING, event, f"{event.partition('.')[0]}{_ALL_OF}"}.isdisjoint(subscribed)


def known_subscription(name: str) -> str:
    """The subscription of that name. Raises ValueError with the nearest name there is."""
    known = subscriptions()
    if name in known:
        return name
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean “{near[0]}”?" if near else "subscribe to *, shipment.* or a name such as shipment.purchased"
    raise ValueError(f"there is no event “{name[:100]}”; {hint}")
