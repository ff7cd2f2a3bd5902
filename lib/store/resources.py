"""A resource that is simply kept: created, read, listed, changed, deleted, each change with its event."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
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
        with self._writing() as connection:
            item = self._linked(connection, None, item, request)
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
        with self._writing() as connection:
            kept = self._documents.get_locked(connection, identifier)
            item = self._linked(connection, kept, self._changed(kept, changes, utc_now()), changes)
            self._documents.update(connection, item)
            record_event(connection, f"{self._documents.resource}.updated", identifier)
        return item

    def delete(self, identifier: str) -> Item:
        """Forget the one of that id; the one that was. Raises NotFound."""
        with self._writing() as connection:
            kept = self._documents.get_locked(connection, identifier)
            # Before it is gone: webhooks are told what it was.
            record_event(connection, f"{self._documents.resource}.deleted", identifier)
            self._unlinked(connection, kept)
            self._documents.delete(connection, identifier)
        return kept

    @abstractmethod
    def _made(self, request: Create, at: datetime) -> Item:
        """A new one as asked for. Raises InvalidRequest."""

    def _changed(self, kept: Item, changes: Update, at: datetime) -> Item:
        """The kept one with what was given in place of what was; in `metadata` a null removes its key."""
        return kept.model_copy(update={**given(kept, changes), "updated_at": at})

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        """The transaction of a change."""
        with writing(self._engine).begin() as connection:
            yield connection

    def _linked(
        self,
        connection: sa.Connection,  # noqa: ARG002
        before: Item | None,  # noqa: ARG002
        after: Item,
        request: Create | Update,  # noqa: ARG002
    ) -> Item:
        """What is about to be kept, once what it refers to was looked up and what refers to it has followed."""
        return after

    def _unlinked(self, connection: sa.Connection, kept: Item) -> None:
        """Let what refers to the one about to be deleted forget it."""


def given(kept: WireModel, changes: WireModel) -> dict[str, Any]:
    """The fields that were given a value, as the model has them, metadata merged into what is kept.

    Raises InvalidRequest when that gets too much.
    """
    found = {name: getattr(changes, name) for name in changes.model_fields_set}
    if isinstance(found.get("metadata"), dict):
        found["metadata"] = merged_metadata(getattr(kept, "metadata"), found["metadata"])  # noqa: B009
    return found
