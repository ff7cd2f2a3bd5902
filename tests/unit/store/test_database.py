"""The schema on both databases: migrations and tables agree, times keep their instant."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st

from lib.store import database
from lib.store.columns import UtcMillis
from lib.store.database import MIGRATIONS, open_database, reading, writing
from lib.store.shapes import shape_of
from lib.store.tables import metadata
from lib.store.values import put_value, read_value, value_made_once


def put(engine, name, value):
    with writing(engine).begin() as connection:
        put_value(connection, name, value)


def test_migrations_end_in_the_tables_that_the_code_knows(engine):
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_opening_again_changes_nothing(engine, database_url):
    put(engine, "kept", "yes")
    again = open_database(database_url)
    assert read_value(again, "kept") == "yes"
    again.dispose()


def test_purchases_from_before_the_ledger_are_entered_in_it(engine):
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")
        for position, method in enumerate(("card_xyz123", None)):
            rates = [{"id": "rate_0"}, {"id": "rate_1", "billed_amount": 1203, "currency": "usd"}]
            document = {"rates": rates, "payment_method": method, "payment_reference": "ORDER-12345"}
            values = {"id": f"ship_{position}", "number": f"PKGX-{position}", "document": json.dumps(document)}
            connection.execute(
                sa.text(
                    "INSERT INTO shipments (id, created_at, updated_at, status, type, sample, document) "
                    "VALUES (:id, 1, 1, 'created', 'outbound', false, :document)"
                ),
                values,
            )
            connection.execute(
                sa.text(
                    "INSERT INTO purchases (shipment_id, rate_id, amount, tracking_number, purchased_at) "
                    "VALUES (:id, 'rate_1', 1500, :number, 1769850000000)"
                ),
                values,
            )
        command.upgrade(config, "0003")
    with engine.connect() as connection:
        columns = "shipment_id, payment_method_id, tracking_number, kind, amount, currency, reference, created_at"
        wanted = sa.text(f"SELECT {columns} FROM ledger_lines ORDER BY shipment_id")  # noqa: S608
        lines = [tuple(row) for row in connection.execute(wanted)]
        paid_by = list(connection.scalars(sa.text("SELECT payment_method_id FROM purchases ORDER BY shipment_id")))
    assert lines == [
        ("ship_0", "card_xyz123", "PKGX-0", "charge", 1203, "usd", "ORDER-12345", 1769850000000),
        ("ship_1", "pay_invoice", "PKGX-1", "charge", 1203, "usd", "ORDER-12345", 1769850000000),
    ]
    assert paid_by == ["card_xyz123", "pay_invoice"]


def test_shapes_are_told_anew(engine):
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    documents = {f"ship_{number:04d}": json.dumps({"rates": [{"a": 1}] * (number % 3)}) for number in range(1001)}
    documents["ship_0500"] = '{"rates":'
    with writing(engine).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0008")
        connection.execute(
            sa.text(
                "INSERT INTO shipments (id, created_at, updated_at, status, type, sample, document, shape) "
                "VALUES (:id, 1, 1, 'created', 'outbound', false, :document, 7)"
            ),
            [{"id": row_id, "document": document} for row_id, document in documents.items()],
        )
        command.upgrade(config, "0009")
    with engine.connect() as connection:
        told = {row.id: row.shape for row in connection.execute(sa.text("SELECT id, shape FROM shipments"))}
    assert told.pop("ship_0500") is None
    assert told == {row_id: shape_of(documents[row_id]) for row_id in told}
    assert len(told) == 1000


def test_processes_that_start_together_migrate_once(database_url):
    program = "import sys; from lib.store.database import open_database; open_database(sys.argv[1]).dispose()"
    command = [sys.executable, "-W", "error", "-c", program, database_url]
    starts = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]  # noqa: S603
    assert [(start.communicate()[1], start.returncode) for start in starts] == [("", 0)] * 4


def test_a_value_is_made_once_and_then_the_same_for_all(engine):
    assert value_made_once(engine, "secret", lambda: "first") == "first"
    assert value_made_once(engine, "secret", lambda: "second") == "first"
    put(engine, "secret", "third")
    assert read_value(engine, "secret") == "third"
    assert read_value(engine, "never written") is None


def test_values_made_at_the_same_time_end_as_one(engine):
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda n: value_made_once(engine, "secret", lambda: str(n)), range(8)))
    assert len(made) == 1


def backend_of(engine):
    """The server's process for the connection that is used next."""
    with reading(engine).connect() as connection:
        return connection.scalar(sa.text("SELECT pg_backend_pid()"))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_connection_that_the_server_closed_while_it_was_idle_is_replaced(engine, monkeypatch):
    monkeypatch.setattr(database, "TRUSTED_S", 0)
    lost = backend_of(engine)
    other = sa.create_engine(engine.url)
    with other.connect() as connection:
        # Waits for its end, at most that many milliseconds.
        assert connection.scalar(sa.text("SELECT pg_terminate_backend(:lost, 10000)"), {"lost": lost})
    other.dispose()
    assert backend_of(engine) != lost


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_connection_used_just_now_is_not_asked_for(engine, monkeypatch):
    asked = []
    monkeypatch.setattr(engine.dialect, "do_ping", lambda _connection: asked.append("ping"))
    assert backend_of(engine) == backend_of(engine)
    assert asked == []
    monkeypatch.setattr(database, "TRUSTED_S", 0)
    backend_of(engine)
    assert asked == ["ping"]


def test_what_reads_alone_leaves_no_transaction_and_the_next_one_writes_in_one(engine):
    put(engine, "kept", "yes")
    with reading(engine).connect() as connection:
        assert connection.scalar(sa.text("SELECT value FROM desk_values WHERE name = 'kept'")) == "yes"
    with writing(engine).connect() as connection:
        put_value(connection, "kept", "no")
        connection.rollback()
    assert read_value(engine, "kept") == "yes"


ZONES = st.sampled_from([UTC, timezone(timedelta(hours=-5)), timezone(timedelta(hours=5, minutes=45))])


@given(st.datetimes(max_value=datetime(2200, 1, 1), min_value=datetime(1970, 1, 2), timezones=ZONES))  # noqa: DTZ001
def test_a_stored_time_is_the_same_instant_to_the_millisecond(instant):
    column = UtcMillis()
    stored = column.process_bind_param(instant, sa.Dialect)
    found = column.process_result_value(stored, sa.Dialect)
    assert abs(found - instant) <= timedelta(microseconds=501)
    assert found.tzinfo is UTC


def test_a_stored_time_is_counted_from_1970():
    assert UtcMillis().process_bind_param(datetime(2024, 12, 25, 14, 30, 45, 123000, UTC), sa.Dialect) == 1735137045123


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="needs a time zone"):
        UtcMillis().process_bind_param(datetime(2026, 1, 1), sa.Dialect)  # noqa: DTZ001
