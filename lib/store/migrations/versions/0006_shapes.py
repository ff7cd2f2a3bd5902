"""What the documents of exportable rows are made of, beside them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

TABLES = ("shipments", "trackers", "contacts", "groups", "locations", "shipping_label_inferences")
CREATED = ["created_at", "id", "status", "provider", "type"]


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("shape", sa.BigInteger))
    op.drop_index("shipments_by_created", table_name="shipments")
    op.create_index("shipments_by_created", "shipments", [*CREATED, "shape"])


def downgrade() -> None:
    op.drop_index("shipments_by_created", table_name="shipments")
    op.create_index("shipments_by_created", "shipments", CREATED)
    for table in TABLES:
        op.drop_column(table, "shape")
