"""The durable job that makes an export's file.

A job that is killed in the middle begins its file anew when its worker is back. The record says completed only after
the whole file is in its place.
"""

import errno
import logging
import time
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from dbos import DBOS, SetWorkflowID

from lib import runtime
from lib.exports.expiry import file_name, files_folder, unfinished_file
from lib.exports.kinds import kinds_of
from lib.exports.plan import plan_export
from lib.exports.writer import write_files
from lib.models.base import utc_now
from lib.models.errors import DeskError
from lib.models.exports import Export, ExportCreate
from lib.store.exports import EXPORTS, RUNNING, change_export

# A durable write each: twice a second looks live and leaves the database to others.
_PROGRESS_EVERY_SEC = 0.5

logger = logging.getLogger(__name__)


def enqueue_export(export_id: str, attempt: int = 1) -> None:
    """Put a try at making the file in the queue; doing so again changes nothing."""
    with SetWorkflowID(_workflow_id(export_id, attempt)):
        DBOS.enqueue_workflow(runtime.EXPORT_QUEUE, make_export, export_id, attempt)


def is_enqueued(export_id: str, attempt: int = 1) -> bool:
    """Whether the queue has, or had, that try at making the export's file."""
    return DBOS.get_workflow_status(_workflow_id(export_id, attempt)) is not None


def take_from_queue(export_id: str, attempt: int) -> None:
    """Take a try that has not begun out of the queue; one that was never in it is none."""
    DBOS.cancel_workflow(_workflow_id(export_id, attempt))


def _workflow_id(export_id: str, attempt: int) -> str:
    return export_id if attempt == 1 else f"{export_id}:{attempt}"


@DBOS.workflow(name="make_export")
def make_export(export_id: str, attempt: int = 1) -> None:
    """Make the file of an export and say on its record what came of it."""
    desk = runtime.current()
    outcome = write_file(export_id, attempt)
    if outcome:
        change_export(desk.engine, export_id, when=RUNNING, attempt=attempt, **outcome)
    export = EXPORTS.find(desk.engine, export_id)
    if export is None or export.attempt != attempt or export.status != "completed":
        # Called off, begun anew or deleted while the file was put in its place: nobody would ever fetch it.
        desk.files.delete_folder(files_folder(export_id, attempt))


@DBOS.step(name="write_export_file")
def write_file(export_id: str, attempt: int) -> dict[str, Any]:
    """Write the file and put it in its place; what to set on the record, nothing when it was called off."""
    desk = runtime.current()
    begun = {"status": "processing", "started_at": utc_now(), "rows_done": 0, "size_done": 0}
    export = change_export(desk.engine, export_id, when=RUNNING, attempt=attempt, **begun)
    if export is None:
        return {}
    try:
        return _write(desk, export)
    except _CalledOffError:
        return {}
    except DeskError as error:
        return {"status": "failed", "error": error.message}
    except Exception as error:
        logger.exception("export %s failed", export_id)
        return {"status": "failed", "error": _friendly(error)}


def _write(desk: runtime.Runtime, export: Export) -> dict[str, Any]:
    request = ExportCreate.model_validate(export.model_dump())
    plan, began = plan_export(request), time.monotonic()
    unfinished = {
        kind: unfinished_file(desk.settings.data_dir, export.id, export.attempt, kind) for kind in kinds_of(request)
    }
    unfinished["csv"].parent.mkdir(parents=True, exist_ok=True)
    try:
        with ExitStack() as opened:
            outs = {kind: opened.enter_context(path.open("wb")) for kind, path in unfinished.items()}
            progress = _Progress(desk, export)
            written = write_files(desk.engine, plan, outs, compressed=request.gzip, on_progress=progress)
        for file in written.files:
            desk.files.upload(file_name(export.id, export.attempt, file.kind), unfinished[file.kind])
    finally:
        for path in unfinished.values():
            path.unlink(missing_ok=True)
    now = utc_now()
    return {
        "status": "completed",
        "rows_done": written.rows,
        "rows_failed": written.rows_failed,
        "rows_defused": written.rows_defused,
        "rows_total": written.rows + written.rows_failed,
        "rows_per_second": _per_second(written.rows, time.monotonic() - began),
        "size_done": written.csv.size,
        "size": written.csv.size,
        "sha256": written.csv.sha256,
        "files": list(written.files),
        "estimated_completion": now,
        "completed_at": now,
        "error": None,
    }


class _CalledOffError(Exception):
    """The export was canceled, deleted or begun anew while its file was written."""


class _Progress:
    """Keeps the record's progress and expected end up to date, at most twice a second.

    Ends the writing when the record says that it is no longer wanted.
    """

    def __init__(self, desk: runtime.Runtime, export: Export) -> None:
        self._desk, self._export = desk, export
        self._began = self._told = time.monotonic()

    def __call__(self, done: int, total: int, size: int) -> None:
        now = time.monotonic()
        if now - self._told < _PROGRESS_EVERY_SEC:
            return
        self._told = now
        passed = now - self._began
        left = timedelta(seconds=passed * (total - done) / max(done, 1))
        wanted = change_export(
            self._desk.engine, self._export.id, when=["processing"], attempt=self._export.attempt,
            rows_done=done, rows_total=total, size_done=size, rows_per_second=_per_second(done, passed),
            estimated_completion=utc_now() + left,
        )  # fmt: skip
        if wanted is None:
            raise _CalledOffError


def _per_second(rows: int, seconds: float) -> int:
    return round(rows / max(seconds, 0.001))


def _friendly(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "There is not enough room on the disk for this file. Make room, or export fewer rows or columns."
    return "Something failed on this desk while the file was written. Please try again."
