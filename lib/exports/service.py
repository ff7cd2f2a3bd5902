"""The exports of the embedded desk: preview, create, retrieve, list, download."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from lib.exports.jobs import KEPT, enqueue_export, expire, file_name, is_enqueued
from lib.exports.plan import count_rows, plan_export
from lib.exports.relative_dates import settled
from lib.exports.writer import write_files
from lib.models.base import utc_now
from lib.models.errors import Conflict, DeskUnavailable, InvalidRequest, NotFound
from lib.models.exports import PREVIEW_ROWS, Download, Export, ExportCreate, ExportPreview
from lib.models.ids import new_id
from lib.models.lists import Page
from lib.store.exports import add_unless_running, find_export, list_exports
from lib.store.files import Files

MAX_PREVIEW_ROWS = 500
MAX_PAGE = 500
# benchmarks/exports with every column of 100,000 shipments, on two cores; the job then measures itself.
ROWS_PER_SECOND = 18_000
_START_UP = timedelta(seconds=1)
# A queued export that the queue does not know after this was left by a process that died while creating it.
_QUEUED_LATE = timedelta(seconds=5)


class LocalExports:
    """Exports on the desk's own database and files."""

    def __init__(self, engine: sa.Engine, files: Files, sign: Callable[[str], str]) -> None:
        """`sign` makes the short-lived download path of an export's id."""
        self._engine = engine
        self._files = files
        self._sign = sign

    def preview(self, request: ExportCreate, rows: int = PREVIEW_ROWS) -> ExportPreview:
        """The first rows (at most 500) exactly as the file has them, and how many it will have."""
        if not 1 <= rows <= MAX_PREVIEW_ROWS:
            raise InvalidRequest(f"A preview has 1 to {MAX_PREVIEW_ROWS} rows.", fields=["rows"])
        plan = plan_export(settled(request, utc_now()))
        out = io.BytesIO()
        write_files(self._engine, plan, {"csv": out}, limit=rows)
        with self._engine.connect() as connection:
            total = count_rows(connection, plan)
        text = out.getvalue().decode()
        header, *lines = csv.reader(io.StringIO(text, newline=""))
        return ExportPreview(columns=header, rows=lines, csv=text, total_count=total)

    def create(self, request: ExportCreate, *, template_id: str | None = None) -> Export:
        """Queue the making of the file; while an equal request is queued or running, that one's record."""
        now = utc_now()
        request = settled(request, now)
        plan = plan_export(request)
        with self._engine.connect() as connection:
            total = count_rows(connection, plan)
        export = Export(
            id=new_id("exp"),
            template_id=template_id,
            resource=request.resource,
            created_at=now,
            updated_at=now,
            estimated_completion=now + _START_UP + timedelta(seconds=total / ROWS_PER_SECOND),
            expires_at=now + KEPT,
            rows_total=total,
            options=request.options,
            csv_field_options=request.csv_field_options,
        )
        kept = add_unless_running(self._engine, export)
        enqueue_export(kept.id)
        return self._shown(kept)

    def retrieve(self, export_id: str) -> Export:
        """The record, with a freshly signed link once the file is there. Raises NotFound."""
        return self._shown(self._find(export_id))

    def list(self, page: int = 1, limit: int = 25) -> Page[Export]:
        """A page of exports, newest first. Raises InvalidRequest for a page or limit below 1."""
        if page < 1 or not 1 <= limit <= MAX_PAGE:
            raise InvalidRequest(f"page begins at 1, limit is 1 to {MAX_PAGE}.", fields=["page", "limit"])
        found = list_exports(self._engine, page=page, limit=limit)
        return found.model_copy(update={"items": [self._shown(export) for export in found.items]})

    def open_download(self, export_id: str) -> Download:
        """The finished file. Raises NotFound when there is none or its day is over, Conflict when not finished."""
        export = self._shown(self._find(export_id))
        if export.status == "expired":
            raise NotFound("This file was kept for 24 hours and is gone; create the export again.", code="expired")
        if export.status != "completed" or export.size is None or export.sha256 is None:
            raise Conflict(f"This export is {export.status}; its file cannot be downloaded.", fields=["id"])
        name = file_name(export.id)
        path = self._files.local_path(name)
        if path is not None and (not path.is_file() or path.stat().st_size != export.size):
            raise DeskUnavailable("The file of this export is no longer whole; create the export again.")
        return Download(
            path=path,
            chunks=lambda: self._files.chunks(name),
            size=export.size,
            sha256=export.sha256,
            filename=_filename(export),
        )

    def _find(self, export_id: str) -> Export:
        found = find_export(self._engine, export_id)
        if found is None:
            raise NotFound(f"There is no export “{export_id}”.", fields=["id"], details={"id": export_id})
        return found

    def _shown(self, export: Export) -> Export:
        """The record as it is now: expired when its day is over, with a link when its file is there."""
        now = utc_now()
        if export.status == "completed" and export.expires_at is not None and now >= export.expires_at:
            return expire(self._engine, self._files, export)
        if export.status == "queued" and now - export.created_at > _QUEUED_LATE and not is_enqueued(export.id):
            enqueue_export(export.id)
        link = self._sign(export.id) if export.status == "completed" else None
        return export.model_copy(update={"download_url": link})


def _filename(export: Export) -> str:
    made: datetime = export.created_at.astimezone(ZoneInfo(export.csv_field_options.timezone))
    return f"{export.resource}-export-{made:%Y-%m-%d-%H%M}.csv"
