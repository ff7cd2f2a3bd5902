"""What one process of Shipdesk holds open: its settings, the database, the files, the durable engine.

Workflows are plain functions and find all of it through `current()`. Modules that define workflows or
queues have to be imported before `start`, so that what was left unfinished can be taken up again.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig

from lib.process_names import HeldName, hold_name
from lib.settings import Settings
from lib.store.database import open_database
from lib.store.files import Files

Kind = Literal["web", "worker"]
EXPORT_QUEUE = "exports"
EXPORTS_AT_ONCE = 2
CHORE_QUEUE = "chores"
_QUEUES = (EXPORT_QUEUE, CHORE_QUEUE)
# An enqueued export is noticed within this time: well below what a person feels as waiting.
_QUEUE_POLLING_SEC = 0.2
_BUSY_TIMEOUT_S = 30
# Workflows outlive a restart and an upgrade; without a fixed version a new build would not take up old ones.
_WORKFLOW_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Runtime:
    """The open parts of this process."""

    settings: Settings
    engine: sa.Engine
    files: Files
    name: HeldName


_current: Runtime | None = None


def current() -> Runtime:
    """The parts of this process. Raises RuntimeError before `start`."""
    if _current is None:
        raise RuntimeError("the runtime is not started")
    return _current


def is_started() -> bool:
    """Whether `start` has run in this process."""
    return _current is not None


def start(settings: Settings, kind: Kind, *, patience_sec: float = 0) -> Runtime:
    """Open everything and take up the workflows that this process's predecessor left unfinished.

    A web process runs purchases itself and only enqueues exports; a worker process makes the exports and does the
    chores. A predecessor that still holds the first name is waited for, `patience_sec` at most.
    """
    global _current  # noqa: PLW0603
    if _current is not None:
        return _current
    engine, files = open_database(settings.resolved_database_url), Files(settings.resolved_files_url)
    runtime = Runtime(settings, engine, files, hold_name(kind, settings.data_dir, patience_sec=patience_sec))
    _current = runtime
    _launch(settings, executor_id=runtime.name.name, queues=_QUEUES if kind == "worker" else [])
    return runtime


def stop() -> None:
    """Close everything; running workflows are left for the next start."""
    global _current  # noqa: PLW0603
    DBOS.destroy()
    if _current is not None:
        _current.engine.dispose()
        _current.name.release()
    _current = None


def _launch(settings: Settings, *, executor_id: str, queues: Sequence[str]) -> None:
    config: DBOSConfig = {
        "name": "shipdesk",
        "system_database_url": _workflow_database_url(settings),
        "executor_id": executor_id,
        "application_version": _WORKFLOW_VERSION,
        "log_level": "WARNING",
        "notification_listener_polling_interval_sec": _QUEUE_POLLING_SEC,
    }
    DBOS(config=config)
    DBOS.listen_queues(list(queues))
    DBOS.launch()
    DBOS.register_queue(EXPORT_QUEUE, worker_concurrency=EXPORTS_AT_ONCE, polling_interval_sec=_QUEUE_POLLING_SEC)
    DBOS.register_queue(CHORE_QUEUE, worker_concurrency=1, polling_interval_sec=1)


def _workflow_database_url(settings: Settings) -> str:
    """PostgreSQL: a schema beside the tables. SQLite: a file of its own, so neither waits for the other's lock."""
    if settings.database_url and not settings.database_url.startswith("sqlite"):
        return settings.database_url.replace("postgresql+psycopg://", "postgresql://", 1)
    path = (settings.data_dir / "workflows.sqlite3").resolve()
    _write_ahead(path)
    return f"sqlite:///{path}"


def _write_ahead(path: Path) -> None:
    """Make the file one of SQLite's write-ahead kind, which it stays: every step then waits for the disk once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
