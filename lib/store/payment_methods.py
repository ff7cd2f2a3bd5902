"""Payment methods in the database. The invoice account is always there: its row stands for the desk's choice too."""

from typing import Any

import sqlalchemy as sa

from lib.models.payments import INVOICE_ACCOUNT, PaymentMethod
from lib.store.documents import Documents
from lib.store.tables import payment_methods


def _columns(method: PaymentMethod) -> dict[str, Any]:
    return {"created_at": method.created_at, "updated_at": method.updated_at, "is_default": method.default}


PAYMENT_METHODS = Documents(
    "payment_method",
    payment_methods,
    PaymentMethod,
    columns=_columns,
)


def lock_methods(connection: sa.Connection) -> None:
    """Let nobody else add, change or forget a method until the transaction ends."""
    PAYMENT_METHODS.get_locked(connection, INVOICE_ACCOUNT)


def default_method(connection: sa.Connection) -> PaymentMethod:
    """The method that pays where none is named."""
    wanted = sa.select(payment_methods.c.document).where(payment_methods.c.is_default)
    return PaymentMethod.model_validate_json(connection.execute(wanted).scalar_one())


def method_is_kept(connection: sa.Connection, identifier: str) -> bool:
    """Whether there is a method of that id."""
    return connection.scalar(sa.select(payment_methods.c.id).where(payment_methods.c.id == identifier)) is not None


def some_method_ids(connection: sa.Connection, most: int) -> list[str]:
    """The ids of the oldest methods, the invoice account first."""
    columns = payment_methods.c
    wanted = sa.select(columns.id).order_by(columns.id != INVOICE_ACCOUNT, columns.created_at, columns.id).limit(most)
    return list(connection.scalars(wanted))
