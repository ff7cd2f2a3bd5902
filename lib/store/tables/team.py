"""What the team has: exports, API keys, rate cards, small values."""

import sqlalchemy as sa

from lib.store.columns import UtcMillis
from lib.store.tables.base import index_where_set, metadata

exports = sa.Table(
    "exports",
    metadata,
    sa.Column("id", sa.String(100), primary_key=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("updated_at", UtcMillis, nullable=False),
    sa.Column("resource", sa.String(60), nullable=False),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("template_id", sa.String(100)),
    # The moment that a schedule named: one file is made for each.
    sa.Column("scheduled_at", UtcMillis),
    sa.Index("exports_by_created", "created_at", "id"),
    index_where_set("exports_by_template", "template_id", "created_at", "id"),
    sa.Index(
        "exports_made_once",
        "template_id",
        "scheduled_at",
        unique=True,
        sqlite_where=sa.text("scheduled_at IS NOT NULL"),
        postgresql_where=sa.text("scheduled_at IS NOT NULL"),
    ),
    sa.Index(
        "exports_scheduled",
        "status",
        "template_id",
        "scheduled_at",
        sqlite_where=sa.text("scheduled_at IS NOT NULL"),
        postgresql_where=sa.text("scheduled_at IS NOT NULL"),
    ),
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
