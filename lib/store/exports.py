"""The records of exports: kept, changed in one place at a time, listed."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from lib.models.base import utc_now
from lib.models.errors import Conflict
from lib.models.exports import Export
from lib.store.database import writing
from lib.store.documents import Documents
from lib.store.events import record_event
from lib.store.pages import newest_first
from lib.store.tables import exports

RUNNING = ("queued", "processing")
OVER = ("failed", "canceled", "expired")
# What a try finds out, gone when the next begins.
_OF_ONE_TRY = ("started_at", "completed_at", "rows_per_second", "size", "sha256", "error")
# The ends an export can come to: each is an event.
_TOLD = frozenset({"completed", "failed", "canceled", "expired"})
# Any number that is always the same: on PostgreSQL two equal requests are looked at one after the other.
_CREATION_LOCK = 7_447_338


def add_unless_running(engine: sa.Engine, export: Export) -> Export:
    """Keep a new record, or hand back the one of the same request that is still queued or running."""
    with writing(engine).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_CREATION_LOCK)))
        query = sa.select(exports.c.document).where(
            exports.c.status.in_(RUNNING), exports.c.resource == export.resource
        )
        for document in connection.scalars(query.order_by(exports.c.created_at)):
            found = Export.model_validate_json(document)
            if _same_request(found, export):
                return found
        add_export(connection, export)
    return export


def add_export(connection: sa.Connection, export: Export) -> None:
    """Keep a new record."""
    connection.execute(sa.insert(exports).values(id=export.id, **_columns(export)))
    record_event(connection, "export.created", export.id)


def change_export(
    engine: sa.Engine, export_id: str, *, when: Collection[str], attempt: int | None = None, **changes: Any
) -> Export | None:
    """Change fields of a record whose status is one of `when`; the record after it, None when it was another.

    With `attempt` only while that try is the last one.
    """
    with writing(engine).begin() as connection:
        export = EXPORTS.find_locked(connection, export_id)
        if export is None or export.status not in when or attempt not in (None, export.attempt):
            return None
        changed = export.model_copy(update={**changes, "updated_at": utc_now()})
        _replace(connection, changed)
        if changes.get("status") in _TOLD:
            record_event(connection, f"export.{changed.status}", export_id)
    return changed


def retry_export(engine: sa.Engine, export_id: str, *, rows_total: int, expected: datetime, kept: timedelta) -> Export:
    """Begin a record that ended without a file anew, queued as its next try; the record after it.

    It is `kept` from now on if it had an end at all. Raises NotFound, Conflict for any other status.
    """
    with writing(engine).begin() as connection:
        export = EXPORTS.get_locked(connection, export_id)
        if export.status not in OVER:
            raise not_while(export, "retried", OVER)
        now = utc_now()
        changes: dict[str, Any] = dict.fromkeys(_OF_ONE_TRY)
        changes |= {"status": "queued", "rows_done": 0, "size_done": 0, "rows_total": rows_total}
        changes |= {"rows_failed": 0, "rows_defused": 0, "files": []}
        changes |= {"attempt": export.attempt + 1, "updated_at": now, "estimated_completion": expected}
        changes["expires_at"] = None if export.expires_at is None else now + kept
        changed = export.model_copy(update=changes)
        _replace(connection, changed)
        record_event(connection, "export.retried", export_id)
    return changed


def delete_export(engine: sa.Engine, export_id: str) -> Export:
    """Forget a record whatever its status; the record as it was. Raises NotFound."""
    with writing(engine).begin() as connection:
        export = EXPORTS.get_locked(connection, export_id)
        record_event(connection, "export.deleted", export_id)
        connection.execute(sa.delete(exports).where(exports.c.id == export_id))
    return export


def not_while(export: Export, done: str, fitting: Collection[str]) -> Conflict:
    """The error for what the status of an export does not allow."""
    return Conflict(
        f"This export is {export.status}; only one that is {' or '.join(fitting)} can be {done}.",
        fields=["export_id"],
        code=f"export_{export.status}",
        details={"status": export.status},
    )


def completed_exports(engine: sa.Engine) -> list[Export]:
    """Every export whose file is there."""
    return _read(engine, sa.select(exports.c.document).where(exports.c.status == "completed"))


def running_exports(engine: sa.Engine) -> list[Export]:
    """Every export that is queued or being made."""
    return _read(engine, sa.select(exports.c.document).where(exports.c.status.in_(RUNNING)))


def last_made(engine: sa.Engine, resource: str, limit: int) -> list[Export]:
    """The last exports of a resource whose files were made, the newest first."""
    made = exports.c.status.in_(("completed", "expired"))
    query = sa.select(exports.c.document).where(exports.c.resource == resource, made)
    return _read(engine, query.order_by(*newest_first(exports)).limit(limit))


def _read(engine: sa.Engine, query: sa.Select[str]) -> list[Export]:
    with engine.connect() as connection:
        return [Export.model_validate_json(document) for document in connection.scalars(query)]


def _replace(connection: sa.Connection, export: Export) -> None:
    connection.execute(sa.update(exports).where(exports.c.id == export.id).values(**_columns(export)))


def _same_request(one: Export, other: Export) -> bool:
    """Whether both ask for the same files; the order of the columns counts, so they are compared as spelled."""
    asked = {"resource", "options", "csv_field_options", "formats", "gzip"}
    return one.model_dump_json(include=asked) == other.model_dump_json(include=asked)


def _columns(export: Export) -> dict[str, Any]:
    return {
        "created_at": export.created_at,
        "updated_at": export.updated_at,
        "resource": export.resource,
        "status": export.status,
        "template_id": export.template_id,
        "scheduled_at": export.scheduled_at,
        "document": export.model_dump_json(),
    }


EXPORTS = Documents("export", exports, Export, _columns)
