"""The ledger: a line for every charge and for everything that came back, never changed once written."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from lib.models.ids import new_id
from lib.models.lists import ListQuery, Page
from lib.models.payments import LedgerLine, LedgerTotal, LineKind
from lib.store.filters import compile_filters, compile_order
from lib.store.tables import ledger_lines

_USUAL_ORDER, _USUAL_DIRECTION = "created_at", "desc"


def write_line(connection: sa.Connection, line: LedgerLine) -> None:
    """Keep a line. Raises IntegrityError when the purchase of that tracking number has one of the kind."""
    connection.execute(sa.insert(ledger_lines).values(line.model_dump(exclude={"object"})))


def return_charge(connection: sa.Connection, tracking_number: str, kind: LineKind, at: datetime) -> LedgerLine | None:
    """Give back what was charged for a purchase, to the method that paid; None when nothing was charged."""
    charged = connection.execute(
        sa.select(ledger_lines).where(
            ledger_lines.c.tracking_number == tracking_number, ledger_lines.c.kind == "charge"
        )
    ).one_or_none()
    if charged is None:
        return None
    charge = _line(charged)
    line = charge.model_copy(
        update={"id": new_id("line"), "kind": kind, "amount": -charge.amount, "created_at": at},
    )
    write_line(connection, line)
    return line


def read_lines(engine: sa.Engine, query: ListQuery) -> Page[LedgerLine]:
    """The page of lines that the query asks for, the last first unless asked otherwise. Raises InvalidRequest."""
    where = compile_filters(ledger_lines, query.filters)
    order = compile_order(ledger_lines, query.order_by or _USUAL_ORDER, query.direction or _USUAL_DIRECTION)
    wanted = sa.select(ledger_lines).where(*where).order_by(*order)
    with engine.connect() as connection:
        total = connection.scalar(sa.select(sa.func.count()).select_from(ledger_lines).where(*where)) or 0
        rows = connection.execute(wanted.limit(query.limit).offset((query.page - 1) * query.limit)).all()
    return Page(items=[_line(row) for row in rows], page=query.page, limit=query.limit, total_count=total)


def read_totals(engine: sa.Engine, query: ListQuery) -> Sequence[LedgerTotal]:
    """The sums of all lines that the query's filters find, one for each payment method. Raises InvalidRequest."""
    columns = ledger_lines.c
    key = (columns.payment_method_id, columns.currency)
    wanted = (
        sa.select(
            *key,
            _sum("charge").label("charged"),
            _sum("reversal").label("reversed"),
            _sum("refund").label("refunded"),
            _whole(sa.func.sum(columns.amount)).label("balance"),
        )
        .where(*compile_filters(ledger_lines, query.filters))
        .group_by(*key)
        .order_by(*key)
    )
    with engine.connect() as connection:
        return [LedgerTotal.model_validate(dict(row)) for row in connection.execute(wanted).mappings()]


def _sum(kind: LineKind) -> sa.ColumnElement[int]:
    columns = ledger_lines.c
    return _whole(sa.func.sum(sa.case((columns.kind == kind, columns.amount), else_=0)))


def _whole(total: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    # PostgreSQL sums up big integers to a decimal.
    return sa.cast(total, sa.BigInteger)


def _line(row: sa.Row[Any]) -> LedgerLine:
    return LedgerLine.model_validate(dict(row._mapping))  # noqa: SLF001  # SQLAlchemy's public name for it
