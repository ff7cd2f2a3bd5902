"""Where the files of an export are kept, and how they go: after their day, with their record, or left unfinished.

Every try has a folder of its own, `exports/{id}/{attempt}/`, so that a job which was called off never touches what
its successor writes. All files of an export lie under `exports/{id}/`, whatever their formats.
"""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from lib.models.exports import Export, FileKind
from lib.store.exports import EXPORTS, RUNNING, change_export, completed_exports
from lib.store.files import Files

KEPT = timedelta(hours=24)


def file_name(export_id: str, attempt: int = 1, kind: FileKind = "csv") -> str:
    """Where a finished file of an export is kept in the files."""
    return f"{files_folder(export_id, attempt)}/data.{kind}"


def files_folder(export_id: str, attempt: int | None = None) -> str:
    """The folder of every file of an export, or of those of one try."""
    return f"exports/{export_id}" if attempt is None else f"exports/{export_id}/{attempt}"


def unfinished_file(data_dir: Path, export_id: str, attempt: int, kind: FileKind = "csv") -> Path:
    """Where a file is written until it is whole; a killed job's is overwritten when the job is taken up again."""
    return unfinished_folder(data_dir) / f"{export_id}.{attempt}.{kind}"


def unfinished_folder(data_dir: Path) -> Path:
    """Where this machine's unfinished files lie."""
    return data_dir / "unfinished"


def expire(engine: sa.Engine, files: Files, export: Export) -> Export:
    """Delete the files of a completed export; the record after it, as it was when it is not completed."""
    changed = change_export(engine, export.id, when=["completed"], attempt=export.attempt, status="expired")
    files.delete_folder(files_folder(export.id, export.attempt))
    return changed or EXPORTS.find(engine, export.id) or export


def is_due(export: Export, now: datetime) -> bool:
    """Whether a completed export's time is over; one without `expires_at` is kept by somebody else."""
    return export.status == "completed" and export.expires_at is not None and now >= export.expires_at


def expire_due(engine: sa.Engine, files: Files, now: datetime) -> int:
    """Expire every export whose time is over by then; how many."""
    due = [export for export in completed_exports(engine) if is_due(export, now)]
    for export in due:
        expire(engine, files, export)
    return len(due)


def remove_leftovers(engine: sa.Engine, data_dir: Path) -> int:
    """Delete the unfinished files of tries that no longer run; how many."""
    folder, count = unfinished_folder(data_dir), 0
    for path in folder.iterdir() if folder.is_dir() else ():
        export_id, _, rest = path.name.partition(".")
        export = EXPORTS.find(engine, export_id)
        if export is None or export.status not in RUNNING or str(export.attempt) != rest.partition(".")[0]:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
            count += 1
    return count
