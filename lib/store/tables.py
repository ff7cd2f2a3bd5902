"""The tables. Each resource keeps what is filtered and sorted by as columns, and its whole object as one document.

The document is text, not a JSON type: both databases then hold, and export, the very same bytes.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

MILLISECOND = 1000


class UtcMillis(TypeDecorator[datetime]):
    """An aware UTC datetime kept as whole milliseconds since 1970: sorts and compares alike on both databases."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:  # noqa: ARG002
        """To milliseconds; refuses a datetime without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs a time zone")
        return round(value.timestamp() * MILLISECOND)

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Back to an aware datetime."""
        return None if value is None else datetime.fromtimestamp(value / MILLISECOND, UTC)


metadata = sa.MetaData()

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
    sa.Column("document", sa.Text, nullable=False),
    sa.Index("shipments_by_created", "created_at", "id"),
    sa.Index("shipments_by_updated", "updated_at", "id"),
    sa.Index("shipments_by_status", "status", "created_at", "id"),
    sa.Index("shipments_by_provider", "provider", "created_at", "id"),
    sa.Index("shipments_by_sample", "sample"),
)

# One row per shipment that anybody has begun to buy: the primary key is what makes buying twice impossible.
purchases = sa.Table(
    "purchases",
    metadata,
    sa.Column("shipment_id", sa.String(100), sa.ForeignKey("shipments.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("rate_id", sa.String(100), nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
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
