"""What pays, what was charged, and what a client has asked for under a key of its own."""

import sqlalchemy as sa

from lib.store.columns import Id, UtcMillis
from lib.store.tables.base import metadata

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
    sa.Index("ledger_lines_by_method", "payment_method_id"),
    sa.Index("ledger_lines_by_shipment", "shipment_id"),
)

# What a client's Idempotency-Key was first used for.
idempotency_keys = sa.Table(
    "idempotency_keys",
    metadata,
    sa.Column("operation", sa.String(40), primary_key=True),
    sa.Column("key", sa.String(255), primary_key=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("resource_id", Id, nullable=False),
    sa.Index("idempotency_keys_by_created", "created_at"),
)
