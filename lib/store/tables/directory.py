"""Whom and where things are sent: addresses, contacts, groups, locations, fulfillments."""

import sqlalchemy as sa

from lib.store.columns import Code, Id, Shape, UtcMillis
from lib.store.tables.base import metadata

addresses = sa.Table(
    "addresses",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("updated_at", UtcMillis, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Index("addresses_by_created", "created_at", "id"),
    sa.Index("addresses_by_hash", "hash"),
)

# `name_key` sorts names as people do, whatever their case.
contacts = sa.Table(
    "contacts",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("updated_at", UtcMillis, nullable=False),
    sa.Column("name_key", Code, nullable=False),
    sa.Column("email", Code),
    sa.Column("address_hash", sa.String(64)),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("shape", Shape),
    sa.Index("contacts_by_created", "created_at", "id"),
    sa.Index("contacts_by_updated", "updated_at", "id"),
    sa.Index("contacts_by_name", "name_key", "id"),
    sa.Index("contacts_by_email", "email", "id"),
    sa.Index("contacts_by_address", "address_hash"),
)

groups = sa.Table(
    "groups",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("updated_at", UtcMillis, nullable=False),
    sa.Column("name", Code, nullable=False),
    sa.Column("name_key", Code, nullable=False),
    sa.Column("resource", sa.String(40), nullable=False),
    sa.Column("location_id", Id),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("shape", Shape),
    sa.UniqueConstraint("name", "resource", name="groups_are_named_once"),
    sa.Index("groups_by_name", "name_key", "id"),
)

locations = sa.Table(
    "locations",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("updated_at", UtcMillis, nullable=False),
    sa.Column("name_key", Code, nullable=False),
    sa.Column("code", Code),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("shape", Shape),
    sa.Index("locations_by_name", "name_key", "id"),
)

fulfillments = sa.Table(
    "fulfillments",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("created_at", UtcMillis, nullable=False),
    sa.Column("updated_at", UtcMillis, nullable=False),
    sa.Column("status", sa.String(40), nullable=False),
    sa.Column("order_number", sa.String(255)),
    sa.Column("location_id", Id),
    sa.Column("document", sa.Text, nullable=False),
    sa.Index("fulfillments_by_created", "created_at", "id"),
)
