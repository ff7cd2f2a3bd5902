"""Templates that are made by themselves: what is due is asked for once, and the last files are kept.

Several workers may do this at once. A moment's export, the template's next moment and the event of it are written
together or not at all; who dies before the file is in the queue leaves a record that the next tick puts there.
"""

import logging
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from dbos import DBOS

from lib import runtime
from lib.exports.cron import latest_moment, next_moment
from lib.exports.expiry import KEPT, expire
from lib.exports.relative_dates import settled
from lib.models.export_templates import ExportTemplate
from lib.models.exports import Export
from lib.models.ids import new_id
from lib.store.database import writing
from lib.store.export_templates import TEMPLATES, due_templates, is_made, kept_files, queued_runs, release_files
from lib.store.exports import add_export

log = logging.getLogger("shipdesk.schedules")


class Timing(NamedTuple):
    """The moments of a schedule that is on."""

    cron: str
    timezone: str


def timing_of(template: ExportTemplate | None) -> Timing | None:
    """When a template is made by itself; None when it is not."""
    if template is None or template.schedule is None or not template.schedule.active:
        return None
    schedule = template.schedule
    return Timing(schedule.cron, schedule.timezone or template.recipe.csv_field_options.timezone)


def ask_for_due(engine: sa.Engine, now: datetime) -> int:
    """Ask for one export of every template that is due, for the latest moment it has missed; how many were asked for.

    A template that cannot be made is logged and holds up none of the others.
    """
    count = 0
    for template_id in due_templates(engine, now):
        try:
            count += _ask(engine, template_id, now)
        except Exception:
            log.exception("schedule failed: %s", template_id)
    return count


def expire_surplus(engine: sa.Engine, now: datetime) -> int:
    """Delete the files of every schedule beyond those it keeps; how many. Only completed exports count.

    Files of a template that is gone or has no schedule any more end after the usual day.
    """
    count = 0
    for template_id, exports in kept_files(engine).items():
        template = TEMPLATES.find(engine, template_id)
        if template is None or template.schedule is None or timing_of(template) is None:
            with writing(engine).begin() as connection:
                release_files(connection, template_id, now + KEPT)
            continue
        for export in exports[template.schedule.keep :]:
            expire(engine, runtime.current().files, export)
            count += 1
    return count


@DBOS.step(name="asked_by_schedules")
def asked_by_schedules() -> list[tuple[str, int]]:
    """The exports that schedules have asked for and that may not be in the queue yet: id and attempt."""
    return queued_runs(runtime.current().engine)


def _ask(engine: sa.Engine, template_id: str, now: datetime) -> int:
    with writing(engine).begin() as connection:
        template = TEMPLATES.find_locked(connection, template_id, wait=False)
        timing = timing_of(template)
        # Looked at anew: before it was ours, somebody else may have asked or switched it off.
        if template is None or timing is None or template.next_run_at is None or template.next_run_at > now:
            return 0
        moment = max(template.next_run_at, latest_moment(*timing, now))
        changes: dict[str, Any] = {"next_run_at": next_moment(*timing, now)}
        made = is_made(connection, template_id, moment)
        if not made:
            export = _export(template, moment, now)
            add_export(connection, export)
            changes |= {"last_run_at": now, "last_export_id": export.id}
        TEMPLATES.update(connection, template.model_copy(update=changes))
    return int(not made)


def _export(template: ExportTemplate, moment: datetime, now: datetime) -> Export:
    """The record for that moment, whose relative dates are those of the moment, however late it is made."""
    recipe = settled(template.recipe, moment)
    return Export(
        id=new_id("exp"),
        template_id=template.id,
        scheduled_at=moment,
        created_at=now,
        updated_at=now,
        **dict(recipe),
    )
