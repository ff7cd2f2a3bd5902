"""Reading the rows of an export: which ones is settled at the start, their documents follow in short reads.

The ids are taken once, in order, so the file holds exactly the rows that were there when it began, none twice and
none missed, whatever others write meanwhile. No read stays open for long: on SQLite a long one makes the
write-ahead log grow and writers wait.
"""

import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from lib.exports.plan import Plan

# More at once take no less time, but more memory.
BATCH_ROWS = 800
# Two batches ahead keep the one who comes next fed; more would only cost memory.
_BATCHES_AHEAD = 2
# Where a row lies in SQLite: to look it up by its id as well takes twice as long.
_ROWID: sa.ColumnElement[int] = sa.literal_column("rowid", sa.Integer)

_QUICKLY = 1

Item = TypeVar("Item")
Result = TypeVar("Result")


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
    def places(self) -> bytes | None:
        """Where the rows lie, as JSON."""
        return None if self.packed_places is None else zlib.decompress(self.packed_places)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of an export."""

    count: int
    batches: tuple[Batch, ...]


def settle_rows(engine: sa.Engine, plan: Plan, *, limit: int | None = None) -> Rows:
    """The rows the plan selects now, in its order; at most `limit` of them and the plan's own limit."""
    limits = [number for number in (plan.limit, limit) if number is not None]
    on_sqlite = engine.dialect.name == "sqlite"
    query = _selected(plan, _ROWID if on_sqlite else sa.null(), plan.resource.table.c.id).order_by(*plan.order)
    count, batches = 0, []
    for rows in _partitions(engine, query.limit(min(limits)) if limits else query):
        places, ids = zip(*rows, strict=True)
        count += len(ids)
        batches.append(Batch.of(ids, places if on_sqlite else None))
    return Rows(count, tuple(batches))


def read_documents(engine: sa.Engine, plan: Plan, rows: Rows) -> Iterator[dict[str, str]]:
    """The documents of those rows by their ids, in order, batch by batch, read ahead by another thread.

    A row deleted since is left out.
    """

    def read(batch: Batch) -> dict[str, str]:
        ids, places = batch.ids, batch.places
        # The place of a row that was deleted may be another's by now.
        documents = _documents(engine, plan, ids if places is None else places)
        return {row_id: documents[row_id] for row_id in ids if row_id in documents}

    return ahead(read, rows.batches)


def read_examples(engine: sa.Engine, plan: Plan) -> Iterator[dict[str, str]]:
    """By its id a document of each shape that the plan's rows have now, and every one whose shape is not known."""
    on_sqlite = engine.dialect.name == "sqlite"
    table = plan.resource.table
    selected = _selected(plan, (_ROWID if on_sqlite else table.c.id).label("place"), table.c.shape.label("shape"))
    if plan.limit is not None:
        selected = selected.order_by(*plan.order).limit(plan.limit)
    rows = selected.subquery().c
    first = sa.func.min(rows.place)
    by_shape = sa.select(first).where(rows.shape.is_not(None)).group_by(rows.shape).order_by(first)
    unknown = sa.select(rows.place).where(rows.shape.is_(None)).order_by(rows.place)
    places = [place for query in (by_shape, unknown) for some in _partitions(engine, query) for (place,) in some]

    def read(some: Sequence[Any]) -> dict[str, str]:
        documents = _documents(engine, plan, msgspec.json.encode(some) if on_sqlite else some)
        return {row_id: documents[row_id] for row_id in sorted(documents)}

    return ahead(read, _batched(places))


def ahead(work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """The results of `work` in order, a few worked out in another thread before they are asked for."""
    pending: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="export") as pool:
        for item in items:
            pending.append(pool.submit(work, item))
            if len(pending) > _BATCHES_AHEAD:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


def _selected(plan: Plan, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    return sa.select(*columns).select_from(plan.resource.table).where(*plan.conditions)


def _partitions(engine: sa.Engine, query: sa.Select[Any]) -> Iterator[Sequence[sa.Row[Any]]]:
    with engine.connect().execution_options(stream_results=True, yield_per=BATCH_ROWS) as connection:
        yield from connection.execute(query).partitions(BATCH_ROWS)


def _batched(items: Iterable[Item]) -> Iterator[list[Item]]:
    left = iter(items)
    while some := list(islice(left, BATCH_ROWS)):
        yield some


def _documents(engine: sa.Engine, plan: Plan, places: bytes | Sequence[str]) -> dict[str, str]:
    """The documents of rows by their id; the rows by where they lie, or by id on PostgreSQL."""
    table = plan.resource.table
    wanted: sa.Select[Any] = sa.select(table.c.id, table.c.document)
    if isinstance(places, bytes):
        listed = sa.func.json_each(places.decode()).table_valued("value")
        wanted = wanted.where(_ROWID.in_(sa.select(listed.c.value)))
    else:
        wanted = wanted.where(table.c.id == sa.any_(sa.literal(list(places), ARRAY(sa.String))))
    with engine.connect() as connection:
        return {row_id: document for row_id, document in connection.execute(wanted)}  # noqa: C416 - rows are not pairs
