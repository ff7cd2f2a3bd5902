"""Reading the rows of an export: which ones is settled at the start, their documents follow in short reads.

The ids are taken once, in order, so the file holds exactly the rows that were there when it began, none twice and
none missed, whatever others write meanwhile. No read stays open for long: on SQLite a long one makes the
write-ahead log grow and writers wait.
"""

import functools
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from lib.exports.plan import Plan
from lib.exports.rows.documents import BATCH_ROWS, Documents, bounds_of

_QUICKLY = 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of an export in their order, packed to be small in memory: ids, and on SQLite where they lie."""

    packed_ids: bytes
    packed_places: bytes | None

    @classmethod
    def of(cls, ids: Sequence[str], places: Sequence[int] | None) -> "Batch":
        """Those rows."""
        kept = None if places is None else zlib.compress(msgspec.json.encode(places), _QUICKLY)
        return cls(zlib.compress("\n".join(ids).encode(), _QUICKLY), kept)

    @property
    def ids(self) -> list[str]:
        """The ids."""
        return zlib.decompress(self.packed_ids).decode().split("\n")

    @property
    def places(self) -> str | None:
        """Where the rows lie, as JSON."""
        return None if self.packed_places is None else zlib.decompress(self.packed_places).decode()


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of an export."""

    count: int
    batches: tuple[Batch, ...]


def settle_rows(engine: sa.Engine, plan: Plan, *, limit: int | None = None) -> Rows:
    """The rows the plan selects now, in its order; at most `limit` of them and the plan's own limit."""
    limits = [number for number in (plan.limit, limit) if number is not None]
    on_sqlite, table = engine.dialect.name == "sqlite", plan.resource.table
    query = _selected(plan, _place(table) if on_sqlite else sa.null(), table.c.id).order_by(*plan.order)
    count, batches = 0, []
    for rows in _partitions(engine, query.limit(min(limits)) if limits else query):
        places, ids = zip(*rows, strict=True)
        count += len(ids)
        batches.append(Batch.of(ids, places if on_sqlite else None))
    return Rows(count, tuple(batches))


def read_documents(engine: sa.Engine, plan: Plan, rows: Rows) -> Iterator[Documents]:
    """The documents of those rows by their ids, in order, batch by batch.

    A row deleted since is left out.
    """

    def read(batch: Batch) -> Documents:
        ids, places = batch.ids, batch.places
        found = _documents(engine, plan, ids if places is None else places)
        # The place of a row that was deleted may be another's by now.
        return found if found.ids == ids else _in_order(found, ids)

    return map(read, rows.batches)


def read_examples(engine: sa.Engine, plan: Plan) -> Iterator[Documents]:
    """A document of each shape that the plan's rows have now, and every one whose shape is not known."""
    on_sqlite = engine.dialect.name == "sqlite"
    table = plan.resource.table
    selected = _selected(plan, (_place(table) if on_sqlite else table.c.id).label("place"), table.c.shape)
    if plan.limit is not None:
        selected = selected.order_by(*plan.order).limit(plan.limit)
    rows = selected.subquery().c
    by_shape = sa.select(sa.func.min(rows.place)).where(rows.shape.is_not(None)).group_by(rows.shape)
    unknown = sa.select(rows.place).where(rows.shape.is_(None))
    # Sorted here: for rows in the order of their places SQLite would go through all documents instead of an index.
    places = sorted(place for query in (by_shape, unknown) for some in _partitions(engine, query) for (place,) in some)

    def read(some: list[Any]) -> Documents:
        found = _documents(engine, plan, msgspec.json.encode(some).decode() if on_sqlite else some)
        return _in_order(found, sorted(found.ids))

    return map(read, _batched(places))


def _selected(plan: Plan, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    return sa.select(*columns).select_from(plan.resource.table).where(*plan.conditions)


def _partitions(engine: sa.Engine, query: sa.Select[Any]) -> Iterator[Sequence[sa.Row[Any]]]:
    with engine.connect().execution_options(stream_results=True, yield_per=BATCH_ROWS) as connection:
        yield from connection.execute(query).partitions(BATCH_ROWS)


def _batched(places: list[Any]) -> Iterator[list[Any]]:
    return (places[start : start + BATCH_ROWS] for start in range(0, len(places), BATCH_ROWS))


def _documents(engine: sa.Engine, plan: Plan, places: str | list[str]) -> Documents:
    """The documents of rows by where they lie, or by id on PostgreSQL, in that order."""
    table = plan.resource.table
    on_sqlite = isinstance(places, str)
    wanted = _of_sqlite(table) if on_sqlite else _of_postgres(table)
    with engine.connect() as connection:
        ids, shapes, sizes, text = connection.execute(wanted, {"places": places}).one()
    if not text:
        return Documents.of([], [], [])
    if on_sqlite:
        ids, shapes, sizes = map(msgspec.json.decode, (ids, shapes, sizes))
    return Documents(ids, shapes, text if on_sqlite else text.encode(), bounds_of(sizes))


# Rows come in one answer, which is put together beside the interpreter; one by one they would hold it up.


@functools.cache
def _of_sqlite(table: sa.Table) -> sa.Select[Any]:
    listed = sa.func.json_each(sa.bindparam("places")).table_valued("value")
    size = sa.func.length(sa.cast(table.c.document, sa.LargeBinary)).label("size")
    joined = listed.join(table, _place(table) == listed.c.value)
    row = sa.select(table.c.id, table.c.shape, size, table.c.document).select_from(joined).subquery().c
    lists = map(sa.func.json_group_array, (row.id, row.shape, row.size))
    return sa.select(*lists, sa.cast(sa.func.group_concat(row.document, ""), sa.LargeBinary))


@functools.cache
def _of_postgres(table: sa.Table) -> sa.Select[Any]:
    places = sa.bindparam("places", type_=ARRAY(sa.String))
    listed = sa.func.unnest(places).table_valued("id", with_ordinality="place", name="listed").render_derived()
    size = sa.func.octet_length(table.c.document).label("size")
    joined = listed.join(table, table.c.id == listed.c.id)
    rows = sa.select(table.c.id, table.c.shape, size, table.c.document).select_from(joined).order_by(listed.c.place)
    row = rows.subquery().c
    lists = map(sa.func.json_agg, (row.id, row.shape, row.size))
    return sa.select(*lists, sa.func.string_agg(row.document, ""))


def _in_order(documents: Documents, ids: Sequence[str]) -> Documents:
    places = {row_id: place for place, row_id in enumerate(documents.ids)}
    return documents.taken([places[row_id] for row_id in ids if row_id in places])


def _place(table: sa.Table) -> sa.ColumnElement[int]:
    """Where a row lies in SQLite: to look it up by its id as well takes twice as long."""
    return sa.literal_column(f"{table.name}.rowid", sa.Integer)
