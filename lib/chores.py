"""What has to be done every minute without anybody asking: by one worker, once a tick.

The schedule is durable. Ticks that nobody was there for are not made up for one by one: every chore does all that is
due by the time it runs, so the first tick catches up and those that have waited behind it do nothing.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from dbos import DBOS

from lib import runtime
from lib.exports.expiry import expire_due, remove_leftovers
from lib.exports.jobs import enqueue_export
from lib.exports.schedules import ask_for_due, asked_by_schedules, expire_surplus
from lib.models.base import utc_now
from lib.shipping.expiry import expire_rates
from lib.store.webhooks import delete_deliveries_before
from lib.tracking.moving import move_due

log = logging.getLogger("shipdesk.chores")

# Does what is due by a moment; how much that was. It may be cut off anywhere and run again.
Chore = Callable[[sa.Engine, datetime], int]

_EVERY_MINUTE = "* * * * *"
# A tick that waited longer than this has later ones behind it.
_LATE = timedelta(minutes=5)
_DELIVERIES_KEPT = timedelta(days=30)
# What the durable engine remembers of what is over: the ticks for an hour, purchases and exports for a week.
_TICKS_KEPT, _WORKFLOWS_KEPT = timedelta(hours=1), timedelta(days=7)
_OVER = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_FORGOTTEN_AT_ONCE = 500
_TICK = "chores"


def forget_deliveries(engine: sa.Engine, now: datetime) -> int:
    """Delete webhook deliveries that are older than 30 days."""
    return delete_deliveries_before(engine, now - _DELIVERIES_KEPT)


def forget_workflows(_engine: sa.Engine, now: datetime) -> int:
    """Delete what the durable engine keeps of workflows that ended a while ago."""
    return _forget_completed(now - _TICKS_KEPT, name=_TICK) + _forget_completed(now - _WORKFLOWS_KEPT)


def expire_exports(engine: sa.Engine, now: datetime) -> int:
    """Delete the files of exports whose time is over, and what was left unfinished."""
    held = runtime.current()
    return expire_due(engine, held.files, now) + remove_leftovers(engine, held.settings.data_dir)


CHORES: dict[str, Chore] = {
    "shipments whose rates ran out": expire_rates,
    "test parcels moved": move_due,
    "scheduled exports asked for": ask_for_due,
    "files beyond those kept deleted": expire_surplus,
    "export files deleted": expire_exports,
    "old webhook deliveries deleted": forget_deliveries,
    "finished workflows forgotten": forget_workflows,
}


def schedule_chores() -> None:
    """Have the chores done every minute from now on; once the runtime is started."""
    DBOS.apply_schedules(
        [
            {
                "schedule_name": _TICK,
                "workflow_fn": tick,
                "schedule": _EVERY_MINUTE,
                "queue_name": runtime.CHORE_QUEUE,
            }
        ]
    )


@DBOS.workflow(name=_TICK)
def tick(scheduled_at: datetime, _context: Any) -> None:
    """Do the chores of that minute, unless it is long gone."""
    if utc_now() - scheduled_at < _LATE:
        do_chores()
        for export_id, attempt in asked_by_schedules():
            enqueue_export(export_id, attempt)


@DBOS.step(name="do_chores")
def do_chores() -> None:
    """Do every chore; one that fails is logged and holds up none of the others."""
    engine = runtime.current().engine
    for name, chore in CHORES.items():
        try:
            count = chore(engine, utc_now())
        except Exception:
            log.exception("chore failed: %s", name)
        else:
            if count:
                log.info("%s: %d", name, count)


def _forget_completed(before: datetime, *, name: str | None = None) -> int:
    count = 0
    while True:
        found = DBOS.list_workflows(
            status=_OVER,
            name=name,
            completed_before=before.isoformat(),
            limit=_FORGOTTEN_AT_ONCE,
            load_input=False,
            load_output=False,
        )
        if found:
            DBOS.delete_workflows([workflow.workflow_id for workflow in found])
        count += len(found)
        if len(found) < _FORGOTTEN_AT_ONCE:
            return count
