"""The kinds of columns: what sorts and compares alike on SQLite and PostgreSQL."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

MILLISECOND = 1000


class UtcMillis(TypeDecorator[datetime]):
    """An aware UTC datetime kept as whole milliseconds since 1970: sorts and compares alike on both databases."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:  # noqa: ARG002
        """To milliseconds; refuses a datetime without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs a time zone")
        return round(value.timestamp() * MILLISECOND)

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Back to an aware datetime."""
        return None if value is None else datetime.fromtimestamp(value / MILLISECOND, UTC)


# Texts that are compared and sorted by their code points on both databases, whatever the server's language is.
Code = sa.String(255).with_variant(sa.String(255, collation="C"), "postgresql")
Id = sa.String(100)
# What `lib.store.shapes` tells of the document beside it; none in rows from before there were shapes.
Shape = sa.BigInteger
