"""/export_templates: recipes of exports under a name, run by hand or by their schedule."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from lib.api.envelope import absolute, answer, list_answer
from lib.api.lists import ListParameters, PageLimit, PageNumber
from lib.api.resources import ERROR, ResourceRoutes, list_of, one_of
from lib.api.routes import KEY_IN_DESCRIPTION, DeskOfCall, KeyedRoute
from lib.exports.templates import as_file
from lib.models.base import WireModel
from lib.models.export_templates import ExportTemplate, ExportTemplateCreate, ExportTemplateUpdate
from lib.models.exports import Export
from lib.models.lists import DEFAULT_LIMIT

_EXAMPLE = {
    "name": "Last month for the accounts",
    "recipe": {
        "resource": "shipment",
        "options": {"limit": "all", "created_at": "last_month"},
        "csv_field_options": {
            "timezone": "America/New_York",
            "datetime_format": "MM/dd/yyyy hh:mm:ss a",
            "columns": {"id": True, "status": True, "amount": True, "created_at": True},
        },
    },
    "schedule": {"cron": "0 6 1 * *", "keep": 12},
}


def _shown(request: Request, template: ExportTemplate) -> ExportTemplate:
    return template.model_copy(update={"url": absolute(request, template.url)})


kept = ResourceRoutes(
    name="export_template",
    plural="export templates",
    prefix="tmpl",
    of=lambda desk: desk.export_templates,
    model=ExportTemplate,
    create=ExportTemplateCreate,
    update=ExportTemplateUpdate,
    filters=ListParameters,
    example=_EXAMPLE,
    update_example={"schedule": {"cron": "0 6 * * 1", "timezone": "America/New_York", "keep": 4}},
    shown=_shown,
).router()

keyed = APIRouter(tags=["export templates"], route_class=KeyedRoute, dependencies=[KEY_IN_DESCRIPTION])

TemplateId = Annotated[str, Path(alias="export_template_id", description="An id that begins with tmpl_.")]


class Paging(WireModel):
    """Which page."""

    page: PageNumber = 1
    limit: PageLimit = DEFAULT_LIMIT


@keyed.post("/export_templates/{export_template_id}/run", responses=one_of(Export), summary="Run an export template")
def run_export_template(request: Request, desk: DeskOfCall, template_id: TemplateId) -> Response:
    """Make the file now; read it under `/exports/{export_id}` until its status is `completed`."""
    export = _with_link(request, desk.export_templates.run(template_id))
    return answer(request, export, message="Export created.", events=["export.created"])


@keyed.get(
    "/export_templates/{export_template_id}/runs",
    responses=list_of(Export),
    summary="List the exports of an export template",
)
def list_runs(
    request: Request, desk: DeskOfCall, template_id: TemplateId, query: Annotated[Paging, Query()]
) -> Response:
    """The exports that it made, newest first; those of its schedule say in `scheduled_at` which moment they are of."""
    found = desk.export_templates.runs(template_id, page=query.page, limit=query.limit)
    shown = found.model_copy(update={"items": [_with_link(request, export) for export in found.items]})
    return list_answer(request, shown, message="Exports found.")


@keyed.get(
    "/export_templates/{export_template_id}/file",
    responses={200: {"model": ExportTemplateCreate}, **ERROR},
    summary="Fetch an export template as a file",
)
def export_template_file(desk: DeskOfCall, template_id: TemplateId) -> Response:
    """The JSON file that another desk takes as the body of its `POST /v1/export_templates`."""
    name, text = as_file(desk.export_templates.retrieve(template_id))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="application/json", headers=headers)


def _with_link(request: Request, export: Export) -> Export:
    return export.model_copy(update={"download_url": absolute(request, export.download_url)})
