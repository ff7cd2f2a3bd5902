"""Keys of the embedded desk. Only a hash is kept: a key has 256 random bits, so one fast hash is enough.

A key from before there were scopes has none recorded and opens everything, as it did.
"""

import builtins
import hashlib
import hmac
import secrets
from collections.abc import Collection

import sqlalchemy as sa

from lib.models.api_keys import EVERYTHING, SCOPES, USUAL_SCOPES, ApiKey, Grant, NewApiKey, Scope
from lib.models.base import utc_now
from lib.models.errors import InvalidRequest, NotFound
from lib.models.ids import new_id
from lib.store.database import reading, writing
from lib.store.events import record_event
from lib.store.tables import api_keys

_SHOWN = 9
_MAX_NAME = 100
_BOOTSTRAP = Grant(key_id="bootstrap", scopes=EVERYTHING)


class LocalApiKeys:
    """Makes, lists, revokes and recognises keys."""

    def __init__(self, engine: sa.Engine, bootstrap: str | None) -> None:
        """`bootstrap` is a key given from outside that always opens everything; None for none."""
        self._engine = engine
        self._bootstrap = bootstrap or None

    def create(self, name: str, scopes: Collection[Scope] = USUAL_SCOPES) -> NewApiKey:
        """A new key; its secret is shown this once.

        Raises InvalidRequest for a name that says nothing and for a key that would open nothing.
        """
        name = name.strip()
        if not 0 < len(name) <= _MAX_NAME:
            raise InvalidRequest(f"Name the key in 1 to {_MAX_NAME} letters, such as Warehouse.", fields=["name"])
        if not scopes or not set(scopes) <= set(SCOPES):
            raise InvalidRequest(f"Choose what the key may do: one or more of {', '.join(SCOPES)}.", fields=["scopes"])
        secret = f"key_{secrets.token_urlsafe(32)}"
        key = NewApiKey(
            id=new_id("key"),
            name=name,
            starts_with=secret[:_SHOWN],
            scopes=tuple(scope for scope in SCOPES if scope in scopes),
            created_at=utc_now(),
            secret=secret,
        )
        with writing(self._engine).begin() as connection:
            connection.execute(
                sa.insert(api_keys).values(
                    id=key.id,
                    name=name,
                    starts_with=key.starts_with,
                    secret_hash=_hash(secret),
                    created_at=key.created_at,
                    scopes=",".join(key.scopes),
                )
            )
            record_event(connection, "api_key.created", key.id, {"name": name, "starts_with": key.starts_with})
        return key

    def list(self) -> builtins.list[ApiKey]:
        """Every key, revoked ones included, newest first."""
        statement = sa.select(api_keys).order_by(api_keys.c.created_at.desc(), api_keys.c.id)
        with self._engine.connect() as connection:
            return [_listed(row) for row in connection.execute(statement).mappings()]

    def revoke(self, key_id: str) -> None:
        """Close a key for good; a key closed before stays closed. Raises NotFound."""
        with writing(self._engine).begin() as connection:
            row = connection.execute(sa.select(api_keys).where(api_keys.c.id == key_id).with_for_update()).one_or_none()
            if row is None:
                raise NotFound(f"There is no key {key_id}.", fields=["id"])
            if row.revoked_at is None:
                connection.execute(sa.update(api_keys).where(api_keys.c.id == key_id).values(revoked_at=utc_now()))
                record_event(connection, "api_key.revoked", key_id, {"name": row.name, "starts_with": row.starts_with})

    def opens(self, secret: str) -> Grant | None:
        """What this secret opens now; None when it opens nothing."""
        if self._bootstrap is not None and hmac.compare_digest(_hash(secret), _hash(self._bootstrap)):
            return _BOOTSTRAP
        statement = sa.select(api_keys.c.id, api_keys.c.scopes).where(
            api_keys.c.secret_hash == _hash(secret), api_keys.c.revoked_at.is_(None)
        )
        with reading(self._engine).connect() as connection:
            found = connection.execute(statement).one_or_none()
        return None if found is None else Grant(key_id=found.id, scopes=_scopes(found.scopes))

    def exist(self) -> bool:
        """Whether any key opens the API at all."""
        statement = sa.select(sa.func.count()).select_from(api_keys).where(api_keys.c.revoked_at.is_(None))
        with self._engine.connect() as connection:
            return self._bootstrap is not None or bool(connection.scalar(statement))


def _listed(row: sa.RowMapping) -> ApiKey:
    return ApiKey.model_validate({**row, "scopes": _scopes(row["scopes"])})


def _scopes(kept: str | None) -> tuple[Scope, ...]:
    return EVERYTHING if kept is None else tuple(scope for scope in SCOPES if scope in kept.split(","))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
