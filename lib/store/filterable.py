"""What each table's list can be filtered and sorted by. Names on the left are the API's."""

from typing import get_args

from lib.models.events import EVENTS
from lib.models.exports import ExportStatus
from lib.models.groups import GroupResource
from lib.models.webhooks import DeliveryStatus
from lib.store import tables
from lib.store.conditions import (
    Compiler,
    after,
    among,
    carrier,
    date,
    facet,
    known,
    named,
    provider,
    same,
    search,
    shipment_type,
    status_group,
    statuses,
)
from lib.store.facets import SEARCH

# Names of filters on the left, of facets on the right.
SHIPMENT_FACETS = {
    "tags": "tag",
    "layout_id": "layout_id",
    "sender_address_id": "sender_address_id",
    "rate_types": "rate_type",
}
_DATES: dict[str, Compiler] = {"created_at": date("created_at"), "updated_at": date("updated_at")}
_STATUS: dict[str, Compiler] = {"status": statuses, "statuses": statuses, "filter": status_group}
FILTERS: dict[str, dict[str, Compiler]] = {
    tables.shipments.name: {
        "provider": provider,
        **_STATUS,
        "type": shipment_type,
        **_DATES,
        "tracking_number": same("tracking_number"),
        "order_number": same("order_number"),
        "location_id": same("location_id"),
        **{name: facet(kept) for name, kept in SHIPMENT_FACETS.items()},
        SEARCH: search,
    },
    tables.trackers.name: {
        "provider": carrier,
        **_STATUS,
        **_DATES,
        "tracking_number": same("tracking_number"),
        "location_id": same("location_id"),
        "tags": facet("tag"),
        SEARCH: search,
    },
    tables.contacts.name: {
        "group_id": facet("group_id"),
        "location_id": facet("location_id"),
        "address_hash": same("address_hash"),
        **_DATES,
        SEARCH: search,
    },
    tables.groups.name: {
        "resource": known("resource", get_args(GroupResource)),
        "location_id": same("location_id"),
        **_DATES,
        SEARCH: search,
    },
    tables.locations.name: {**_DATES, SEARCH: search},
    tables.fulfillments.name: {
        "status": among("status"),
        "order_number": same("order_number"),
        "location_id": same("location_id"),
        **_DATES,
        SEARCH: search,
    },
    tables.shipping_label_inferences.name: {
        "provider_name": named("provider_name"),
        "service_level_name": named("service_level_name"),
        "status": among("status"),
        "location_id": same("location_id"),
        "tags": facet("tag"),
        **_DATES,
        SEARCH: search,
    },
    tables.addresses.name: {"hash": same("hash"), **_DATES, SEARCH: search},
    tables.events.name: {
        "event": known("event", tuple(EVENTS)),
        "resource": known("resource", tuple(dict.fromkeys(name.partition(".")[0] for name in EVENTS))),
        "resource_id": same("resource_id"),
        "after": after,
        "created_at": date("created_at"),
    },
    tables.exports.name: {
        "resource": among("resource"),
        "status": known("status", get_args(ExportStatus)),
        "template_id": same("template_id"),
        **_DATES,
    },
    tables.webhooks.name: {**_DATES, SEARCH: search},
    tables.export_templates.name: {**_DATES, SEARCH: search},
    tables.webhook_deliveries.name: {"status": known("status", get_args(DeliveryStatus)), **_DATES},
    tables.payment_methods.name: _DATES,
    tables.ledger_lines.name: {
        "shipment_id": among("shipment_id"),
        "payment_method_id": among("payment_method_id"),
        "kind": among("kind"),
        "created_at": date("created_at"),
    },
}
_TIMES = {"created_at": "created_at", "updated_at": "updated_at"}
_NAMED = {"name": "name_key", **_TIMES}
ORDERS: dict[str, dict[str, str]] = {
    tables.shipments.name: {**_TIMES, "status": "status", "provider": "provider"},
    tables.trackers.name: {**_TIMES, "status": "status", "provider": "provider"},
    tables.contacts.name: {**_NAMED, "email": "email"},
    tables.groups.name: _NAMED,
    tables.locations.name: _NAMED,
    tables.fulfillments.name: _TIMES,
    tables.shipping_label_inferences.name: _TIMES,
    tables.addresses.name: _TIMES,
    tables.events.name: {"sequence": "sequence", "created_at": "created_at"},
    tables.exports.name: {**_TIMES, "resource": "resource", "status": "status"},
    tables.webhooks.name: _TIMES,
    tables.export_templates.name: _NAMED,
    tables.webhook_deliveries.name: {"event_sequence": "event_sequence", **_TIMES},
    tables.payment_methods.name: _TIMES,
    tables.ledger_lines.name: {"created_at": "created_at"},
}
