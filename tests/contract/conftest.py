"""One started runtime per module and database: the durable engine is one per process."""

import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

import lib.chores  # workflows have to be known before the start
import lib.shipping.purchase  # noqa: F401
from lib import runtime
from lib.settings import Settings
from lib.store.database import open_database, writing
from lib.store.tables import metadata

DATABASES = ("sqlite", "postgresql")


@pytest.fixture(scope="module", params=DATABASES)
def desk_runtime(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[runtime.Runtime]:
    """A started web runtime on an empty database of its own, once on each kind; shared by a module's tests."""
    yield _started(request, tmp_path_factory, "web")
    runtime.stop()


@pytest.fixture(scope="module", params=DATABASES)
def worker_runtime(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[runtime.Runtime]:
    """The same as a worker, which takes from the queues."""
    yield _started(request, tmp_path_factory, "worker")
    runtime.stop()


def _started(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, kind: runtime.Kind
) -> runtime.Runtime:
    url = None if request.param == "sqlite" else _new_database(request.getfixturevalue("postgres_url"))
    return runtime.start(Settings(data_dir=tmp_path_factory.mktemp("desk"), database_url=url), kind)


@pytest.fixture(scope="module", params=DATABASES)
def shared_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    """A migrated database, once on each kind; shared by a module's tests."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('shared') / 'shipdesk.sqlite3'}"
    else:
        url = _new_database(request.getfixturevalue("postgres_url"))
    engine = open_database(url)
    yield engine
    engine.dispose()


@pytest.fixture
def emptied(shared_engine: sa.Engine) -> sa.Engine:
    """The module's database with nothing in it, which is quicker than a new one."""
    with writing(shared_engine).begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(sa.delete(table))
    return shared_engine


def _new_database(server_url: str) -> str:
    name = f"desk_{uuid.uuid4().hex}"
    server = sa.create_engine(server_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    server.dispose()
    return sa.make_url(server_url).set(database=name).render_as_string(hide_password=False)
