"""A resource that is simply kept: created, read, listed, changed, deleted, each change with its event."""

from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from lib.models.base import Document, WireModel, merged_metadata, utc_now
from lib.models.lists import ListQuery, Page
from lib.store.database import writing
from lib.store.documents import Documents
from lib.store.events import record_event

Item = TypeVar("Item", bound=Document)
Create = TypeVar("Create", bound=WireModel)
Update = TypeVar("Update", bound=WireModel)


class KeptResource(ABC, Generic[Item, Create, Update]):
    """What a resource has in common with the others; a subclass says how one is made and how one is changed."""

    def __init__(self, engine: sa.Engine, documents: Documents[Item]) -> None:
        self._engine = engine
        self._documents = documents

    def create(self, request: Create) -> Item:
        """Keep a new one. Raises InvalidRequest, Conflict when its id or name is taken."""
        item = self._made(request, utc_now())
        with writing(self._engine).begin() as connection:
            self._documents.insert(connection, [item])
            record_event(connection, f"{self._documents.resource}.created", item.id)
        return item

    def retrieve(self, identifier: str) -> Item:
        """The one of that id. Raises NotFound."""
        return self._documents.get(self._engine, identifier)

    def list(self, query: ListQuery) -> Page[Item]:
        """A page of them. Raises InvalidRequest."""
        return self._documents.page(self._engine, query)

    def update(self, identifier: str, changes: Update) -> Item:
        """Change what is given and leave the rest. Raises NotFound, InvalidRequest, Conflict."""
        with writing(self._engine).begin() as connection:
            kept = self._documents.get_locked(connection, identifier)
            item = self._changed(kept, changes, utc_now())
            self._documents.update(connection, item)
            record_event(connection, f"{self._documents.resource}.updated", identifier)
        return item

    def delete(self, identifier: str) -> Item:
        """Forget the one of that id; the one that was. Raises NotFound."""
        with writing(self._engine).begin() as connection:
            kept = self._documents.get_locked(connection, identifier)
            self._documents.delete(connection, identifier)
            record_event(connection, f"{self._documents.resource}.deleted", identifier)
        return kept

    @abstractmethod
    def _made(self, request: Create, at: datetime) -> Item:
        """A new one as asked for. Raises InvalidRequest."""

    def _changed(self, kept: Item, changes: Update, at: datetime) -> Item:
        """The kept one with what was given in place of what was; in `metadata` a null removes its key."""
        return kept.model_copy(update={**given(kept, changes), "updated_at": at})


def given(kept: WireModel, changes: WireModel) -> dict[str, Any]:
    """The fields that were given a value, as the model has them, metadata merged into what is kept.

    Raises InvalidRequest when that gets too much.
    """
    found = {name: getattr(changes, name) for name in changes.model_fields_set}
    if isinstance(found.get("metadata"), dict):
        found["metadata"] = merged_metadata(getattr(kept, "metadata"), found["metadata"])  # noqa: B009
    return found
