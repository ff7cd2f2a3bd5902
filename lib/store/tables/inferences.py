"""What was read from photographed shipping labels."""

import sqlalchemy as sa

from lib.store.columns import Code, Id, Shape, UtcMillis
from lib.store.tables.base import metadata

# The two names without case and accents: one label says USPS, another usps.
shipping_label_inferences = sa.Table(
    "shipping_label_inferences",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("updated_at", UtcMillis, nullable=False),
    sa.Column("status", sa.String(40), nullable=False),
    sa.Column("provider_name", Code),
    sa.Column("service_level_name", Code),
    sa.Column("location_id", Id),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("shape", Shape),
    sa.Index("shipping_label_inferences_by_created", "created_at", "id"),
    sa.Index("shipping_label_inferences_by_updated", "updated_at", "id"),
    sa.Index("shipping_label_inferences_by_provider", "provider_name", "created_at", "id"),
)
