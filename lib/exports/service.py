"""The exports of the embedded desk: preview, create, retrieve, list, cancel, retry, delete, download."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa

from lib.exports.downloads import DamagedError, checked_chunks, is_whole
from lib.exports.expiry import KEPT, expire, file_name, files_folder, is_due
from lib.exports.files.csv_file import BYTE_ORDER_MARK
from lib.exports.files.xlsx_file import check_size
from lib.exports.jobs import enqueue_export, is_enqueued, take_from_queue
from lib.exports.kinds import media_type, name_for_people
from lib.exports.plan import count_rows, plan_export
from lib.exports.relative_dates import settled
from lib.exports.speed import expected_wait
from lib.exports.writer import estimated_size, write_files
from lib.models.base import utc_now
from lib.models.errors import Conflict, InvalidRequest, NotFound
from lib.models.exports import (
    LINKS,
    MAX_PREVIEW_ROWS,
    PREVIEW_ROWS,
    Download,
    Export,
    ExportCreate,
    ExportPreview,
    FileKind,
)
from lib.models.ids import new_id
from lib.models.lists import ListQuery, Page
from lib.store.exports import (
    EXPORTS,
    RUNNING,
    add_unless_running,
    change_export,
    delete_export,
    not_while,
    retry_export,
)
from lib.store.files import Files
from lib.store.links import download_path

# A queued export that the queue does not know after this was left by a process that died while creating it.
_QUEUED_LATE = timedelta(seconds=5)


class LocalExports:
    """Exports on the desk's own database and files."""

    def __init__(self, engine: sa.Engine, files: Files, sign: Callable[[str], str]) -> None:
        """`sign` turns a path into a link that opens without a key for a while."""
        self._engine = engine
        self._files = files
        self._sign = sign

    def preview(self, request: ExportCreate, rows: int = PREVIEW_ROWS) -> ExportPreview:
        """The first rows (at most 500) exactly as the file has them, and how many it will have."""
        if not 1 <= rows <= MAX_PREVIEW_ROWS:
            raise InvalidRequest(f"A preview has 1 to {MAX_PREVIEW_ROWS} rows.", fields=["rows"])
        plan = plan_export(settled(request, utc_now()))
        out = io.BytesIO()
        written = write_files(self._engine, plan, {"csv": out}, limit=rows)
        with self._engine.connect() as connection:
            total = count_rows(connection, plan)
        text = out.getvalue().decode()
        header, *lines = csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline=""))
        size = estimated_size(written, total)
        return ExportPreview(columns=header, rows=lines, csv=text, total_count=total, estimated_size=size)

    def create(self, request: ExportCreate, *, template_id: str | None = None) -> Export:
        """Queue the making of the file; while an equal request is queued or running, that one's record."""
        now = utc_now()
        request = settled(request, now)
        total, expected = self._expect(request)
        export = Export(
            id=new_id("exp"),
            template_id=template_id,
            resource=request.resource,
            created_at=now,
            updated_at=now,
            estimated_completion=expected,
            expires_at=now + KEPT,
            rows_total=total,
            options=request.options,
            csv_field_options=request.csv_field_options,
            formats=request.formats,
            gzip=request.gzip,
        )
        kept = add_unless_running(self._engine, export)
        enqueue_export(kept.id, kept.attempt)
        return self._shown(kept)

    def retrieve(self, export_id: str) -> Export:
        """The record, with a freshly signed link once the file is there. Raises NotFound."""
        return self._shown(EXPORTS.get(self._engine, export_id))

    def list(self, query: ListQuery) -> Page[Export]:
        """A page of exports, newest first unless asked otherwise. Raises InvalidRequest."""
        found = EXPORTS.page(self._engine, query)
        return found.model_copy(update={"items": [self._shown(export) for export in found.items]})

    def cancel(self, export_id: str) -> Export:
        """Call off an export that is queued or being made, for good. Raises NotFound, Conflict when it has ended."""
        queued = change_export(self._engine, export_id, when=["queued"], status="canceled")
        if queued is not None:
            take_from_queue(export_id, queued.attempt)
            return queued
        canceled = change_export(self._engine, export_id, when=RUNNING, status="canceled")
        if canceled is None:
            raise not_while(EXPORTS.get(self._engine, export_id), "canceled", RUNNING)
        return canceled

    def retry(self, export_id: str) -> Export:
        """Queue an export that failed, was canceled or expired again, under its id and for another 24 hours.

        Raises NotFound, Conflict for any other status.
        """
        export = EXPORTS.get(self._engine, export_id)
        total, expected = self._expect(ExportCreate.model_validate(export.model_dump()))
        retried = retry_export(self._engine, export_id, rows_total=total, expected=expected, kept=KEPT)
        enqueue_export(retried.id, retried.attempt)
        return self._shown(retried)

    def delete(self, export_id: str) -> Export:
        """Forget an export and its files; one that is running is called off. The record as it was. Raises NotFound."""
        gone = delete_export(self._engine, export_id)
        if gone.status == "queued":
            take_from_queue(export_id, gone.attempt)
        self._files.delete_folder(files_folder(export_id))
        return gone

    def open_download(self, export_id: str, kind: FileKind = "csv") -> Download:
        """A finished file, whole. Raises NotFound when there is none or its day is over, Conflict otherwise."""
        export = self._shown(EXPORTS.get(self._engine, export_id))
        if export.status == "expired":
            raise NotFound("This file was kept for 24 hours and is gone; retry the export.", code="expired")
        if export.status != "completed":
            raise not_while(export, "downloaded", ["completed"])
        file = export.file(kind)
        if file is None:
            raise NotFound(f"This export has no file “{kind}”.", fields=["kind"], details={"kind": kind})
        name, size, sha256 = file_name(export.id, export.attempt, kind), file.size, file.sha256
        if not is_whole(self._files, name, size=size, sha256=sha256):
            raise self._damaged(export)

        def chunks(start: int = 0, end: int | None = None) -> Iterator[bytes]:
            found = self._files.chunks(name, start, end)
            return found if start or end is not None else self._checked(export, found, sha256)

        path = self._files.local_path(name)
        return Download(
            path=path,
            chunks=chunks,
            size=size,
            sha256=sha256,
            filename=name_for_people(export, kind),
            media_type=media_type(export, kind),
        )

    def _checked(self, export: Export, chunks: Iterator[bytes], sha256: str) -> Iterator[bytes]:
        try:
            yield from checked_chunks(chunks, sha256)
        except DamagedError as error:
            raise self._damaged(export) from error

    def _damaged(self, export: Export) -> Conflict:
        """Say on the record that its file is no longer what was written; the error for it."""
        message = "The file of this export is no longer whole; retry the export to have it made again."
        failed = change_export(
            self._engine, export.id, when=["completed"], attempt=export.attempt, status="failed", error=message
        )
        if failed is not None:
            self._files.delete_folder(files_folder(export.id, export.attempt))
        return Conflict(message, fields=["export_id"], code="export_damaged")

    def _expect(self, request: ExportCreate) -> tuple[int, datetime]:
        """How many rows the file would have and when it would be ready, were it asked for now."""
        plan = plan_export(request)
        with self._engine.connect() as connection:
            total = count_rows(connection, plan)
        if "xlsx" in request.formats:
            check_size(total)
        return total, utc_now() + expected_wait(self._engine, request, total)

    def _shown(self, export: Export) -> Export:
        """The record as it is now: expired when its day is over, with a link when its file is there."""
        now = utc_now()
        if is_due(export, now):
            return expire(self._engine, self._files, export)
        if (
            export.status == "queued"
            and now - export.updated_at > _QUEUED_LATE
            and not is_enqueued(export.id, export.attempt)
        ):
            enqueue_export(export.id, export.attempt)
        if export.status != "completed":
            return export
        signed = {LINKS[file.kind]: self._sign(download_path(export.id, file.kind)) for file in export.files}
        return export.model_copy(update={**signed, "download_url": signed.get("csv_url")})
