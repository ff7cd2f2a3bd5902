"""Events in the database: written in the transaction of the change they tell of, read in order.

`sequence` is the order of writing. Of one resource it is also the order of the changes, because a change holds its
row until it is committed. Of different resources SQLite, which has one writer, keeps the order of commits too; on
PostgreSQL a transaction may commit after one with a higher number. `settled_sequence` is what readers go by.
"""

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from lib.models.base import utc_now
from lib.models.errors import NotFound
from lib.models.events import EVENTS, Event
from lib.models.ids import new_id
from lib.models.lists import ListQuery, Page
from lib.store.filters import compile_filters, compile_order
from lib.store.outbox import hand_over
from lib.store.tables import events

AFTER = "after"
# Every change writes one, so it is put together once.
_INSERT = sa.insert(events).returning(events.c.sequence)


def record_event(
    connection: sa.Connection, event: str, resource_id: str, data: Mapping[str, Any] | None = None
) -> None:
    """Keep that `event` (`shipment.purchased`) happened to the resource of that id, with facts beyond the resource.

    Call it after the change, or before a deletion: webhooks are told of the resource as it then stands in the
    database. Raises ValueError for a name that is not in the vocabulary.
    """
    hand_over(connection, write_event(connection, event, resource_id, data))


def write_event(
    connection: sa.Connection, event: str, resource_id: str, data: Mapping[str, Any] | None = None
) -> Event:
    """The same, but no webhook is told; the event as kept."""
    if event not in EVENTS:
        raise ValueError(f"{event!r} is not in lib.models.events.EVENTS")
    written = Event(
        id=new_id("evt"),
        event=event,
        resource=event.partition(".")[0],
        resource_id=resource_id,
        created_at=utc_now(),
        data=dict(data or {}),
    )
    row = written.model_dump(exclude={"sequence", "data"}) | {"data": json.dumps(written.data)}
    sequence = connection.execute(_INSERT, row).scalar_one()
    return written.model_copy(update={"sequence": sequence})


def find_event(engine: sa.Engine, event_id: str) -> Event:
    """The event of that id. Raises NotFound."""
    with engine.connect() as connection:
        row = connection.execute(sa.select(events).where(events.c.id == event_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no event {event_id}.", fields=["event_id"], code="event_not_found")
    return _event(row)


def list_events(engine: sa.Engine, query: ListQuery) -> Page[Event]:
    """A page of events, the last first; after a sequence number, the earliest first. Raises InvalidRequest."""
    onward = bool(query.filters.get(AFTER))
    order = compile_order(events, query.order_by or "sequence", query.direction or ("asc" if onward else "desc"))
    where = compile_filters(events, query.filters)
    if onward:
        where.append(events.c.sequence <= settled_sequence(engine))
    with engine.connect() as connection:
        total = connection.scalar(sa.select(sa.func.count()).select_from(events).where(*where)) or 0
        wanted = sa.select(events).where(*where).order_by(*order)
        rows = connection.execute(wanted.limit(query.limit).offset((query.page - 1) * query.limit)).all()
    return Page(items=[_event(row) for row in rows], page=query.page, limit=query.limit, total_count=total)


def settled_sequence(engine: sa.Engine) -> int:
    """The number up to which no event can still appear: who has read so far has missed nothing.

    On PostgreSQL it waits for the transactions that are writing events; they take milliseconds.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("LOCK TABLE events IN SHARE MODE")
        return connection.scalar(sa.select(sa.func.max(events.c.sequence))) or 0


def _event(row: sa.Row[Any]) -> Event:
    return Event.model_validate({**row._mapping, "data": json.loads(row.data)})  # noqa: SLF001  # public by its docs
