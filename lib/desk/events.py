"""Events on the embedded desk: read only, everything that changes writes its own."""

import sqlalchemy as sa

from lib.models.events import Event
from lib.models.lists import ListQuery, Page
from lib.store.events import find_event, list_events


class LocalEvents:
    """Reads what happened."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def list(self, query: ListQuery) -> Page[Event]:
        """A page of events, the last first; with the filter `after` the earliest first. Raises InvalidRequest."""
        return list_events(self._engine, query)

    def retrieve(self, event_id: str) -> Event:
        """The event of that id. Raises NotFound."""
        return find_event(self._engine, event_id)
