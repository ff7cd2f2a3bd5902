"""Shipments, purchases, exports, keys and values: the tables of the first street."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "shipments",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("provider", sa.String(40)),
        sa.Column("type", sa.String(20), nullable=False),
        sa.Column("tracking_number", sa.String(100)),
        sa.Column("order_number", sa.String(255)),
        sa.Column("location_id", sa.String(100)),
        sa.Column("sample", sa.Boolean, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_index("shipments_by_created", "shipments", ["created_at", "id"])
    op.create_index("shipments_by_updated", "shipments", ["updated_at", "id"])
    op.create_index("shipments_by_status", "shipments", ["status", "created_at", "id"])
    op.create_index("shipments_by_provider", "shipments", ["provider", "created_at", "id"])
    op.create_index("shipments_by_sample", "shipments", ["sample"])
    op.create_table(
        "purchases",
        sa.Column("shipment_id", sa.String(100), sa.ForeignKey("shipments.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("rate_id", sa.String(100), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("tracking_number", sa.String(100), nullable=False, unique=True),
        sa.Column("purchased_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "exports",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("resource", sa.String(60), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_index("exports_by_created", "exports", ["created_at", "id"])
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("starts_with", sa.String(20), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("revoked_at", sa.BigInteger),
    )
    op.create_table(
        "desk_values",
        sa.Column("name", sa.String(60), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def downgrade() -> None:
    for table in ("desk_values", "api_keys", "exports", "purchases", "shipments"):
        op.drop_table(table)
