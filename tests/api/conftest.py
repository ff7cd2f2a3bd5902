"""The real API over the real embedded desk, called in process."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.applications import Starlette

from lib import runtime
from lib.api.app import create_api, mounted
from lib.desk.local import open_desk
from lib.desk.protocol import Desk
from lib.runtime import Runtime
from lib.settings import Settings
from tests.api.calling import KEY, Client


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """The parts of a process that both serves and makes exports, on a database of its own."""
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("data"), database_url=None, files_url=None, api_key=SecretStr(KEY)
    )
    open_desk.cache_clear()
    yield runtime.start(settings, "worker")
    open_desk.cache_clear()
    runtime.stop()


@pytest.fixture(scope="module")
def desk(held: Runtime) -> Desk:
    assert runtime.current() is held
    return open_desk()


@pytest.fixture(scope="module")
def api(desk: Desk) -> FastAPI:
    return create_api(lambda: desk)


@pytest.fixture(scope="module")
def stranger(api: FastAPI) -> Client:
    """A client without a key."""
    return Client(Starlette(routes=[mounted(api)]))


@pytest.fixture(scope="module")
def client(stranger: Client) -> Client:
    """A client with a key."""
    return Client(stranger.app, headers={"PX-API-KEY": KEY})
