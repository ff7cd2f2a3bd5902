"""Shapes tell what each item of a list has: all are told anew, and those of rows from before there were shapes."""

import msgspec
import sqlalchemy as sa
from alembic import op

from lib.store.shapes import shape_of

revision = "0009"
down_revision = "0008"

TABLES = ("shipments", "trackers", "contacts", "groups", "locations", "shipping_label_inferences")
AT_ONCE = 500


def upgrade() -> None:
    connection = op.get_bind()
    for name in TABLES:
        table = sa.table(name, sa.column("id"), sa.column("document"), sa.column("shape"))
        page = sa.select(table.c.id, table.c.document).order_by(table.c.id).limit(AT_ONCE)
        change = sa.update(table).where(table.c.id == sa.bindparam("of")).values(shape=sa.bindparam("told"))
        last = ""
        while rows := connection.execute(page.where(table.c.id > last)).all():
            connection.execute(change, [{"of": row_id, "told": shape(document)} for row_id, document in rows])
            last = rows[-1].id


def shape(document: str) -> int | None:
    """Of a document that cannot be read there is none."""
    try:
        return shape_of(document)
    except msgspec.DecodeError:
        return None


def downgrade() -> None:
    """Nothing: documents that share one of these shapes shared one before."""
