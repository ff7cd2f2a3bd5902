"""Keys on both databases: opened by the secret only, closed for good."""

import pytest
import sqlalchemy as sa

from lib.desk.api_keys import LocalApiKeys
from lib.models.errors import InvalidRequest, NotFound
from lib.store.tables import api_keys


def test_a_key_opens_until_it_is_revoked(engine):
    keys = LocalApiKeys(engine, bootstrap=None)
    made = keys.create("Warehouse")
    assert keys.opens(made.secret)
    assert not keys.opens(made.secret + "x")
    assert not keys.opens("")
    assert not keys.opens(made.id)
    keys.revoke(made.id)
    keys.revoke(made.id)
    assert not keys.opens(made.secret)
    assert [(key.name, key.revoked_at is None) for key in keys.list()] == [("Warehouse", False)]


def test_only_a_hash_is_kept(engine):
    made = LocalApiKeys(engine, bootstrap=None).create("Warehouse")
    with engine.connect() as connection:
        kept = [str(value) for value in connection.execute(sa.select(api_keys)).one()]
    assert made.secret not in kept
    assert made.starts_with == made.secret[:9]


def test_whether_any_key_opens(engine):
    keys = LocalApiKeys(engine, bootstrap=None)
    assert not keys.exist()
    made = keys.create("Warehouse")
    assert keys.exist()
    keys.revoke(made.id)
    assert not keys.exist()
    assert LocalApiKeys(engine, bootstrap="given").exist()


def test_a_key_given_from_outside_opens(engine):
    keys = LocalApiKeys(engine, bootstrap="given")
    assert keys.opens("given")
    assert not keys.opens("Given")
    assert not LocalApiKeys(engine, bootstrap="").opens("")


def test_what_is_refused(engine):
    keys = LocalApiKeys(engine, bootstrap=None)
    with pytest.raises(NotFound, match="key_missing"):
        keys.revoke("key_missing")
    with pytest.raises(InvalidRequest) as caught:
        keys.create("  ")
    assert caught.value.fields == ["name"]
