"""/exports: preview, make, read and fetch files. Answers are the bare record, as the API's page shows them."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request
from pydantic import Field
from starlette.responses import FileResponse, Response, StreamingResponse

from lib.api.envelope import ExportError, ListEnvelope, absolute, json_response, list_answer
from lib.api.lists import DateFilter, PageParameters, list_query
from lib.api.routes import BY_KEY_OR_LINK, KEY_IN_DESCRIPTION, DeskOfCall, KeyedRoute, PlainRoute
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

_ERROR: dict[int | str, dict[str, Any]] = {"default": {"model": ExportError}}
_EXAMPLE = {
    "resource": "shipment",
    "options": {"limit": 1000, "created_at": "gte:2026-01-01"},
    "csv_field_options": {
        "timezone": "America/New_York",
        "datetime_format": "MM/dd/yyyy hh:mm:ss a",
        "columns": {"id": True, "status": True, "created_at": True},
    },
}
_MEDIA_TYPES = (
    "text/csv",
    "application/gzip",
    "application/x-ndjson",
    "application/vnd.apache.parquet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")
_ONE_RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))")

keyed = APIRouter(tags=["exports"], route_class=KeyedRoute, dependencies=[KEY_IN_DESCRIPTION])
linked = APIRouter(tags=["exports"], route_class=PlainRoute, dependencies=[KEY_IN_DESCRIPTION, BY_KEY_OR_LINK])

ExportId = Annotated[str, Path(description="An id that begins with exp_.")]
_Rows = Annotated[int, Query(ge=1, le=MAX_PREVIEW_ROWS, description="How many rows to show.")]
_Recipe = Annotated[ExportCreate, Body(examples=[_EXAMPLE])]


class ExportParameters(PageParameters):
    """Which page of which exports."""

    resource: Annotated[str | None, Field(description="Such as shipment, or several with commas.")] = None
    status: Annotated[str | None, Field(description="Such as completed, or several with commas.")] = None
    created_at: DateFilter = None
    updated_at: DateFilter = None


@keyed.post("/exports", responses={200: {"model": Export}, **_ERROR}, summary="Create an export")
def create_export(request: Request, desk: DeskOfCall, body: _Recipe) -> Response:
    """Queue the making of a file; read the record until its status is `completed`."""
    return _answer(request, desk.exports.create(body))


@keyed.post("/exports/preview", responses={200: {"model": ExportPreview}, **_ERROR}, summary="Preview an export")
def preview_export(desk: DeskOfCall, body: _Recipe, rows: _Rows = PREVIEW_ROWS) -> Response:
    """The first rows byte for byte as the CSV file will hold them, how many there will be and about how many bytes."""
    return json_response(desk.exports.preview(body, rows))


@keyed.get("/exports", responses={200: {"model": ListEnvelope[Export]}, **_ERROR}, summary="List exports")
def list_exports(request: Request, desk: DeskOfCall, query: Annotated[ExportParameters, Query()]) -> Response:
    """A page of exports, newest first unless asked otherwise, in the envelope of every list."""
    found = desk.exports.list(list_query(request, query))
    shown = found.model_copy(update={"items": [_with_links(request, export) for export in found.items]})
    return list_answer(request, shown, message="Exports found.")


@keyed.get("/exports/{export_id}", responses={200: {"model": Export}, **_ERROR}, summary="Read an export")
def retrieve_export(request: Request, desk: DeskOfCall, export_id: ExportId) -> Response:
    """The record, with its progress, and once completed a link signed anew that lives 15 minutes."""
    return _answer(request, desk.exports.retrieve(export_id))


@keyed.post("/exports/{export_id}/cancel", responses={200: {"model": Export}, **_ERROR}, summary="Cancel an export")
def cancel_export(request: Request, desk: DeskOfCall, export_id: ExportId) -> Response:
    """Call off an export that is queued or processing, at once and for good; its file is not made."""
    return _answer(request, desk.exports.cancel(export_id))


@keyed.post("/exports/{export_id}/retry", responses={200: {"model": Export}, **_ERROR}, summary="Retry an export")
def retry_export(request: Request, desk: DeskOfCall, export_id: ExportId) -> Response:
    """Queue an export that failed, was canceled or expired again: the rows of now, under the same id, for 24 hours."""
    return _answer(request, desk.exports.retry(export_id))


@keyed.delete("/exports/{export_id}", responses={200: {"model": Export}, **_ERROR}, summary="Delete an export")
def delete_export(request: Request, desk: DeskOfCall, export_id: ExportId) -> Response:
    """Delete the record and its file; one that is running is called off. Answers the record as it was."""
    return _answer(request, desk.exports.delete(export_id))


@linked.get(
    "/exports/{export_id}/download",
    summary="Fetch the file",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}, "application/gzip": {}}}, **_ERROR},
)
@linked.head("/exports/{export_id}/download", include_in_schema=False)
def download_export(request: Request, desk: DeskOfCall, export_id: ExportId) -> Response:
    """The CSV file, checked to be whole; opened by the key or by the link in `download_url`. Parts by `Range`."""
    return _file(request, desk.exports.open_download(export_id))


@linked.get(
    "/exports/{export_id}/files/{kind}",
    summary="Fetch a file by its kind",
    response_class=Response,
    responses={200: {"content": {name: {} for name in _MEDIA_TYPES}}, **_ERROR},
)
@linked.head("/exports/{export_id}/files/{kind}", include_in_schema=False)
def download_file(request: Request, desk: DeskOfCall, export_id: ExportId, kind: FileKind) -> Response:
    """A file of any kind as `download` hands out the CSV file; by the key or by its link on the record."""
    return _file(request, desk.exports.open_download(export_id, kind))


def _file(request: Request, download: Download) -> Response:
    # `identity` keeps the pages' compression away: it would cost a CPU, the length and the ranges.
    headers = {
        "Content-Encoding": "identity",
        "ETag": f'"{download.sha256}"',
        "Content-Disposition": f'attachment; filename="{_UNSAFE.sub("-", download.filename)}"',
    }
    if download.path is not None:
        return FileResponse(download.path, media_type=download.media_type, headers=headers)
    return _stream(request, download, headers)


def _stream(request: Request, download: Download, headers: dict[str, str]) -> Response:
    """The file from where it is kept elsewhere, or the one part that is asked for; several parts get the whole."""
    start, end = _part(request, download)
    if start >= end:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{download.size}"})
    headers |= {"Accept-Ranges": "bytes", "Content-Length": str(end - start)}
    status = 200
    if end - start < download.size:
        status, headers["Content-Range"] = 206, f"bytes {start}-{end - 1}/{download.size}"
    if request.method == "HEAD":
        return Response(status_code=status, media_type=download.media_type, headers=headers)
    chunks = download.chunks() if status == 200 else download.chunks(start, end)  # noqa: PLR2004
    return StreamingResponse(chunks, status_code=status, media_type=download.media_type, headers=headers)


def _part(request: Request, download: Download) -> tuple[int, int]:
    """The first byte that is asked for and the one behind the last."""
    asked = _ONE_RANGE.fullmatch(request.headers.get("range", "").replace(" ", ""))
    if asked is None or request.headers.get("if-range", f'"{download.sha256}"') != f'"{download.sha256}"':
        return 0, download.size
    first, last, suffix = asked.groups()
    if suffix:
        return max(download.size - int(suffix), 0) if int(suffix) else download.size, download.size
    return int(first), min(int(last) + 1, download.size) if last else download.size


def _answer(request: Request, export: Export) -> Response:
    return json_response(_with_links(request, export))


def _with_links(request: Request, export: Export) -> Export:
    links = {name: absolute(request, getattr(export, name)) for name in ("download_url", *LINKS.values())}
    return export.model_copy(update=links)
