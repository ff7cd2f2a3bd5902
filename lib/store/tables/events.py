"""What happened, and who is told."""

import sqlalchemy as sa

from lib.store.columns import Id, UtcMillis
from lib.store.tables.base import metadata

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
    # The value of its header, apart from the document so that no answer can hold it.
    sa.Column("secret", sa.Text),
    sa.Column("document", sa.Text, nullable=False),
)

# Without a foreign key: a change in the desk must not wait for somebody who edits a webhook.
webhook_deliveries = sa.Table(
    "webhook_deliveries",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("updated_at", UtcMillis, nullable=False),
    sa.Column("webhook_id", Id, nullable=False),
    sa.Column("event_sequence", sa.BigInteger, nullable=False),
    sa.Column("status", sa.String(20), nullable=False),
    # Set while another attempt is due; while one is made, when its maker counts as dead.
    sa.Column("due_at", UtcMillis),
    sa.Column("document", sa.Text, nullable=False),
    # What is sent, byte for byte the same at every attempt.
    sa.Column("payload", sa.Text, nullable=False),
    sa.Index("webhook_deliveries_by_webhook", "webhook_id", "event_sequence"),
    sa.Index("webhook_deliveries_by_created", "created_at"),
    sa.Index(
        "webhook_deliveries_due",
        "webhook_id",
        "event_sequence",
        "due_at",
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    ),
)
