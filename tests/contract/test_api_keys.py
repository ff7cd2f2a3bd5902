"""Keys on both databases: opened by the secret only, as far as their scopes go, closed for good."""

import pytest
import sqlalchemy as sa

from lib.desk.api_keys import LocalApiKeys
from lib.models.api_keys import Grant
from lib.models.errors import InvalidRequest, NotFound
from lib.store.tables import api_keys


def test_a_key_opens_until_it_is_revoked(engine):
    keys = LocalApiKeys(engine, bootstrap=None)
    made = keys.create("Warehouse")
    assert keys.opens(made.secret) == Grant(key_id=made.id, scopes=("read", "ship", "export"))
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
    assert keys.opens("given") == Grant(key_id="bootstrap", scopes=("admin",))
    assert not keys.opens("Given")
    assert not LocalApiKeys(engine, bootstrap="").opens("")


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        (["read"], ("read",)),
        (["export", "ship"], ("ship", "export")),
        (["admin", "admin"], ("admin",)),
        (["read", "ship", "export", "admin"], ("read", "ship", "export", "admin")),
    ],
)
def test_scopes_are_kept(engine, chosen, kept):
    keys = LocalApiKeys(engine, bootstrap=None)
    made = keys.create("Warehouse", chosen)
    assert made.scopes == kept
    assert keys.opens(made.secret) == Grant(key_id=made.id, scopes=kept)
    assert [key.scopes for key in keys.list()] == [kept]


@pytest.mark.parametrize(("recorded", "scopes"), [(None, ("admin",)), ("", ()), ("read,fly", ("read",))])
def test_scopes_as_they_may_be_recorded(engine, recorded, scopes):
    keys = LocalApiKeys(engine, bootstrap=None)
    made = keys.create("From before there were scopes, or after", ["ship"])
    with engine.begin() as connection:
        connection.execute(sa.update(api_keys).values(scopes=recorded))
    assert keys.opens(made.secret) == Grant(key_id=made.id, scopes=scopes)
    assert [key.scopes for key in keys.list()] == [scopes]


@pytest.mark.parametrize("scopes", [[], ["fly"], ["read", "fly"]])
def test_a_key_has_scopes_that_exist(engine, scopes):
    keys = LocalApiKeys(engine, bootstrap=None)
    with pytest.raises(InvalidRequest) as caught:
        keys.create("Warehouse", scopes)
    assert caught.value.fields == ["scopes"]
    assert keys.list() == []


def test_what_is_refused(engine):
    keys = LocalApiKeys(engine, bootstrap=None)
    with pytest.raises(NotFound, match="key_missing"):
        keys.revoke("key_missing")
    with pytest.raises(InvalidRequest) as caught:
        keys.create("  ")
    assert caught.value.fields == ["name"]
