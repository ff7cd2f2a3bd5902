"""Shipments in the database: the whole as one document, what is filtered and sorted by as columns beside it."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from lib.models.errors import NotFound
from lib.models.shipments import Page, Shipment
from lib.store.database import writing
from lib.store.filters import compile_order
from lib.store.pages import read_page
from lib.store.tables import shipments

_ROWS_AT_ONCE = 500


def insert(engine: sa.Engine, kept: Iterable[Shipment], *, sample: bool = False) -> None:
    """Keep new shipments, all or none. Raises sqlalchemy's IntegrityError when an id is kept already."""
    rows = [{**columns(shipment), "sample": sample} for shipment in kept]
    with writing(engine).begin() as connection:
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            connection.execute(sa.insert(shipments), rows[start : start + _ROWS_AT_ONCE])


def get(engine: sa.Engine, shipment_id: str) -> Shipment:
    """The shipment of that id. Raises NotFound."""
    with engine.connect() as connection:
        return _read(connection, sa.select(shipments.c.document).where(shipments.c.id == shipment_id), shipment_id)


def get_locked(connection: sa.Connection, shipment_id: str) -> Shipment:
    """The shipment of that id, held until the transaction ends so that nobody changes it meanwhile. Raises NotFound.

    The transaction has to be one of `writing(engine)`.
    """
    wanted = sa.select(shipments.c.document).where(shipments.c.id == shipment_id).with_for_update()
    return _read(connection, wanted, shipment_id)


def update(connection: sa.Connection, shipment: Shipment) -> None:
    """Replace what is kept under the shipment's id."""
    connection.execute(sa.update(shipments).where(shipments.c.id == shipment.id).values(columns(shipment)))


def page(
    engine: sa.Engine,
    where: Sequence[sa.ColumnElement[bool]],
    *,
    order_by: str = "created_at",
    direction: str = "desc",
    page: int = 1,
    limit: int = 25,
) -> Page[Shipment]:
    """One page of the shipments that meet all conditions; ties are ordered by id. Raises InvalidRequest."""
    order = compile_order(shipments, order_by, direction)
    return read_page(engine, shipments, Shipment, order=order, page=page, limit=limit, where=where)


def columns(shipment: Shipment) -> dict[str, Any]:
    """The row of a shipment, all but its `sample` mark."""
    names = (
        "id", "created_at", "updated_at", "status", "provider", "type", "tracking_number", "order_number",
        "location_id",
    )  # fmt: skip
    return {**{name: getattr(shipment, name) for name in names}, "document": shipment.model_dump_json()}


def _read(connection: sa.Connection, wanted: sa.Select[str], shipment_id: str) -> Shipment:
    document = connection.scalar(wanted)
    if document is None:
        raise NotFound(f"There is no shipment {shipment_id}.", fields=["shipment_id"], code="shipment_not_found")
    return Shipment.model_validate_json(document)
