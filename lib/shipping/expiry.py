"""Rates that ran out unbought: told once for each time that rates were made."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from lib.store.database import writing
from lib.store.events import record_event
from lib.store.tables import events, purchases, shipments

_GENERATED, _EXPIRED = "shipment.rates_generated", "shipment.expired"
# Short transactions: a batch holds SQLite's only write lock.
_AT_ONCE = 100
# What a desk makes in a minute is far less; more than this waits for the next minute.
_MOST_BATCHES = 100


def expire_rates(engine: sa.Engine, now: datetime) -> int:
    """Write `shipment.expired` for every shipment whose rates have run out by `now`; how many."""
    told = 0
    for _ in range(_MOST_BATCHES):
        found, told_now = _expire_batch(engine, now)
        told += told_now
        if found < _AT_ONCE:
            break
    return told


def _expire_batch(engine: sa.Engine, now: datetime) -> tuple[int, int]:
    """How many shipments were looked at, and of how many it was told."""
    being_bought = sa.exists().where(purchases.c.shipment_id == shipments.c.id)
    due = (
        sa.select(shipments.c.id)
        .where(shipments.c.rates_expire_at < now, ~being_bought)
        .order_by(shipments.c.rates_expire_at)
        .limit(_AT_ONCE)
    )
    with writing(engine).begin() as connection:
        found = connection.scalars(due.with_for_update(of=shipments, skip_locked=True)).all()
        connection.execute(sa.update(shipments).where(shipments.c.id.in_(found)).values(rates_expire_at=None))
        fresh = [shipment_id for shipment_id in found if shipment_id not in _told_already(connection, found)]
        for shipment_id in fresh:
            record_event(connection, _EXPIRED, shipment_id)
    return len(found), len(fresh)


def _told_already(connection: sa.Connection, shipment_ids: Sequence[str]) -> set[str]:
    """Those whose present rates were told to be over: what changes a shipment later marks them as waiting again."""
    wanted = (
        sa.select(events.c.resource_id, events.c.event)
        .where(events.c.resource_id.in_(shipment_ids), events.c.event.in_((_GENERATED, _EXPIRED)))
        .order_by(events.c.sequence)
    )
    last = {row.resource_id: row.event for row in connection.execute(wanted)}
    return {shipment_id for shipment_id, event in last.items() if event == _EXPIRED}
