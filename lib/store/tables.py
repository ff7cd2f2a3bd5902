"""The tables. Each resource keeps what is filtered and sorted by as columns, and its whole object as one document.

The document is text, not a JSON type: both databases then hold, and export, the very same bytes.
"""

import sqlalchemy as sa

from lib.store.columns import Code, Id, UtcMillis

metadata = sa.MetaData()


def _index_where_set(name: str, column: str, *further: str) -> sa.Index:
    """An index on the rows where `column` has a value, for columns that most rows leave empty."""
    is_set = sa.text(f"{column} IS NOT NULL")
    return sa.Index(name, column, *further, sqlite_where=is_set, postgresql_where=is_set)


shipments = sa.Table(
    "shipments",
    metadata,
    sa.Column("id", sa.String(100), primary_key=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("updated_at", UtcMillis, nullable=False),
    sa.Column("status", sa.String(40), nullable=False),
    sa.Column("provider", sa.String(40)),
    sa.Column("type", sa.String(20), nullable=False),
    sa.Column("tracking_number", sa.String(100)),
    sa.Column("order_number", sa.String(255)),
    sa.Column("location_id", sa.String(100)),
    sa.Column("sample", sa.Boolean, nullable=False, default=False),
    # Set while rates wait to be bought, so that their end can be told.
    sa.Column("rates_expire_at", UtcMillis),
    sa.Column("document", sa.Text, nullable=False),
    # By whichever of these a list is counted, what else it asks for most often stands in it too: no row is read.
    sa.Index("shipments_by_created", "created_at", "id", "status", "provider", "type"),
    sa.Index("shipments_by_updated", "updated_at", "id", "created_at"),
    sa.Index("shipments_by_status", "status", "created_at", "id", "provider", "type"),
    sa.Index("shipments_by_provider", "provider", "created_at", "id", "status", "type"),
    _index_where_set("shipments_by_location", "location_id", "created_at", "id"),
    _index_where_set("shipments_by_order_number", "order_number"),
    _index_where_set("shipments_by_tracking_number", "tracking_number"),
    sa.Index("shipments_by_sample", "sample", sqlite_where=sa.text("sample = 1"), postgresql_where=sa.text("sample")),
    _index_where_set("shipments_by_rates_expiry", "rates_expire_at"),
)

# Whatever else a list can be filtered by, a row a value: tags, metadata, group membership, the words of a search.
facets = sa.Table(
    "facets",
    metadata,
    sa.Column("resource", sa.String(40), primary_key=True),
    sa.Column("name", Code, primary_key=True),
    sa.Column("value", Code, primary_key=True),
    sa.Column("created_at", UtcMillis, primary_key=True),
    sa.Column("owner_id", Id, primary_key=True),
    sa.Index("facets_by_owner", "owner_id", "resource", "name", "value"),
    sqlite_with_rowid=False,
)

# Grows, by a trigger, with every change to a shipment that was created in that week (since 1970): while the sum over
# its slots stays the same, so does whatever was counted in that week. Slots keep writers from waiting for each other.
shipment_weeks = sa.Table(
    "shipment_weeks",
    metadata,
    sa.Column("week", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("slot", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("changes", sa.BigInteger, nullable=False),
)

addresses = sa.Table(
    "addresses",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("updated_at", UtcMillis, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Index("addresses_by_created", "created_at", "id"),
    sa.Index("addresses_by_hash", "hash"),
)

# `name_key` sorts names as people do, whatever their case.
contacts = sa.Table(
    "contacts",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("updated_at", UtcMillis, nullable=False),
    sa.Column("name_key", Code, nullable=False),
    sa.Column("email", Code),
    sa.Column("address_hash", sa.String(64)),
    sa.Column("document", sa.Text, nullable=False),
    sa.Index("contacts_by_created", "created_at", "id"),
    sa.Index("contacts_by_updated", "updated_at", "id"),
    sa.Index("contacts_by_name", "name_key", "id"),
    sa.Index("contacts_by_email", "email", "id"),
    sa.Index("contacts_by_address", "address_hash"),
)

groups = sa.Table(
    "groups",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("updated_at", UtcMillis, nullable=False),
    sa.Column("name", Code, nullable=False),
    sa.Column("name_key", Code, nullable=False),
    sa.Column("resource", sa.String(40), nullable=False),
    sa.Column("location_id", Id),
    sa.Column("document", sa.Text, nullable=False),
    sa.UniqueConstraint("name", "resource", name="groups_are_named_once"),
    sa.Index("groups_by_name", "name_key", "id"),
)

locations = sa.Table(
    "locations",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("updated_at", UtcMillis, nullable=False),
    sa.Column("name_key", Code, nullable=False),
    sa.Column("code", Code),
    sa.Column("document", sa.Text, nullable=False),
    sa.Index("locations_by_name", "name_key", "id"),
)

fulfillments = sa.Table(
    "fulfillments",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("updated_at", UtcMillis, nullable=False),
    sa.Column("status", sa.String(40), nullable=False),
    sa.Column("order_number", sa.String(255)),
    sa.Column("location_id", Id),
    sa.Column("document", sa.Text, nullable=False),
    sa.Index("fulfillments_by_created", "created_at", "id"),
)

# `moves_at` is when a test number takes its next step by itself.
trackers = sa.Table(
    "trackers",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("updated_at", UtcMillis, nullable=False),
    sa.Column("status", sa.String(40), nullable=False),
    sa.Column("provider", sa.String(40)),
    sa.Column("tracking_number", sa.String(100), nullable=False),
    sa.Column("location_id", Id),
    sa.Column("moves_at", UtcMillis),
    sa.Column("document", sa.Text, nullable=False),
    sa.Index("trackers_by_created", "created_at", "id"),
    sa.Index("trackers_by_updated", "updated_at", "id"),
    sa.Index("trackers_by_status", "status", "created_at", "id"),
    sa.Index("trackers_by_number", "tracking_number"),
    sa.Index(
        "trackers_by_next_move",
        "moves_at",
        sqlite_where=sa.text("moves_at IS NOT NULL"),
        postgresql_where=sa.text("moves_at IS NOT NULL"),
    ),
)

payment_methods = sa.Table(
    "payment_methods",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("updated_at", UtcMillis, nullable=False),
    sa.Column("is_default", sa.Boolean, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
)

# Money that moved, in cents: what was charged is above zero, what came back below. A purchase, known by its tracking
# number, has at most one line of each kind.
ledger_lines = sa.Table(
    "ledger_lines",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("payment_method_id", Id, nullable=False),
    sa.Column("shipment_id", Id, nullable=False),
    sa.Column("tracking_number", sa.String(100), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("reference", sa.String(255)),
    sa.UniqueConstraint("tracking_number", "kind", name="ledger_lines_once_a_kind"),
    sa.Index("ledger_lines_by_created", "created_at", "id"),
    sa.Index("ledger_lines_by_shipment", "shipment_id"),
)

# What a client's Idempotency-Key was first used for.
idempotency_keys = sa.Table(
    "idempotency_keys",
    metadata,
    sa.Column("key", sa.String(255), primary_key=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("resource_id", Id),
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("id", Id, nullable=False, unique=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("event", sa.String(60), nullable=False),
    sa.Column("resource", sa.String(40), nullable=False),
    sa.Column("resource_id", Id, nullable=False),
    sa.Column("data", sa.Text, nullable=False),
    sa.Index("events_by_resource", "resource_id", "sequence"),
    sqlite_autoincrement=True,
)

webhooks = sa.Table(
    "webhooks",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("updated_at", UtcMillis, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
)

webhook_deliveries = sa.Table(
    "webhook_deliveries",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("updated_at", UtcMillis, nullable=False),
    sa.Column("webhook_id", Id, sa.ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    sa.Column("event_sequence", sa.BigInteger, nullable=False),
    sa.Column("status", sa.String(20), nullable=False),
    # Set while another attempt is due.
    sa.Column("due_at", UtcMillis),
    sa.Column("document", sa.Text, nullable=False),
    sa.Index("webhook_deliveries_by_webhook", "webhook_id", "event_sequence"),
    sa.Index(
        "webhook_deliveries_due",
        "due_at",
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    ),
)

# One row per shipment that anybody has begun to buy: the primary key is what makes buying twice impossible.
purchases = sa.Table(
    "purchases",
    metadata,
    sa.Column("shipment_id", sa.String(100), sa.ForeignKey("shipments.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("rate_id", sa.String(100), nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("payment_method_id", Id),
    sa.Column("tracking_number", sa.String(100), nullable=False, unique=True),
    sa.Column("purchased_at", UtcMillis, nullable=False),
)

exports = sa.Table(
    "exports",
    metadata,
    sa.Column("id", sa.String(100), primary_key=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("updated_at", UtcMillis, nullable=False),
    sa.Column("resource", sa.String(60), nullable=False),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Index("exports_by_created", "created_at", "id"),
)

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("id", sa.String(100), primary_key=True),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("starts_with", sa.String(20), nullable=False),
    sa.Column("secret_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("revoked_at", UtcMillis),
    # A comma list; a key from before scopes has none and opens everything.
    sa.Column("scopes", sa.String(255)),
)

# What a card is stands in `document`, what it holds in `rows`, which may be large and is read only when needed. The
# first and last day are texts, 2026-01-31, which sort and compare alike on both databases.
rate_cards = sa.Table(
    "rate_cards",
    metadata,
    sa.Column("id", sa.String(100), primary_key=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("effective", sa.String(10), nullable=False),
    sa.Column("until", sa.String(10)),
    sa.Column("row_count", sa.Integer, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("rows", sa.Text, nullable=False),
    sa.Index("rate_cards_by_created", "created_at", "id"),
)

# Small things kept once per desk: the team's settings, the secret that signs links.
values = sa.Table(
    "desk_values",
    metadata,
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
