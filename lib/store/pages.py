"""A page of a table's documents, as every list of the desk reads it."""

from collections.abc import Sequence
from typing import TypeVar

import sqlalchemy as sa

from lib.models.base import WireModel
from lib.models.lists import Page

Model = TypeVar("Model", bound=WireModel)


def read_page(
    engine: sa.Engine,
    table: sa.Table,
    model: type[Model],
    *,
    order: Sequence[sa.ColumnElement[object]],
    page: int,
    limit: int,
    where: Sequence[sa.ColumnElement[bool]] = (),
) -> Page[Model]:
    """The documents of that page as models, and how many rows meet all conditions."""
    wanted = sa.select(table.c.document).where(*where).order_by(*order).limit(limit).offset((page - 1) * limit)
    with engine.connect() as connection:
        total = connection.scalar(sa.select(sa.func.count()).select_from(table).where(*where)) or 0
        documents = connection.scalars(wanted).all()
    items = [model.model_validate_json(document) for document in documents]
    return Page(items=items, page=page, limit=limit, total_count=total)


def newest_first(table: sa.Table) -> list[sa.ColumnElement[object]]:
    """The last created first; ties by id."""
    return [table.c.created_at.desc(), table.c.id.desc()]
