"""Payment methods of the embedded desk, which of them pays for a purchase, and the ledger to read."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa

from lib.models.errors import Conflict, InvalidRequest
from lib.models.ids import new_id
from lib.models.lists import ListQuery, Page
from lib.models.payments import (
    CARD_ID,
    INVOICE_ACCOUNT,
    LedgerLine,
    LedgerTotal,
    PaymentMethod,
    PaymentMethodCreate,
    PaymentMethodUpdate,
    holds_card_number,
)
from lib.store.events import record_event
from lib.store.ledger import read_lines, read_totals
from lib.store.payment_methods import (
    PAYMENT_METHODS,
    default_method,
    lock_methods,
    method_is_kept,
    some_method_ids,
)
from lib.store.resources import KeptResource

_METHODS_TOLD = 20


class LocalPaymentMethods(KeptResource[PaymentMethod, PaymentMethodCreate, PaymentMethodUpdate]):
    """The invoice account, which is always there, and references to cards. Exactly one of them is the default."""

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__(engine, PAYMENT_METHODS)

    def _made(self, request: PaymentMethodCreate, at: datetime) -> PaymentMethod:
        identifier = request.id or new_id("card")
        return _card(identifier, request.name, at).model_copy(update={"default": request.default})

    def _changed(self, kept: PaymentMethod, changes: PaymentMethodUpdate, at: datetime) -> PaymentMethod:
        given = {name: value for name, value in changes.model_dump().items() if value is not None}
        return kept.model_copy(update={**given, "updated_at": at})

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with super()._writing() as connection:
            lock_methods(connection)
            yield connection

    def _linked(
        self,
        connection: sa.Connection,
        before: PaymentMethod | None,
        after: PaymentMethod,
        request: PaymentMethodCreate | PaymentMethodUpdate,  # noqa: ARG002
    ) -> PaymentMethod:
        """The method, after the former default has made way for it. Raises Conflict where none would be left."""
        was_default = before is not None and before.default
        if was_default and not after.default:
            raise _needs_a_default(after.id)
        if after.default and not was_default:
            _take_default(connection, after.updated_at)
        return after

    def _unlinked(self, connection: sa.Connection, kept: PaymentMethod) -> None:  # noqa: ARG002
        """Its lines in the ledger stay. Raises Conflict for the invoice account and the default."""
        if kept.id == INVOICE_ACCOUNT:
            raise Conflict("The invoice account is always there.", fields=["id"], code="invoice_account_stays")
        if kept.default:
            raise _needs_a_default(kept.id)


class LocalLedger:
    """What was charged and what came back."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def list(self, query: ListQuery) -> Page[LedgerLine]:
        """A page of lines, the last written first unless asked otherwise. Raises InvalidRequest."""
        return read_lines(self._engine, query)

    def totals(self, query: ListQuery) -> Sequence[LedgerTotal]:
        """The sums of all lines the query's filters find, one for each payment method. Raises InvalidRequest."""
        return read_totals(self._engine, query)


def require_usable_method(connection: sa.Connection, named: str | None) -> None:
    """Refuse a payment method that cannot pay: neither kept nor a reference to a card. Raises InvalidRequest."""
    if named is None or method_is_kept(connection, named):
        return
    if holds_card_number(named):
        raise InvalidRequest(
            "A card number is never taken. Name the card by its reference, such as card_xyz123.",
            fields=["payment_method"],
            code="card_number_refused",
        )
    if not CARD_ID.fullmatch(named):
        raise InvalidRequest(
            f"There is no payment method {named}. There are {', '.join(some_method_ids(connection, _METHODS_TOLD))}; "
            "a card not met before is named by its reference, such as card_xyz123.",
            fields=["payment_method"],
            code="payment_method_unknown",
        )


def paying_method(connection: sa.Connection, named: str | None, at: datetime) -> str:
    """The id of the method that pays: the one named, else the default. A card not met before is kept as a reference.

    Raises InvalidRequest.
    """
    if named is None:
        return default_method(connection).id
    require_usable_method(connection, named)
    if not method_is_kept(connection, named):
        lock_methods(connection)
        if not method_is_kept(connection, named):
            _keep(connection, _card(named, named, at))
    return named


def _card(identifier: str, name: str, at: datetime) -> PaymentMethod:
    return PaymentMethod(id=identifier, kind="card", name=name, created_at=at, updated_at=at)


def _keep(connection: sa.Connection, method: PaymentMethod) -> None:
    PAYMENT_METHODS.insert(connection, [method])
    record_event(connection, "payment_method.created", method.id)


def _take_default(connection: sa.Connection, at: datetime) -> None:
    """Leave the desk without a default, for another method to become it in the same transaction."""
    former = default_method(connection)
    PAYMENT_METHODS.update(connection, former.model_copy(update={"default": False, "updated_at": at}))


def _needs_a_default(identifier: str) -> Conflict:
    return Conflict(
        f"{identifier} pays where a purchase names no method. Make another one the default first.",
        fields=["default"],
        code="payment_method_is_default",
    )
