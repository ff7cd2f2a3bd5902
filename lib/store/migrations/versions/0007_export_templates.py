"""Templates of exports and their schedules."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

CODE = sa.String(255).with_variant(sa.String(255, collation="C"), "postgresql")
OF_TEMPLATE = sa.text("template_id IS NOT NULL")
SCHEDULED = sa.text("scheduled_at IS NOT NULL")
WITH_NEXT = sa.text("next_run_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "export_templates",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("name_key", CODE, nullable=False),
        sa.Column("next_run_at", sa.BigInteger),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_index("export_templates_by_name", "export_templates", ["name_key"], unique=True)
    op.create_index(
        "export_templates_due", "export_templates", ["next_run_at"], sqlite_where=WITH_NEXT, postgresql_where=WITH_NEXT
    )
    op.add_column("exports", sa.Column("template_id", sa.String(100)))
    op.add_column("exports", sa.Column("scheduled_at", sa.BigInteger))
    op.create_index(
        "exports_by_template",
        "exports",
        ["template_id", "created_at", "id"],
        sqlite_where=OF_TEMPLATE,
        postgresql_where=OF_TEMPLATE,
    )
    op.create_index(
        "exports_made_once",
        "exports",
        ["template_id", "scheduled_at"],
        unique=True,
        sqlite_where=SCHEDULED,
        postgresql_where=SCHEDULED,
    )
    op.create_index(
        "exports_scheduled",
        "exports",
        ["status", "template_id", "scheduled_at"],
        sqlite_where=SCHEDULED,
        postgresql_where=SCHEDULED,
    )


def downgrade() -> None:
    for name in ("exports_scheduled", "exports_made_once", "exports_by_template"):
        op.drop_index(name, table_name="exports")
    op.drop_column("exports", "scheduled_at")
    op.drop_column("exports", "template_id")
    op.drop_table("export_templates")
