"""The schema on both databases: migrations and tables agree, times keep their instant."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st

from lib.store.columns import UtcMillis
from lib.store.database import open_database
from lib.store.tables import metadata
from lib.store.values import read_value, value_made_once, write_value


def test_migrations_end_in_the_tables_that_the_code_knows(engine):
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_opening_again_changes_nothing(engine, database_url):
    write_value(engine, "kept", "yes")
    again = open_database(database_url)
    assert read_value(again, "kept") == "yes"
    again.dispose()


def test_processes_that_start_together_migrate_once(database_url):
    program = "import sys; from lib.store.database import open_database; open_database(sys.argv[1]).dispose()"
    command = [sys.executable, "-W", "error", "-c", program, database_url]
    starts = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]  # noqa: S603
    assert [(start.communicate()[1], start.returncode) for start in starts] == [("", 0)] * 4


def test_a_value_is_made_once_and_then_the_same_for_all(engine):
    assert value_made_once(engine, "secret", lambda: "first") == "first"
    assert value_made_once(engine, "secret", lambda: "second") == "first"
    write_value(engine, "secret", "third")
    assert read_value(engine, "secret") == "third"
    assert read_value(engine, "never written") is None


def test_values_made_at_the_same_time_end_as_one(engine):
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda n: value_made_once(engine, "secret", lambda: str(n)), range(8)))
    assert len(made) == 1


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
