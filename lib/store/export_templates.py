"""Templates of exports in the database, and the files that their schedules keep."""

import unicodedata
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from lib.models.export_templates import ExportTemplate
from lib.models.exports import Export
from lib.store.database import writing
from lib.store.documents import Documents
from lib.store.facets import search_facets
from lib.store.tables import export_templates, exports

_LONGEST = 255
_TO_COME = ("queued", "processing", "completed")


def name_key(name: str) -> str:
    """What two names share that differ only in case."""
    return unicodedata.normalize("NFKC", name).casefold()[:_LONGEST]


def _columns(template: ExportTemplate) -> dict[str, Any]:
    return {
        "created_at": template.created_at,
        "updated_at": template.updated_at,
        "name_key": name_key(template.name),
        "next_run_at": template.next_run_at,
    }


TEMPLATES = Documents(
    "export_template",
    export_templates,
    ExportTemplate,
    columns=_columns,
    facets=lambda template: search_facets(template.name, template.recipe.resource),
    order=("name", "asc"),
)


def template_named(connection: sa.Connection, name: str) -> str | None:
    """The id of the template of that name, whatever its case."""
    return connection.scalar(sa.select(export_templates.c.id).where(export_templates.c.name_key == name_key(name)))


def due_templates(engine: sa.Engine, now: datetime) -> list[str]:
    """The ids of templates whose next moment has come, the longest due first."""
    due = export_templates.c.next_run_at
    with engine.connect() as connection:
        return list(connection.scalars(sa.select(export_templates.c.id).where(due <= now).order_by(due)))


def note_run(engine: sa.Engine, template_id: str, export: Export, at: datetime) -> None:
    """Keep on the template, if it is still there, which export was asked for last."""
    with writing(engine).begin() as connection:
        template = TEMPLATES.find_locked(connection, template_id)
        if template is not None:
            last = {"last_run_at": at, "last_export_id": export.id}
            TEMPLATES.update(connection, template.model_copy(update=last))


def is_made(connection: sa.Connection, template_id: str, moment: datetime) -> bool:
    """Whether the schedule has asked for that moment's export already."""
    same = sa.and_(exports.c.template_id == template_id, exports.c.scheduled_at == moment)
    return connection.scalar(sa.select(exports.c.id).where(same)) is not None


def queued_runs(engine: sa.Engine) -> list[tuple[str, int]]:
    """The exports that schedules have asked for and nobody has begun: id and attempt."""
    waiting = sa.and_(exports.c.scheduled_at.is_not(None), exports.c.status == "queued")
    with engine.connect() as connection:
        documents = connection.scalars(sa.select(exports.c.document).where(waiting).order_by(exports.c.scheduled_at))
        runs = map(Export.model_validate_json, documents)
        return [(export.id, export.attempt) for export in runs]


def kept_files(engine: sa.Engine) -> dict[str, list[Export]]:
    """The completed exports of schedules whose files stay until newer ones come; by template, newest first."""
    completed = sa.and_(exports.c.scheduled_at.is_not(None), exports.c.status == "completed")
    wanted = sa.select(exports.c.document).where(completed).order_by(exports.c.scheduled_at.desc())
    found: dict[str, list[Export]] = {}
    with engine.connect() as connection:
        for document in connection.scalars(wanted):
            export = Export.model_validate_json(document)
            if export.template_id is not None and export.expires_at is None:
                found.setdefault(export.template_id, []).append(export)
    return found


def release_files(connection: sa.Connection, template_id: str, expires_at: datetime) -> None:
    """Let the files that a schedule keeps, and those it is waiting for, end at that moment."""
    columns = exports.c
    kept = sa.and_(columns.template_id == template_id, columns.scheduled_at.is_not(None), columns.status.in_(_TO_COME))
    for identifier, document in connection.execute(
        sa.select(columns.id, columns.document).where(kept).order_by(columns.id).with_for_update()
    ).all():
        export = Export.model_validate_json(document)
        if export.expires_at is None:
            ending = export.model_copy(update={"expires_at": expires_at})
            connection.execute(
                sa.update(exports).where(columns.id == identifier).values(document=ending.model_dump_json())
            )
