"""Templates of exports on the embedded desk: saved, listed, changed, run."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from lib.exports.cron import next_moment, validate_cron
from lib.exports.expiry import KEPT
from lib.exports.plan import plan_export
from lib.exports.relative_dates import settled
from lib.exports.schedules import timing_of
from lib.exports.service import LocalExports
from lib.models.base import utc_now
from lib.models.errors import Conflict, InvalidRequest
from lib.models.export_templates import ExportSchedule, ExportTemplate, ExportTemplateCreate, ExportTemplateUpdate
from lib.models.exports import Export, ExportCreate
from lib.models.ids import new_id
from lib.models.lists import ListQuery, Page
from lib.store.dates import known_timezones
from lib.store.export_templates import TEMPLATES, note_run, release_files, template_named
from lib.store.facets import plain
from lib.store.filters import unknown_name
from lib.store.links import template_page_path
from lib.store.resources import KeptResource

_RECIPE, _CRON, _TIMEZONE = "recipe.", "schedule.cron", "schedule.timezone"
_NOT_IN_FILE_NAMES = re.compile(r"[^a-z0-9]+")
_LONGEST_FILE_NAME = 100
# Any number that is always the same: on PostgreSQL two names are looked at one after the other.
_NAMES_LOCK = 7_447_341


class LocalExportTemplates(KeptResource[ExportTemplate, ExportTemplateCreate, ExportTemplateUpdate]):
    """Keeps templates; a recipe or schedule that could not be made is refused when it is saved."""

    def __init__(self, engine: sa.Engine, exports: LocalExports) -> None:
        super().__init__(engine, TEMPLATES)
        self._exports = exports

    def run(self, template_id: str) -> Export:
        """Make the file now; while an equal request is queued or running, that one's record.

        Raises NotFound, InvalidRequest when the recipe is no longer right.
        """
        template = self.retrieve(template_id)
        with _named_in_recipe():
            export = self._exports.create(template.recipe, template_id=template_id)
        note_run(self._engine, template_id, export, utc_now())
        return export

    def runs(self, template_id: str, page: int = 1, limit: int = 25) -> Page[Export]:
        """A page of the exports that it made, newest first. Raises NotFound, InvalidRequest."""
        self.retrieve(template_id)
        return self._exports.list(ListQuery(page=page, limit=limit, filters={"template_id": template_id}))

    def _made(self, request: ExportTemplateCreate, at: datetime) -> ExportTemplate:
        identifier = new_id("tmpl")
        template = ExportTemplate(
            id=identifier,
            url=template_page_path(identifier),
            created_at=at,
            updated_at=at,
            **dict(request),
        )
        return _timed(None, _checked(template, at), at)

    def _changed(self, kept: ExportTemplate, changes: ExportTemplateUpdate, at: datetime) -> ExportTemplate:
        nulls = [name for name in ("name", "recipe") if name in changes.model_fields_set and not getattr(changes, name)]
        if nulls:
            raise InvalidRequest(f"{nulls[0]} cannot be null; leave it out to keep it.", fields=nulls)
        return _timed(kept, _checked(super()._changed(kept, changes, at), at), at)

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with super()._writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_NAMES_LOCK)))
            yield connection

    def _linked(
        self,
        connection: sa.Connection,
        before: ExportTemplate | None,
        after: ExportTemplate,
        request: ExportTemplateCreate | ExportTemplateUpdate,  # noqa: ARG002
    ) -> ExportTemplate:
        taken = template_named(connection, after.name)
        if taken not in (None, after.id):
            raise Conflict(
                f"There is a template called “{after.name}” already: {taken}.",
                fields=["name"],
                code="export_template_exists",
            )
        if timing_of(before) and not timing_of(after):
            release_files(connection, after.id, after.updated_at + KEPT)
        return after

    def _unlinked(self, connection: sa.Connection, kept: ExportTemplate) -> None:
        release_files(connection, kept.id, utc_now() + KEPT)


def as_file(template: ExportTemplate) -> tuple[str, str]:
    """The name and the text of the file that a template is on its way to another desk, which takes it as a body."""
    body = ExportTemplateCreate.model_validate(template.model_dump())
    words = _NOT_IN_FILE_NAMES.sub("-", plain(template.name)).strip("-")[:_LONGEST_FILE_NAME]
    return f"export-template-{words or template.id}.json", body.model_dump_json(indent=2)


def _checked(template: ExportTemplate, at: datetime) -> ExportTemplate:
    """The template, once its recipe and schedule are known to be right. Raises InvalidRequest."""
    _check_recipe(template.recipe, at)
    if template.schedule is not None:
        _check_schedule(template.schedule)
    return template


def _check_recipe(recipe: ExportCreate, at: datetime) -> None:
    with _named_in_recipe():
        plan_export(settled(recipe, at))


def _check_schedule(schedule: ExportSchedule) -> None:
    validate_cron(schedule.cron, _CRON)
    if schedule.timezone is not None and schedule.timezone not in known_timezones():
        known = sorted(known_timezones())
        sentence = f"{_TIMEZONE}: There is no time zone “{schedule.timezone}”"
        raise unknown_name(sentence, schedule.timezone, known, field=_TIMEZONE)


@contextmanager
def _named_in_recipe() -> Iterator[None]:
    """What is wrong with a recipe is named by its path in the template."""
    try:
        yield
    except InvalidRequest as error:
        at_field = any(error.message.startswith(field) for field in error.fields)
        raise InvalidRequest(
            f"{_RECIPE}{error.message}" if at_field else error.message,
            fields=[f"{_RECIPE}{field}" for field in error.fields],
            code=error.code,
            details=error.details,
        ) from error


def _timed(before: ExportTemplate | None, after: ExportTemplate, at: datetime) -> ExportTemplate:
    """The template with its next moment, which a change of anything but the schedule leaves as it is."""
    timing = timing_of(after)
    changes: dict[str, Any] = {"next_run_at": next_moment(*timing, at) if timing else None}
    if before is not None and timing == timing_of(before):
        changes = {"next_run_at": before.next_run_at}
    return after.model_copy(update=changes)
