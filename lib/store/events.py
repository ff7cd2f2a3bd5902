"""Events in the database: written in the transaction of the change they tell of, read in order."""

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from lib.models.base import utc_now
from lib.models.ids import new_id
from lib.store.tables import events


def record_event(
    connection: sa.Connection, event: str, resource_id: str, data: Mapping[str, Any] | None = None
) -> None:
    """Keep that `event` (`shipment.purchased`) happened to the resource of that id, with facts beyond the resource."""
    connection.execute(
        sa.insert(events).values(
            id=new_id("evt"),
            created_at=utc_now(),
            event=event,
            resource=event.partition(".")[0],
            resource_id=resource_id,
            data=json.dumps(dict(data or {})),
        )
    )
