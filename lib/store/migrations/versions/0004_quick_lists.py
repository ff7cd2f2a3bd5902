"""What lists of a million shipments need: indexes, changes told by week, facets of the shipments from before."""

import sqlalchemy as sa
from alembic import op

from lib.models.shipments import Shipment
from lib.store.shipments import shipment_facets

revision = "0004"
down_revision = "0003"

WEEK_MS = 7 * 24 * 60 * 60 * 1000
BATCH = 500
BEFORE = {
    "shipments_by_created": ["created_at", "id"],
    "shipments_by_updated": ["updated_at", "id"],
    "shipments_by_status": ["status", "created_at", "id"],
    "shipments_by_provider": ["provider", "created_at", "id"],
    "shipments_by_sample": ["sample"],
}
AFTER = {
    "shipments_by_created": ["created_at", "id", "status", "provider", "type"],
    "shipments_by_updated": ["updated_at", "id", "created_at"],
    "shipments_by_status": ["status", "created_at", "id", "provider", "type"],
    "shipments_by_provider": ["provider", "created_at", "id", "status", "type"],
}
WHERE_SET = {
    "shipments_by_location": ["location_id", "created_at", "id"],
    "shipments_by_order_number": ["order_number"],
    "shipments_by_tracking_number": ["tracking_number"],
}

COUNT_ROW = f"""
    INSERT INTO shipment_weeks VALUES ({{row}}.created_at / {WEEK_MS}, 0, 1)
    ON CONFLICT (week, slot) DO UPDATE SET changes = changes + 1;"""  # noqa: S608  # constants
# A statement at a time, however many rows it changes. The slot is by session, so that two that change shipments of
# one week at once need not wait for each other.
COUNT_STATEMENT = f"""
    CREATE FUNCTION count_shipment_changes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO shipment_weeks
        SELECT DISTINCT created_at / {WEEK_MS}, pg_backend_pid() % 16, 1 FROM changed ORDER BY 1
        ON CONFLICT (week, slot) DO UPDATE SET changes = shipment_weeks.changes + 1;
        RETURN NULL;
    END $$"""  # noqa: S608
EVENTS = (
    ("shipments_inserted", "INSERT", "NEW"),
    ("shipments_updated", "UPDATE", "NEW"),
    ("shipments_moved", "UPDATE", "OLD"),
    ("shipments_deleted", "DELETE", "OLD"),
)
TRIGGERS = {
    "sqlite": [
        f"CREATE TRIGGER {name} AFTER {event} ON shipments BEGIN {COUNT_ROW.format(row=row)} END"
        for name, event, row in EVENTS
    ],
    "postgresql": [
        COUNT_STATEMENT,
        *(
            f"CREATE TRIGGER {name} AFTER {event} ON shipments REFERENCING {row} TABLE AS changed "
            "FOR EACH STATEMENT EXECUTE FUNCTION count_shipment_changes()"
            for name, event, row in EVENTS
        ),
    ],
}
UNDONE = {
    "sqlite": [f"DROP TRIGGER {name}" for name, _, _ in EVENTS],
    "postgresql": ["DROP FUNCTION count_shipment_changes CASCADE"],
}


def upgrade() -> None:
    for name in BEFORE:
        op.drop_index(name, table_name="shipments")
    for name, columns in AFTER.items():
        op.create_index(name, "shipments", columns)
    for name, columns in WHERE_SET.items():
        is_set = sa.text(f"{columns[0]} IS NOT NULL")
        op.create_index(name, "shipments", columns, sqlite_where=is_set, postgresql_where=is_set)
    is_sample = sa.column("sample", sa.Boolean)
    op.create_index("shipments_by_sample", "shipments", ["sample"], sqlite_where=is_sample, postgresql_where=is_sample)
    op.create_table(
        "shipment_weeks",
        sa.Column("week", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("slot", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("changes", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("week", "slot"),
    )
    op.execute(f"INSERT INTO shipment_weeks SELECT DISTINCT created_at / {WEEK_MS}, 0, 1 FROM shipments")  # noqa: S608
    for statement in TRIGGERS[op.get_context().dialect.name]:
        op.execute(statement)
    index_kept_shipments()


def index_kept_shipments() -> None:
    """Facets of the shipments from before there were any, made as those of new ones are."""
    kept = sa.table("shipments", sa.column("id"), sa.column("created_at"), sa.column("document"))
    columns = ("resource", "name", "value", "created_at", "owner_id")
    facets = sa.table("facets", *(sa.column(name) for name in columns))
    connection, last = op.get_bind(), ""
    while rows := connection.execute(sa.select(kept).where(kept.c.id > last).order_by(kept.c.id).limit(BATCH)).all():
        found = [
            dict(zip(columns, ("shipment", name, value[:255], row.created_at, row.id), strict=True))
            for row in rows
            for name, value in dict.fromkeys(shipment_facets(Shipment.model_validate_json(row.document)))
        ]
        connection.execute(sa.insert(facets), found)
        last = rows[-1].id


def downgrade() -> None:
    for statement in UNDONE[op.get_context().dialect.name]:
        op.execute(statement)
    op.drop_table("shipment_weeks")
    for name in WHERE_SET:
        op.drop_index(name, table_name="shipments")
    for name, columns in BEFORE.items():
        op.drop_index(name, table_name="shipments")
        op.create_index(name, "shipments", columns)
    op.execute("DELETE FROM facets WHERE resource = 'shipment'")
