"""/exports: preview, make, read and fetch files. Answers are the bare record, as the API's page shows them."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request
from starlette.responses import FileResponse, Response, StreamingResponse

from lib.api.envelope import ExportError, ListEnvelope, absolute, json_response, list_answer
from lib.api.routes import BY_KEY_OR_LINK, KEY_IN_DESCRIPTION, DeskOfCall, KeyedRoute, PlainRoute
from lib.models.exports import Export, ExportCreate, ExportPreview
from lib.models.lists import MAX_PAGE

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
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")

keyed = APIRouter(tags=["exports"], route_class=KeyedRoute, dependencies=[KEY_IN_DESCRIPTION])
linked = APIRouter(tags=["exports"], route_class=PlainRoute, dependencies=[KEY_IN_DESCRIPTION, BY_KEY_OR_LINK])

ExportId = Annotated[str, Path(description="An id that begins with exp_.")]
_Recipe = Annotated[ExportCreate, Body(examples=[_EXAMPLE])]
_Page = Annotated[int, Query(ge=1, le=MAX_PAGE)]
_Limit = Annotated[int, Query(ge=1, le=500)]


@keyed.post("/exports", responses={200: {"model": Export}, **_ERROR}, summary="Create an export")
def create_export(request: Request, desk: DeskOfCall, body: _Recipe) -> Response:
    """Queue the making of a file; read the record until its status is `completed`."""
    return _answer(request, desk.exports.create(body))


@keyed.post("/exports/preview", responses={200: {"model": ExportPreview}, **_ERROR}, summary="Preview an export")
def preview_export(desk: DeskOfCall, body: _Recipe) -> Response:
    """The first 100 rows byte for byte as the file will hold them, and how many rows there will be."""
    return json_response(desk.exports.preview(body))


@keyed.get("/exports", responses={200: {"model": ListEnvelope[Export]}, **_ERROR}, summary="List exports")
def list_exports(request: Request, desk: DeskOfCall, page: _Page = 1, limit: _Limit = 25) -> Response:
    """A page of exports, newest first, in the envelope of every list."""
    found = desk.exports.list(page=page, limit=limit)
    shown = found.model_copy(update={"items": [_with_links(request, export) for export in found.items]})
    return list_answer(request, shown, message="Exports found.")


@keyed.get("/exports/{export_id}", responses={200: {"model": Export}, **_ERROR}, summary="Read an export")
def retrieve_export(request: Request, desk: DeskOfCall, export_id: ExportId) -> Response:
    """The record, with its progress, and once completed a link signed anew that lives 15 minutes."""
    return _answer(request, desk.exports.retrieve(export_id))


@linked.get(
    "/exports/{export_id}/download",
    summary="Fetch the file",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}, **_ERROR},
)
@linked.head("/exports/{export_id}/download", include_in_schema=False)
def download_export(desk: DeskOfCall, export_id: ExportId) -> Response:
    """The file; opened by the key or by the signed link in `download_url`. Parts by `Range`."""
    download = desk.exports.open_download(export_id)
    # `identity` keeps the pages' compression away: it would cost a CPU, the length and the ranges.
    headers = {
        "Content-Encoding": "identity",
        "Content-Disposition": f'attachment; filename="{_UNSAFE.sub("-", download.filename)}"',
    }
    if download.path is not None:
        return FileResponse(download.path, media_type=download.media_type, headers=headers)
    headers["Content-Length"] = str(download.size)
    return StreamingResponse(download.chunks(), media_type=download.media_type, headers=headers)


def _answer(request: Request, export: Export) -> Response:
    return json_response(_with_links(request, export))


def _with_links(request: Request, export: Export) -> Export:
    return export.model_copy(update={"download_url": absolute(request, export.download_url)})
