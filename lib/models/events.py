"""Events: what happened to the things of the desk, one line each, in order."""

from typing import Any

from pydantic import Field

from lib.models.base import UtcDateTime, WireModel


class Event(WireModel):
    """Something that happened: `event` is `topic.context`, such as `shipment.purchased`.

    `sequence` grows with every event. `data` holds facts beyond the resource itself, which its id finds.
    """

    id: str
    sequence: int = 0
    event: str
    resource: str
    resource_id: str
    created_at: UtcDateTime
    data: dict[str, Any] = Field(default_factory=dict)
