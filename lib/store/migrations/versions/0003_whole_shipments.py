"""What shipments refer to, trackers, payments, events and webhooks; facets to filter by."""

import json
import time
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

INVOICE_ACCOUNT = "pay_invoice"

CODE = sa.String(255).with_variant(sa.String(255, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "addresses",
        sa.Column("id", sa.String(100), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("addresses_by_created", "addresses", ["created_at", "id"], unique=False)
    op.create_index("addresses_by_hash", "addresses", ["hash"], unique=False)
    op.create_table(
        "contacts",
        sa.Column("id", sa.String(100), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("name_key", CODE, nullable=False),
        sa.Column("email", CODE, nullable=True),
        sa.Column("address_hash", sa.String(64), nullable=True),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("contacts_by_address", "contacts", ["address_hash"], unique=False)
    op.create_index("contacts_by_created", "contacts", ["created_at", "id"], unique=False)
    op.create_index("contacts_by_email", "contacts", ["email", "id"], unique=False)
    op.create_index("contacts_by_name", "contacts", ["name_key", "id"], unique=False)
    op.create_index("contacts_by_updated", "contacts", ["updated_at", "id"], unique=False)
    op.create_table(
        "events",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(100), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("event", sa.String(60), nullable=False),
        sa.Column("resource", sa.String(40), nullable=False),
        sa.Column("resource_id", sa.String(100), nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("events_by_resource", "events", ["resource_id", "sequence"], unique=False)
    op.create_table(
        "facets",
        sa.Column("resource", sa.String(40), nullable=False),
        sa.Column("name", CODE, nullable=False),
        sa.Column("value", CODE, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("owner_id", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("resource", "name", "value", "created_at", "owner_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("facets_by_owner", "facets", ["owner_id", "resource", "name", "value"], unique=False)
    op.create_table(
        "fulfillments",
        sa.Column("id", sa.String(100), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("order_number", sa.String(255), nullable=True),
        sa.Column("location_id", sa.String(100), nullable=True),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("fulfillments_by_created", "fulfillments", ["created_at", "id"], unique=False)
    op.create_table(
        "groups",
        sa.Column("id", sa.String(100), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("name", CODE, nullable=False),
        sa.Column("name_key", CODE, nullable=False),
        sa.Column("resource", sa.String(40), nullable=False),
        sa.Column("location_id", sa.String(100), nullable=True),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name", "resource", name="groups_are_named_once"),
    )
    op.create_index("groups_by_name", "groups", ["name_key", "id"], unique=False)
    op.create_table(
        "idempotency_keys",
        sa.Column("operation", sa.String(40), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("resource_id", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("operation", "key"),
    )
    op.create_index("idempotency_keys_by_created", "idempotency_keys", ["created_at"], unique=False)
    op.create_table(
        "ledger_lines",
        sa.Column("id", sa.String(100), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("payment_method_id", sa.String(100), nullable=False),
        sa.Column("shipment_id", sa.String(100), nullable=False),
        sa.Column("tracking_number", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("reference", sa.String(255), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tracking_number", "kind", name="ledger_lines_once_a_kind"),
    )
    op.create_index("ledger_lines_by_created", "ledger_lines", ["created_at", "id"], unique=False)
    op.create_index("ledger_lines_by_method", "ledger_lines", ["payment_method_id"], unique=False)
    op.create_index("ledger_lines_by_shipment", "ledger_lines", ["shipment_id"], unique=False)
    op.create_table(
        "locations",
        sa.Column("id", sa.String(100), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("name_key", CODE, nullable=False),
        sa.Column("code", CODE, nullable=True),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("locations_by_name", "locations", ["name_key", "id"], unique=False)
    op.create_table(
        "payment_methods",
        sa.Column("id", sa.String(100), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("is_default", sa.Boolean, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "trackers",
        sa.Column("id", sa.String(100), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("provider", sa.String(40), nullable=False),
        sa.Column("tracking_number", sa.String(100), nullable=False),
        sa.Column("location_id", sa.String(100), nullable=True),
        sa.Column("moves_at", sa.BigInteger, nullable=True),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("trackers_by_created", "trackers", ["created_at", "id"], unique=False)
    op.create_index(
        "trackers_by_next_move",
        "trackers",
        ["moves_at"],
        unique=False,
        sqlite_where=sa.text("moves_at IS NOT NULL"),
        postgresql_where=sa.text("moves_at IS NOT NULL"),
    )
    op.create_index("trackers_by_number", "trackers", ["tracking_number", "provider"], unique=True)
    op.create_index("trackers_by_status", "trackers", ["status", "created_at", "id"], unique=False)
    op.create_index("trackers_by_updated", "trackers", ["updated_at", "id"], unique=False)
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(100), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("secret", sa.Text, nullable=True),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.String(100), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("webhook_id", sa.String(100), nullable=False),
        sa.Column("event_sequence", sa.BigInteger, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=True),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "webhook_deliveries_by_webhook", "webhook_deliveries", ["webhook_id", "event_sequence"], unique=False
    )
    op.create_index("webhook_deliveries_by_created", "webhook_deliveries", ["created_at"], unique=False)
    op.create_index(
        "webhook_deliveries_due",
        "webhook_deliveries",
        ["webhook_id", "event_sequence", "due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.add_column("api_keys", sa.Column("scopes", sa.String(255), nullable=True))
    op.add_column(
        "purchases",
        sa.Column("payment_method_id", sa.String(100), nullable=False, server_default=INVOICE_ACCOUNT),
    )
    op.add_column("shipments", sa.Column("rates_expire_at", sa.BigInteger, nullable=True))
    op.create_index(
        "shipments_by_rates_expiry",
        "shipments",
        ["rates_expire_at"],
        unique=False,
        sqlite_where=sa.text("rates_expire_at IS NOT NULL"),
        postgresql_where=sa.text("rates_expire_at IS NOT NULL"),
    )
    _keep_invoice_account()
    _enter_earlier_purchases()


def _keep_invoice_account() -> None:
    """What pays for purchases as long as nothing else is chosen."""
    now = int(time.time() * 1000)
    document = {"id": INVOICE_ACCOUNT, "kind": "invoice", "name": "Invoice account", "default": True}
    methods = sa.table(
        "payment_methods", sa.column("is_default", sa.Boolean), *_columns("id created_at updated_at document")
    )
    row = {"id": INVOICE_ACCOUNT, "created_at": now, "updated_at": now, "is_default": True}
    op.bulk_insert(methods, [row | {"document": json.dumps(document | {"created_at": now, "updated_at": now})}])


def _enter_earlier_purchases() -> None:
    """A charge in the ledger for every purchase from before there was a ledger."""
    connection = op.get_bind()
    wanted = sa.text(
        "SELECT purchases.*, shipments.document FROM purchases "
        "JOIN shipments ON shipments.id = purchases.shipment_id WHERE shipments.id = :id"
    )
    for identifier in connection.scalars(sa.text("SELECT shipment_id FROM purchases")).all():
        purchase = connection.execute(wanted, {"id": identifier}).one()
        shipment = json.loads(purchase.document)
        rate = next(rate for rate in shipment["rates"] if rate["id"] == purchase.rate_id)
        named = str(shipment["payment_method"])
        method = named if named.startswith("card_") else INVOICE_ACCOUNT
        line = {
            "id": f"line_{purchase.tracking_number}",
            "created_at": purchase.purchased_at,
            "payment_method_id": method,
            "shipment_id": identifier,
            "tracking_number": purchase.tracking_number,
            "kind": "charge",
            "amount": rate["billed_amount"],
            "currency": rate["currency"],
            "reference": shipment["payment_reference"],
        }
        connection.execute(sa.insert(sa.table("ledger_lines", *_columns(" ".join(line)))).values(line))
        paid = sa.text("UPDATE purchases SET payment_method_id = :method WHERE shipment_id = :id")
        connection.execute(paid, {"method": method, "id": identifier})


def _columns(names: str) -> list[sa.ColumnClause[Any]]:
    return [sa.column(name) for name in names.split()]


def downgrade() -> None:
    op.drop_column("api_keys", "scopes")
    op.drop_column("purchases", "payment_method_id")
    op.drop_index("shipments_by_rates_expiry", table_name="shipments")
    op.drop_column("shipments", "rates_expire_at")
    for table in (
        "webhook_deliveries",
        "webhooks",
        "trackers",
        "payment_methods",
        "locations",
        "ledger_lines",
        "idempotency_keys",
        "groups",
        "fulfillments",
        "facets",
        "events",
        "contacts",
        "addresses",
    ):
        op.drop_table(table)
