"""A desk of its own with a copy of the generated shipments, and exports of it one after the other meanwhile."""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from benchmarks.exports.places import Place, postgres
from benchmarks.exports.recipe import recipe
from benchmarks.serving import connected

_LOOK_AGAIN_SEC = 0.1
_RUNNING = ("queued", "processing")


@contextmanager
def copied(place: Place) -> Iterator[Path]:
    """A data folder with a copy of the SQLite file, gone afterwards."""
    folder = place.database.with_name("desk")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        shutil.copyfile(place.database, database_of(folder))
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def copied_postgres(place: Place) -> Iterator[str]:
    """The URL of a copy of the PostgreSQL database, gone afterwards."""
    with postgres(place) as url:
        kept = sa.make_url(url)
        name = f"{kept.database}_copy"
        engine = sa.create_engine(kept.set(database="postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {kept.database}"))
            try:
                yield kept.set(database=name).render_as_string(hide_password=False)
            finally:
                connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()


def database_of(folder: Path) -> Path:
    """The SQLite file of a data folder."""
    return folder / "shipdesk.sqlite3"


class Exporting:
    """Asks a server for the whole export, and again as soon as it is made; what it does is counted."""

    def __init__(self, port: int, folder: Path) -> None:
        self._port = port
        self._folder = folder
        self._stopping = threading.Event()
        self._failed: list[BaseException] = []
        self._thread = threading.Thread(target=self._run, name="exporting", daemon=True)
        self.seconds: list[float] = []
        self.running = threading.Event()

    @property
    def made(self) -> int:
        """How many files were made. Raises what went wrong."""
        if self._failed:
            raise self._failed[0]
        return len(self.seconds)

    def start(self) -> None:
        """Return once the first export runs."""
        self._thread.start()
        self.running.wait(60)
        assert self.running.is_set() or self.made, "no export began to run"

    def stop(self) -> None:
        """Return once the export that runs is made: what is measured next is idle again."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._export()
        except BaseException as error:  # noqa: BLE001  # shown by whoever looks
            self._failed.append(error)
            self.running.set()

    def _export(self) -> None:
        began = time.perf_counter()
        with connected(self._port) as client:
            export = client.answer("POST", "/v1/exports", recipe())
            while export["status"] in _RUNNING:
                time.sleep(_LOOK_AGAIN_SEC)
                export = client.answer("GET", f"/v1/exports/{export['id']}")
                if export["status"] == "processing":
                    self.running.set()
        assert export["status"] == "completed", export
        self.running.set()
        self.seconds.append(time.perf_counter() - began)
        # The disk is not part of what is measured: gigabytes after gigabytes need not stay.
        shutil.rmtree(self._folder / "files" / "exports", ignore_errors=True)


@contextmanager
def exporting(port: int, folder: Path) -> Iterator[Exporting]:
    """Exports that run one after the other as long as the context lasts."""
    running = Exporting(port, folder)
    running.start()
    try:
        yield running
    finally:
        running.stop()


def percentile(values: list[float], percent: int) -> float:
    """The value that so many in a hundred do not exceed."""
    return sorted(values)[min(len(values) * percent // 100, len(values) - 1)]
