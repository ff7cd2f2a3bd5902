"""Opening the database and bringing its tables up to date. SQLite and PostgreSQL, one schema."""

import functools
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.pool import ConnectionPoolEntry

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_MS = 30_000
# To ask each time whether the server is still there took a tenth of a quote's time.
TRUSTED_S = 5.0
_LAST_USE = "last_use"
# Any number that is always the same.
_MIGRATION_LOCK = 7_447_337


def open_database(url: str) -> sa.Engine:
    """An engine on a migrated database; a SQLite file and its folder are made where missing."""
    engine = create_engine(url)
    migrate(engine)
    return engine


def create_engine(url: str) -> sa.Engine:
    """An engine with the pragmas that many readers beside one writer need on SQLite.

    Its errors, which are logged, do not tell the values of a statement: addresses and hashes of keys are among them.
    """
    if not url.startswith("sqlite"):
        engine = sa.create_engine(url, hide_parameters=True, pool_size=10, max_overflow=20)
        sa.event.listen(engine, "checkin", _note_last_use)
        sa.event.listen(engine, "checkout", functools.partial(_replace_lost, engine.dialect))
        # Many rows as one statement instead of one each: with its two dozen facets a shipment took a tenth longer.
        engine.dialect.use_insertmanyvalues_wo_returning = True
        return engine
    path = sa.make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    patient = {"timeout": BUSY_TIMEOUT_MS / 1000}
    engine = sa.create_engine(url, connect_args=patient, hide_parameters=True, pool_size=10, max_overflow=20)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_immediately_when_writing)
    return engine


def migrate(engine: sa.Engine) -> None:
    """Apply every migration that is still missing; processes that start together do it one after the other."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with writing(engine).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def writing(engine: sa.Engine) -> sa.Engine:
    """The engine for a transaction that will write: SQLite then takes its write lock at the start, not midway."""
    return engine.execution_options(writing=True)


def reading(engine: sa.Engine) -> sa.Engine:
    """The engine for statements that read each for itself: PostgreSQL then begins and ends no transaction for them."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="AUTOCOMMIT")
    return engine


def _note_last_use(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info[_LAST_USE] = time.monotonic()


def _replace_lost(dialect: sa.Dialect, connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """Have the pool connect anew where the server is gone. One that was used just now is taken to be there."""
    idle = time.monotonic() - record.info.get(_LAST_USE, time.monotonic())
    if idle < TRUSTED_S:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise sa.exc.DisconnectionError from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediately_when_writing(connection: sa.Connection) -> None:
    immediate = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
