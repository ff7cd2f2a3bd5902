"""Quotes a shipment under an Idempotency-Key that is the point's name, and is killed at that point.

`create_and_die.py REQUEST POINT`, the request as JSON; the database comes from the environment.
"""

import sys
from typing import Any

import sqlalchemy as sa

from lib.models.shipments import QuoteRequest
from lib.models.team import TeamSettings
from lib.settings import get_settings
from lib.shipping import service
from lib.store.database import create_engine
from tests.crash.buy_and_die import after, die

POINTS = ("key claimed, nothing kept", "shipment kept, not answered")


def main(request: str, point: str) -> None:
    engine = create_engine(get_settings().resolved_database_url)
    service.claim = after(service.claim) if point == POINTS[0] else dying_after_commit(engine)
    desk = service.LocalShipments(engine, TeamSettings)
    desk.create(QuoteRequest.model_validate_json(request), idempotency_key=point)


def dying_after_commit(engine: sa.Engine) -> Any:
    claim = service.claim

    def armed(*args: Any, **named: Any) -> Any:
        sa.event.listen(engine.pool, "checkin", lambda *_: die())
        return claim(*args, **named)

    return armed


if __name__ == "__main__":
    main(*sys.argv[1:])
