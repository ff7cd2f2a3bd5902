"""Reading the rows of an export: which ones is settled at the start, their documents follow in short reads.

The ids are taken once, in order, so the file holds exactly the rows that were there when it began, none twice and
none missed, whatever others write meanwhile. No read stays open for long: on SQLite a long one makes the
write-ahead log grow and writers wait.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from lib.exports.plan import Plan

BATCH_ROWS = 1000
# Two batches ahead keep the writer fed; more would only cost memory.
_BATCHES_AHEAD = 2

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class RowIds:
    """The ids of the rows of an export in their order; `batches` each joined by newlines, to be small in memory."""

    count: int
    batches: tuple[str, ...]

    def first(self, rows: int | None) -> "RowIds":
        """The first `rows` of them, all for None."""
        if rows is None or rows >= self.count:
            return self
        whole, rest = divmod(rows, BATCH_ROWS)
        batches = self.batches[:whole]
        if rest:
            batches = (*batches, "\n".join(self.batches[whole].split("\n")[:rest]))
        return RowIds(rows, batches)


def settle_rows(engine: sa.Engine, plan: Plan, *, limit: int | None = None) -> RowIds:
    """The ids of the rows the plan selects now, in its order; at most `limit` of them and the plan's own limit."""
    limits = [number for number in (plan.limit, limit) if number is not None]
    query = sa.select(plan.resource.table.c.id).where(*plan.conditions).order_by(*plan.order)
    query = query.limit(min(limits)) if limits else query
    count, batches = 0, []
    with engine.connect().execution_options(stream_results=True, yield_per=BATCH_ROWS) as connection:
        for ids in connection.execute(query).scalars().partitions(BATCH_ROWS):
            count += len(ids)
            batches.append("\n".join(ids))
    return RowIds(count, tuple(batches))


def read_documents(engine: sa.Engine, plan: Plan, rows: RowIds) -> Iterator[list[str]]:
    """The documents of those rows, batch by batch, read ahead by another thread. A row deleted since is left out."""
    table = plan.resource.table
    query = sa.select(table.c.id, table.c.document).where(_has_id(table.c.id, engine.dialect.name))

    def read(batch: str) -> list[str]:
        ids = batch.split("\n")
        with engine.connect() as connection:
            found = connection.execute(query, {"ids": ids})
            documents = {row_id: document for row_id, document in found}  # noqa: C416 - rows are not plain pairs
        return [documents[row_id] for row_id in ids if row_id in documents]

    return _ahead(read, rows.batches)


def _has_id(column: sa.ColumnElement[str], dialect: str) -> sa.ColumnElement[bool]:
    if dialect == "postgresql":
        return column == sa.any_(sa.bindparam("ids", type_=ARRAY(sa.String)))
    listed = sa.func.json_each(sa.bindparam("ids", type_=sa.JSON)).table_valued("value")
    return column.in_(sa.select(listed.c.value))


def _ahead(work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """The results of `work` in order, a few worked out in another thread before they are asked for."""
    pending: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="export-reader") as pool:
        for item in items:
            pending.append(pool.submit(work, item))
            if len(pending) > _BATCHES_AHEAD:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
