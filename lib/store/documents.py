"""The documents of one resource: the whole as JSON, what lists filter and sort by beside it.

Every change is made within a transaction that the caller opens with `writing(engine)`, so that a change, its facets
and its event are kept together or not at all.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from lib.models.base import Document
from lib.models.errors import Conflict, NotFound
from lib.models.lists import Direction, ListQuery, Page
from lib.store.database import reading
from lib.store.facets import Facet, Owner, delete_facets, replace_facets, write_facets
from lib.store.filters import compile_filters, compile_order, usual_direction
from lib.store.pages import read_page
from lib.store.shapes import shape_of

_ROWS_AT_ONCE = 500


Model = TypeVar("Model", bound=Document)


def _no_facets(_item: Any) -> Iterable[Facet]:
    return ()


@dataclass(frozen=True, slots=True)
class Documents(Generic[Model]):
    """Where a resource is kept: `columns` makes a row beside `id` and `document`, `order` is a list's usual one."""

    resource: str
    table: sa.Table
    model: type[Model]
    columns: Callable[[Model], Mapping[str, Any]]
    facets: Callable[[Model], Iterable[Facet]] = _no_facets
    order: tuple[str, Direction] = ("created_at", "desc")

    def insert(self, connection: sa.Connection, items: Sequence[Model], **marks: Any) -> None:
        """Keep new documents, with `marks` as further columns. Raises Conflict when an id is kept already."""
        for start in range(0, len(items), _ROWS_AT_ONCE):
            some = items[start : start + _ROWS_AT_ONCE]
            try:
                connection.execute(sa.insert(self.table), [{**self._row(item), **marks} for item in some])
            except sa.exc.IntegrityError as error:
                raise self._taken(some[0].id) from error
            write_facets(connection, self.resource, {self._owner(item): self.facets(item) for item in some})

    def find(self, engine: sa.Engine, identifier: str) -> Model | None:
        """The document of that id, None when there is none."""
        with reading(engine).connect() as connection:
            return self.find_in(connection, identifier)

    def get(self, engine: sa.Engine, identifier: str) -> Model:
        """The document of that id. Raises NotFound."""
        found = self.find(engine, identifier)
        if found is None:
            raise self.not_found(identifier)
        return found

    def get_locked(self, connection: sa.Connection, identifier: str) -> Model:
        """The document of that id, held until the transaction ends so that nobody changes it meanwhile.

        Raises NotFound.
        """
        found = self.find_locked(connection, identifier)
        if found is None:
            raise self.not_found(identifier)
        return found

    def find_locked(self, connection: sa.Connection, identifier: str, *, wait: bool = True) -> Model | None:
        """The document of that id, held as by `get_locked`, None when there is none.

        With `wait` off also None while somebody else holds it.
        """
        return self._read(connection, self._wanted(identifier).with_for_update(skip_locked=not wait))

    def find_in(self, connection: sa.Connection, identifier: str) -> Model | None:
        """The document of that id as this transaction sees it, None when there is none."""
        return self._read(connection, self._wanted(identifier))

    def some(self, connection: sa.Connection, condition: sa.ColumnElement[bool]) -> dict[str, Model]:
        """The documents whose rows meet a condition, by their id and in its order."""
        wanted = sa.select(self.table.c.document).where(condition).order_by(self.table.c.id)
        found = (self.model.model_validate_json(document) for document in connection.scalars(wanted))
        return {item.id: item for item in found}

    def update(self, connection: sa.Connection, item: Model) -> None:
        """Replace what is kept under the document's id."""
        connection.execute(sa.update(self.table).where(self.table.c.id == item.id).values(self._row(item)))
        replace_facets(connection, self.resource, self._owner(item), self.facets(item))

    def delete(self, connection: sa.Connection, identifier: str) -> None:
        """Forget a document. Raises NotFound."""
        if not connection.execute(sa.delete(self.table).where(self.table.c.id == identifier)).rowcount:
            raise self.not_found(identifier)
        delete_facets(connection, self.resource, identifier)

    def page(self, engine: sa.Engine, query: ListQuery) -> Page[Model]:
        """The page of the list that the query asks for; ties are ordered by id. Raises InvalidRequest."""
        _, _, order = self._order(query)
        return read_page(
            engine,
            self.table,
            self.model,
            order=order,
            page=query.page,
            limit=query.limit,
            where=compile_filters(self.table, query.filters),
        )

    def _order(self, query: ListQuery) -> tuple[str, Direction, list[sa.UnaryExpression[Any]]]:
        """What the list is ordered by, in which direction, and both in SQL. Raises InvalidRequest."""
        order_by = query.order_by or self.order[0]
        direction = query.direction or usual_direction(order_by, self.order)
        return order_by, direction, compile_order(self.table, order_by, direction)

    def not_found(self, identifier: str) -> NotFound:
        """The error for an id under which nothing is kept."""
        noun = self.resource.replace("_", " ")
        return NotFound(
            f"There is no {noun} {identifier}.", fields=[f"{self.resource}_id"], code=f"{self.resource}_not_found"
        )

    def _taken(self, identifier: str) -> Conflict:
        noun = self.resource.replace("_", " ")
        return Conflict(f"There is a {noun} {identifier} already.", fields=["id"], code=f"{self.resource}_exists")

    def _wanted(self, identifier: str) -> sa.Select[str]:
        return sa.select(self.table.c.document).where(self.table.c.id == identifier)

    def _read(self, connection: sa.Connection, wanted: sa.Select[str]) -> Model | None:
        document = connection.scalar(wanted)
        return None if document is None else self.model.model_validate_json(document)

    def _owner(self, item: Model) -> Owner:
        return Owner(item.id, self.columns(item)["created_at"])

    def _row(self, item: Model) -> dict[str, Any]:
        document = item.model_dump_json()
        shape = {"shape": shape_of(document)} if "shape" in self.table.c else {}
        return {"id": item.id, **self.columns(item), "document": document, **shape}
