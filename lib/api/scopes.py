"""Which scope a call needs: decided here for every route, by the first part of its path."""

from lib.models.api_keys import Scope

# What writing to a resource needs; reading needs `read`. What is not named here needs `admin` for either.
_WRITING: dict[str, Scope] = {
    "addresses": "ship",
    "contacts": "ship",
    "fulfillments": "ship",
    "groups": "ship",
    "labels": "ship",
    "locations": "ship",
    "shipments": "ship",
    "shipping_label_inferences": "ship",
    "trackers": "ship",
    "exports": "export",
    "export_templates": "export",
    "events": "admin",
    "ledger": "admin",
    "payment_methods": "admin",
    "rate_cards": "admin",
    "webhooks": "admin",
}
_READING = frozenset({"GET", "HEAD"})


def scope_for(method: str, path: str) -> Scope:
    """The scope that a call of a route needs; `path` is the route's, such as `/shipments/{shipment_id}`."""
    resource = path.split("/")[1]
    if resource in _WRITING and method in _READING:
        return "read"
    return _WRITING.get(resource, "admin")
