"""/events: what happened, in order."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from lib.api.envelope import answer, list_answer
from lib.api.lists import PageParameters, list_query
from lib.api.resources import list_of, one_of
from lib.api.routes import KEY_IN_DESCRIPTION, DeskOfCall, KeyedRoute
from lib.models.events import EVENTS, Event

_NAMES = "\n".join(f"- `{name}`: {meaning}" for name, meaning in EVENTS.items())

keyed = APIRouter(tags=["events"], route_class=KeyedRoute, dependencies=[KEY_IN_DESCRIPTION])

EventId = Annotated[str, Path(description="An id that begins with evt_.")]


class EventFilters(PageParameters):
    """What a list of events can be narrowed by."""

    event: Annotated[str | None, Field(description="Such as shipment.purchased, or several with commas.")] = None
    resource: Annotated[str | None, Field(description="Such as shipment, or several with commas.")] = None
    resource_id: Annotated[str | None, Field(description="The id of what it happened to.")] = None
    after: Annotated[
        str | None,
        Field(
            pattern=r"^\d{1,18}$",
            description="The sequence number read last: the events since, oldest first, none missed.",
        ),
    ] = None
    created_at: Annotated[str | None, Field(description="Such as gte:2026-01-31.")] = None


@keyed.get(
    "/events",
    responses=list_of(Event),
    summary="List events",
    description=f"A page of events, newest first; with `after`, oldest first. Their names:\n\n{_NAMES}",
)
def list_events(request: Request, desk: DeskOfCall, query: Annotated[EventFilters, Query()]) -> Response:
    """A page of events, newest first; with `after`, oldest first."""
    return list_answer(request, desk.events.list(list_query(request, query)), message="Events found.")


@keyed.get("/events/{event_id}", responses=one_of(Event), summary="Read an event")
def retrieve_event(request: Request, desk: DeskOfCall, event_id: EventId) -> Response:
    """What happened, to what, when, with facts beyond the resource itself."""
    return answer(request, desk.events.retrieve(event_id), message="Event found.")
