"""Every route against every scope: what is not in the table here is a route that somebody forgot."""

import re

import pytest
from fastapi.routing import APIRoute

from lib.api.app import every_route
from lib.api.scopes import scope_for
from lib.desk.protocol import Desk
from lib.models.api_keys import Scope
from tests.api.calling import Client

# What a POST or DELETE needs, by the first part of the path; a GET or HEAD of these needs `read`.
WRITING = {
    "addresses": "ship",
    "contacts": "ship",
    "events": "admin",
    "ledger": "admin",
    "exports": "export",
    "export_templates": "export",
    "fulfillments": "ship",
    "groups": "ship",
    "labels": "ship",
    "locations": "ship",
    "payment_methods": "admin",
    "rate_cards": "admin",
    "shipments": "ship",
    "shipping_label_inferences": "ship",
    "trackers": "ship",
    "webhooks": "admin",
}
# Routes that anybody may call.
PUBLIC: set[str] = set()
ALONE: tuple[Scope, ...] = ("read", "ship", "export")

CALLS = [
    (method, route.path) for route in every_route() for method in sorted(route.methods) if route.path not in PUBLIC
]


def needed(method: str, path: str) -> str:
    return "read" if method in ("GET", "HEAD") else WRITING[path.split("/")[1]]


def called(path: str) -> str:
    return "/v1" + re.sub(r"{[^}]+}", "unknown", path)


@pytest.fixture(scope="module")
def clients(desk: Desk, stranger: Client) -> dict[str, Client]:
    """A client for each scope, whose key has that scope and no other."""
    scopes: tuple[Scope, ...] = (*ALONE, "admin")
    secrets = {scope: desk.api_keys.create(f"Only {scope}", [scope]).secret for scope in scopes}
    return {scope: Client(stranger.app, headers={"PX-API-KEY": secret}) for scope, secret in secrets.items()}


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_route_asks_for_a_key_before_it_reads(stranger: Client, method: str, path: str) -> None:
    assert stranger.request(method, called(path), content=b"{not json").status_code == 401


@pytest.mark.parametrize("scope", [*ALONE, "admin"])
@pytest.mark.parametrize(("method", "path"), CALLS)
def test_route_opens_to_its_scope_alone(clients: dict[str, Client], method: str, path: str, scope: str) -> None:
    response = clients[scope].request(method, called(path), content=b"{not json")
    if scope in (needed(method, path), "admin"):
        # Past the key: what is refused now is the body, or an id that is not known.
        assert response.status_code in (200, 400, 404)
    else:
        assert response.status_code == 403


def test_refusal_names_both_sides(desk: Desk, stranger: Client) -> None:
    secret = desk.api_keys.create("Reports", ["read", "export"]).secret
    response = stranger.post("/v1/shipments", json={}, headers={"PX-API-KEY": secret})
    assert (response.status_code, response.json()) == (
        403,
        {
            "message": "This call needs a key with the scope ship; this key has read, export. "
            "Make another on the Settings page.",
            "data": None,
            "status": 403,
            "errors": [],
            "code": "scope_missing",
            "endpoint": "/v1/shipments",
            "events": [],
        },
    )


def test_exports_refuse_in_their_own_shape(clients: dict[str, Client]) -> None:
    response = clients["read"].post("/v1/exports", json={})
    assert (response.status_code, response.json()) == (
        403,
        {
            "error": "scope_missing",
            "message": "This call needs a key with the scope export; this key has read. Make another on the "
            "Settings page.",
            "details": {"needed": "export", "scopes": ["read"]},
        },
    )


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
def test_resource_that_nobody_thought_of_is_closed(method: str) -> None:
    assert scope_for(method, "/secrets/{secret_id}") == "admin"


def test_every_route_is_of_the_kind_that_asks() -> None:
    assert all(isinstance(route, APIRoute) for route in every_route())
    assert len(CALLS) >= 17
