"""/trackers: follow a number, read where it is, add what happened to it."""

from typing import Annotated

from fastapi import Request
from pydantic import Field

from lib.api.envelope import absolute
from lib.api.lists import ListParameters
from lib.api.resources import ResourceRoutes
from lib.models.trackers import Tracker, TrackerCreate, TrackerUpdate


class TrackerFilters(ListParameters):
    """What a list of trackers can be narrowed by."""

    provider: Annotated[str | None, Field(description="One provider, or several with commas.")] = None
    status: Annotated[str | None, Field(description="A status or group of statuses, or several with commas.")] = None
    statuses: Annotated[str | None, Field(description="The same as status.")] = None
    filter: Annotated[str | None, Field(description="completed, outstanding or exception.")] = None
    tracking_number: str | None = None
    location_id: str | None = None
    tags: Annotated[str | None, Field(description="One tag, or several with commas: any of them.")] = None


def with_tracking_link(request: Request, tracker: Tracker) -> Tracker:
    """The tracker with its public page as a client outside can open it."""
    return tracker.model_copy(update={"tracking_url": absolute(request, tracker.tracking_url)})


keyed = ResourceRoutes(
    name="tracker",
    plural="trackers",
    prefix="track",
    of=lambda desk: desk.trackers,
    model=Tracker,
    create=TrackerCreate,
    update=TrackerUpdate,
    filters=TrackerFilters,
    example={"tracking_number": "1Z999AA10123456784", "tags": ["priority"]},
    update_example={"tracking_update": {"status": "in_transit", "address": "Denver, CO"}},
    shown=with_tracking_link,
).router()
