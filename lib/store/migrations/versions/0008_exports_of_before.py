"""Exports that were completed before their files were told one by one: they are over, to be retried when wanted."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

EXPORTS = sa.table("exports", sa.column("id"), sa.column("status"), sa.column("document"))


def upgrade() -> None:
    connection = op.get_bind()
    completed = sa.select(EXPORTS.c.id, EXPORTS.c.document).where(EXPORTS.c.status == "completed")
    for export_id, document in connection.execute(completed).all():
        expired = json.dumps({**json.loads(document), "status": "expired"}, ensure_ascii=False, separators=(",", ":"))
        changed = sa.update(EXPORTS).where(EXPORTS.c.id == export_id).values(status="expired", document=expired)
        connection.execute(changed)


def downgrade() -> None:
    """Nothing: their files are where they were, until their day is over."""
