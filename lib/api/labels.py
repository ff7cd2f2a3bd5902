"""/shipments/{id}/label and /labels: labels as files, for any printer."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from lib.api.envelope import ErrorEnvelope
from lib.api.routes import BY_KEY_OR_LINK, KEY_IN_DESCRIPTION, DeskOfCall, KeyedRoute, PlainRoute
from lib.models.labels import LabelFile, LabelFormat, MergedFormat
from lib.models.shipments import LabelSize

_Responses = dict[int | str, dict[str, Any]]

keyed = APIRouter(tags=["labels"], route_class=KeyedRoute, dependencies=[KEY_IN_DESCRIPTION])
linked = APIRouter(tags=["labels"], route_class=PlainRoute, dependencies=[KEY_IN_DESCRIPTION, BY_KEY_OR_LINK])

ShipmentId = Annotated[str, Path(description="An id that begins with ship_.")]
_Format = Annotated[LabelFormat, Query(alias="format", description="ZPL and PNG are made for printers of 203 dpi.")]
_Merged = Annotated[MergedFormat, Query(alias="format", description="pdf, or zpl for printers of 203 dpi.")]
_Size = Annotated[LabelSize | None, Query(description="The size bought when left out; ZPL takes 4x6, 4x8 and a6.")]
_Parcel = Annotated[
    int | None, Query(ge=1, description="Only this parcel's, counted from 1. Without it a PNG is the first parcel's.")
]
_Shipments = Annotated[list[str], Query(description="Up to 200 ids with commas, in the order they are to be printed.")]


def _files_of(*media_types: str) -> _Responses:
    content = {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in media_types}
    return {200: {"content": content}, "default": {"model": ErrorEnvelope}}


@linked.get(
    "/shipments/{shipment_id}/label",
    summary="Fetch the label",
    response_class=Response,
    responses=_files_of("application/pdf", "image/png", "application/zpl"),
)
def shipment_label(
    desk: DeskOfCall,
    shipment_id: ShipmentId,
    label_format: _Format = "pdf",
    size: _Size = None,
    parcel: _Parcel = None,
) -> Response:
    """The label; opened by the key, or by a signed link in `label_url`, which opens exactly what it is signed for."""
    return _answer(desk.labels.retrieve(shipment_id, label_format, size, parcel))


@keyed.get(
    "/labels",
    summary="Fetch several labels in one file",
    response_class=Response,
    responses=_files_of("application/pdf", "application/zpl"),
)
def merged_labels(
    desk: DeskOfCall, shipments: _Shipments, label_format: _Merged = "pdf", size: _Size = None
) -> Response:
    """One file with the labels of several shipments, ready to print."""
    asked = [part for value in shipments for part in (one.strip() for one in value.split(",")) if part]
    return _answer(desk.labels.merged(asked, label_format, size))


def _answer(label: LabelFile) -> Response:
    # Browsers show a PDF or a picture; what only a printer understands is saved.
    shown = "attachment" if label.media_type == "application/zpl" else "inline"
    headers = {"Content-Disposition": f'{shown}; filename="{label.filename}"', "Content-Encoding": "identity"}
    return Response(label.content, media_type=label.media_type, headers=headers)
