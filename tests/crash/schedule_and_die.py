"""Asks for what schedules have due, and is killed at a given point of it.

`schedule_and_die.py POINT`; the database comes from the environment.
"""

import sys

import sqlalchemy as sa

from lib.exports import schedules
from lib.models.base import utc_now
from lib.settings import get_settings
from lib.store.database import create_engine
from tests.crash.buy_and_die import after, die

POINTS = ("export kept, nothing committed", "committed, not in the queue")


def main(point: str) -> None:
    engine = create_engine(get_settings().resolved_database_url)
    if point == POINTS[0]:
        schedules.add_export = after(schedules.add_export)
    else:
        add_export = schedules.add_export

        def armed(connection, export) -> None:
            sa.event.listen(engine.pool, "checkin", lambda *_: die())
            add_export(connection, export)

        schedules.add_export = armed
    schedules.ask_for_due(engine, utc_now())


if __name__ == "__main__":
    main(*sys.argv[1:])
