"""Shapes tell what each item of a list has: those that took the items together are forgotten.

Whoever needs the shape of such a row finds it in the document, until the row is written the next time.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

TABLES = ("shipments", "trackers", "contacts", "groups", "locations", "shipping_label_inferences")


def upgrade() -> None:
    for table in TABLES:
        op.execute(sa.update(sa.table(table, sa.column("shape"))).values(shape=None))


def downgrade() -> None:
    """Nothing: a shape that is not known is none that is wrong."""
