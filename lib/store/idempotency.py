"""Idempotency keys: a client's name for its request, so that sending it again does nothing twice.

A key is claimed in the transaction that does what was asked for, so that neither is kept without the other, and is
forgotten after a day. One key names one request within an operation; other operations have their own.
"""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any, TypedDict

import sqlalchemy as sa

from lib.models.base import WireModel
from lib.models.errors import Conflict, InvalidRequest
from lib.store.database import reading
from lib.store.tables import idempotency_keys

HEADER = "Idempotency-Key"
MAX_LENGTH = 255
KEPT = timedelta(hours=24)


class KeyedRequest(TypedDict):
    """A request that came with a key; plain JSON, so that a workflow can carry it."""

    operation: str
    key: str
    fingerprint: str


def keyed_request(
    key: str | None, operation: str, *, resource_id: str | None = None, body: WireModel | None = None
) -> KeyedRequest | None:
    """The request under its key, None without one. `resource_id` is what it was sent to. Raises InvalidRequest."""
    if key is None:
        return None
    if not (0 < len(key) <= MAX_LENGTH and key.isprintable()):
        raise InvalidRequest(
            f"{HEADER} must be 1 to {MAX_LENGTH} printable characters.", fields=[HEADER], code="invalid_idempotency_key"
        )
    asked: dict[str, Any] = {"operation": operation, "resource_id": resource_id}
    if body is not None:
        asked["body"] = body.model_dump(mode="json", exclude_unset=True)
    canonical = json.dumps(asked, sort_keys=True, separators=(",", ":"))
    return KeyedRequest(operation=operation, key=key, fingerprint=hashlib.sha256(canonical.encode()).hexdigest())


def recall(engine: sa.Engine, asked: KeyedRequest, now: datetime) -> str | None:
    """The id of what this very request has led to; None when its key is new. Raises Conflict when it is another's."""
    with reading(engine).connect() as connection:
        return _recall(connection, asked, now)


def claim(connection: sa.Connection, asked: KeyedRequest, resource_id: str, now: datetime) -> str:
    """Keep what the request leads to; what it had led to already when it was sent before.

    Raises Conflict when the key was used for another request. Two at once are served one after the other.
    """
    connection.execute(sa.delete(idempotency_keys).where(idempotency_keys.c.created_at <= now - KEPT))
    try:
        with connection.begin_nested():
            connection.execute(sa.insert(idempotency_keys).values(**asked, resource_id=resource_id, created_at=now))
    except sa.exc.IntegrityError:
        return _recall(connection, asked, now) or resource_id
    return resource_id


def forget(connection: sa.Connection, asked: KeyedRequest) -> None:
    """Free the key of a request that has led to nothing."""
    connection.execute(sa.delete(idempotency_keys).where(*_named(asked)))


def _recall(connection: sa.Connection, asked: KeyedRequest, now: datetime) -> str | None:
    row = connection.execute(
        sa.select(idempotency_keys).where(*_named(asked), idempotency_keys.c.created_at > now - KEPT)
    ).one_or_none()
    if row is None:
        return None
    if row.fingerprint != asked["fingerprint"]:
        raise Conflict(
            f"This {HEADER} was used for another request. Take a new key for a new request.",
            fields=[HEADER],
            code="idempotency_key_reused",
        )
    return str(row.resource_id)


def _named(asked: KeyedRequest) -> tuple[sa.ColumnElement[bool], ...]:
    columns = idempotency_keys.c
    return columns.operation == asked["operation"], columns.key == asked["key"]
