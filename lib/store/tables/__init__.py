"""The tables. Each resource keeps what is filtered and sorted by as columns, and its whole object as one document.

The document is text, not a JSON type: both databases then hold, and export, the very same bytes.
"""

from lib.store.tables.base import metadata
from lib.store.tables.directory import addresses, contacts, fulfillments, groups, locations
from lib.store.tables.events import events, webhook_deliveries, webhooks
from lib.store.tables.export_templates import export_templates
from lib.store.tables.inferences import shipping_label_inferences
from lib.store.tables.payments import idempotency_keys, ledger_lines, payment_methods
from lib.store.tables.shipments import facets, purchases, shipment_weeks, shipments, trackers
from lib.store.tables.team import api_keys, exports, rate_cards, values

__all__ = [
    "addresses",
    "api_keys",
    "contacts",
    "events",
    "export_templates",
    "exports",
    "facets",
    "fulfillments",
    "groups",
    "idempotency_keys",
    "ledger_lines",
    "locations",
    "metadata",
    "payment_methods",
    "purchases",
    "rate_cards",
    "shipment_weeks",
    "shipments",
    "shipping_label_inferences",
    "trackers",
    "values",
    "webhook_deliveries",
    "webhooks",
]
