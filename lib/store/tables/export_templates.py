"""Templates of exports."""

import sqlalchemy as sa

from lib.store.columns import Code, Id, UtcMillis
from lib.store.tables.base import index_where_set, metadata

export_templates = sa.Table(
    "export_templates",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("updated_at", UtcMillis, nullable=False),
    sa.Column("name_key", Code, nullable=False),
    # Set while its schedule is on.
    sa.Column("next_run_at", UtcMillis),
    sa.Column("document", sa.Text, nullable=False),
    sa.Index("export_templates_by_name", "name_key", unique=True),
    index_where_set("export_templates_due", "next_run_at"),
)
