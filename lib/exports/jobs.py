"""The durable job that makes an export's file.

A job that is killed in the middle begins its file anew when its worker is back. The record says completed only after
the whole file is in its place.
"""

import errno
import logging
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, SetWorkflowID

from lib import runtime
from lib.exports.plan import plan_export
from lib.exports.writer import write_files
from lib.models.base import utc_now
from lib.models.errors import DeskError
from lib.models.exports import Export, ExportCreate
from lib.store.exports import RUNNING, change_export, completed_before
from lib.store.files import Files

KEPT = timedelta(hours=24)
# A durable write each: twice a second looks live and leaves the database to others.
_PROGRESS_EVERY_SEC = 0.5

logger = logging.getLogger(__name__)


def file_name(export_id: str) -> str:
    """Where the finished file of an export is kept in the files."""
    return f"exports/{export_id}.csv"


def enqueue_export(export_id: str) -> None:
    """Put the making of the file in the queue; doing so again changes nothing."""
    with SetWorkflowID(export_id):
        DBOS.enqueue_workflow(runtime.EXPORT_QUEUE, make_export, export_id)


def is_enqueued(export_id: str) -> bool:
    """Whether the queue has, or had, the making of that export's file."""
    return DBOS.get_workflow_status(export_id) is not None


@DBOS.workflow(name="make_export")
def make_export(export_id: str) -> None:
    """Make the file of an export and say on its record what came of it."""
    outcome = write_file(export_id)
    change_export(runtime.current().engine, export_id, when=RUNNING, **outcome)


@DBOS.step(name="write_export_file")
def write_file(export_id: str) -> dict[str, Any]:
    """Write the file and put it in its place; what to set on the record, be it success or failure."""
    desk = runtime.current()
    now = utc_now()
    for old in completed_before(desk.engine, now - KEPT):
        # What a schedule keeps has no end of its own.
        if old.expires_at is not None and old.expires_at <= now:
            expire(desk.engine, desk.files, old)
    export = change_export(desk.engine, export_id, when=RUNNING, status="processing", rows_done=0)
    if export is None:
        return {}
    try:
        return _write(desk, export)
    except DeskError as error:
        return {"status": "failed", "error": error.message}
    except Exception as error:
        logger.exception("export %s failed", export_id)
        return {"status": "failed", "error": _friendly(error)}


def expire(engine: sa.Engine, files: Files, export: Export) -> Export:
    """Delete the file of a completed export whose day is over; the record after it."""
    changed = change_export(engine, export.id, when=["completed"], status="expired")
    files.delete(file_name(export.id))
    return changed or export.model_copy(update={"status": "expired"})


def _write(desk: runtime.Runtime, export: Export) -> dict[str, Any]:
    plan = plan_export(ExportCreate.model_validate(export.model_dump()))
    folder = desk.settings.data_dir / "unfinished"
    folder.mkdir(parents=True, exist_ok=True)
    # One name per export: what a killed job left behind is overwritten by the next try.
    unfinished: Path = folder / f"{export.id}.csv"
    try:
        with unfinished.open("wb") as out:
            written = write_files(desk.engine, plan, {"csv": out}, on_progress=_Progress(desk, export.id))
        desk.files.upload(file_name(export.id), unfinished)
    finally:
        unfinished.unlink(missing_ok=True)
    return {
        "status": "completed",
        "rows_done": written.rows,
        "rows_total": written.rows,
        "size": written.csv.size,
        "sha256": written.csv.sha256,
        "estimated_completion": utc_now(),
        "error": None,
    }


class _Progress:
    """Keeps the record's rows and expected end up to date, at most twice a second."""

    def __init__(self, desk: runtime.Runtime, export_id: str) -> None:
        self._desk, self._export_id = desk, export_id
        self._began = self._told = time.monotonic()

    def __call__(self, done: int, total: int, _size: int) -> None:
        now = time.monotonic()
        if now - self._told < _PROGRESS_EVERY_SEC:
            return
        self._told = now
        left = timedelta(seconds=(now - self._began) * (total - done) / max(done, 1))
        change_export(
            self._desk.engine, self._export_id, when=["processing"],
            rows_done=done, rows_total=total, estimated_completion=utc_now() + left,
        )  # fmt: skip


def _friendly(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "There is not enough room on the disk for this file. Make room, or export fewer rows or columns."
    return "Something failed on this desk while the file was written. Please try again."
