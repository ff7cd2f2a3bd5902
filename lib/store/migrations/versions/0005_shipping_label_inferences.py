"""Shipping label inferences: what was read from photographed labels."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

# Sorts and compares by code point on both databases.
CODE = sa.String(255).with_variant(sa.String(255, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "shipping_label_inferences",
        sa.Column("id", sa.String(100), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("provider_name", CODE, nullable=True),
        sa.Column("service_level_name", CODE, nullable=True),
        sa.Column("location_id", sa.String(100), nullable=True),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    for name, columns in {
        "shipping_label_inferences_by_created": ["created_at", "id"],
        "shipping_label_inferences_by_updated": ["updated_at", "id"],
        "shipping_label_inferences_by_provider": ["provider_name", "created_at", "id"],
    }.items():
        op.create_index(name, "shipping_label_inferences", columns)


def downgrade() -> None:
    op.drop_table("shipping_label_inferences")
    op.execute("DELETE FROM facets WHERE resource = 'shipping_label_inference'")
