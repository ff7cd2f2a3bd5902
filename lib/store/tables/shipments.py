"""Shipments, what is beside their documents, and what is followed of them."""

import sqlalchemy as sa

from lib.store.columns import Code, Id, Shape, UtcMillis
from lib.store.tables.base import index_where_set, metadata

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
    sa.Column("shape", Shape),
    # By whichever of these a list is counted, what else it asks for most often stands in it too: no row is read.
    sa.Index("shipments_by_created", "created_at", "id", "status", "provider", "type", "shape"),
    sa.Index("shipments_by_updated", "updated_at", "id", "created_at"),
    sa.Index("shipments_by_status", "status", "created_at", "id", "provider", "type"),
    sa.Index("shipments_by_provider", "provider", "created_at", "id", "status", "type"),
    index_where_set("shipments_by_location", "location_id", "created_at", "id"),
    index_where_set("shipments_by_order_number", "order_number"),
    index_where_set("shipments_by_tracking_number", "tracking_number"),
    sa.Index("shipments_by_sample", "sample", sqlite_where=sa.text("sample = 1"), postgresql_where=sa.text("sample")),
    index_where_set("shipments_by_rates_expiry", "rates_expire_at"),
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

# One row per shipment that anybody has begun to buy: the primary key is what makes buying twice impossible.
purchases = sa.Table(
    "purchases",
    metadata,
    sa.Column("shipment_id", sa.String(100), sa.ForeignKey("shipments.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("rate_id", sa.String(100), nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("payment_method_id", Id, nullable=False, server_default="pay_invoice"),
    sa.Column("tracking_number", sa.String(100), nullable=False, unique=True),
    sa.Column("purchased_at", UtcMillis, nullable=False),
)

# A number is followed once for each provider, "" where it is not known. `moves_at` is when a test number takes its next
# step by itself.
trackers = sa.Table(
    "trackers",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("updated_at", UtcMillis, nullable=False),
    sa.Column("status", sa.String(40), nullable=False),
    sa.Column("provider", sa.String(40), nullable=False),
    sa.Column("tracking_number", sa.String(100), nullable=False),
    sa.Column("location_id", Id),
    sa.Column("moves_at", UtcMillis),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("shape", Shape),
    sa.Index("trackers_by_created", "created_at", "id"),
    sa.Index("trackers_by_updated", "updated_at", "id"),
    sa.Index("trackers_by_status", "status", "created_at", "id"),
    sa.Index("trackers_by_number", "tracking_number", "provider", unique=True),
    sa.Index(
        "trackers_by_next_move",
        "moves_at",
        sqlite_where=sa.text("moves_at IS NOT NULL"),
        postgresql_where=sa.text("moves_at IS NOT NULL"),
    ),
)
