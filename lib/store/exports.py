"""The records of exports: kept, changed in one place at a time, listed."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from lib.models.base import utc_now
from lib.models.exports import Export
from lib.models.lists import Page
from lib.store.database import writing
from lib.store.events import record_event
from lib.store.pages import newest_first, read_page
from lib.store.tables import exports

RUNNING = ("queued", "processing")
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


def find_export(engine: sa.Engine, export_id: str) -> Export | None:
    """The record of that id, None when there is none."""
    with engine.connect() as connection:
        document = connection.scalar(sa.select(exports.c.document).where(exports.c.id == export_id))
    return None if document is None else Export.model_validate_json(document)


def change_export(engine: sa.Engine, export_id: str, *, when: Collection[str], **changes: Any) -> Export | None:
    """Change fields of a record whose status is one of `when`; the record after it, None when it was another."""
    with writing(engine).begin() as connection:
        query = sa.select(exports.c.document).where(exports.c.id == export_id, exports.c.status.in_(when))
        document = connection.scalar(query.with_for_update())
        if document is None:
            return None
        changed = Export.model_validate_json(document).model_copy(update={**changes, "updated_at": utc_now()})
        connection.execute(sa.update(exports).where(exports.c.id == export_id).values(**_columns(changed)))
        if changes.get("status") in _TOLD:
            record_event(connection, f"export.{changed.status}", export_id)
    return changed


def list_exports(engine: sa.Engine, *, page: int, limit: int) -> Page[Export]:
    """A page of records, newest first."""
    return read_page(engine, exports, Export, order=newest_first(exports), page=page, limit=limit)


def completed_before(engine: sa.Engine, moment: datetime) -> list[Export]:
    """The completed exports that were asked for before that moment."""
    query = sa.select(exports.c.document).where(exports.c.created_at < moment, exports.c.status == "completed")
    with engine.connect() as connection:
        return [Export.model_validate_json(document) for document in connection.scalars(query)]


def _same_request(one: Export, other: Export) -> bool:
    """Whether both ask for the same bytes; the order of the columns counts, so they are compared as spelled."""
    asked = {"resource", "options", "csv_field_options"}
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
