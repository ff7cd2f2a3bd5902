"""Who gets in: a known key in either header, before anything of the body is looked at."""

from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from lib.api.app import create_api
from lib.desk.api_keys import LocalApiKeys
from lib.desk.protocol import Desk
from lib.runtime import Runtime
from tests.api.calling import KEY, Client

HOW = "Make one on the Settings page, or set SHIPDESK_API_KEY before the start."


def test_no_key_is_401(stranger: Client) -> None:
    response = stranger.get("/v1/shipments")
    assert response.status_code == 401
    assert response.json() == {
        "message": f"Send an API key in the header PX-API-KEY. {HOW}",
        "data": None,
        "status": 401,
        "errors": [],
        "code": "key_missing",
        "endpoint": "/v1/shipments",
        "events": [],
    }


@pytest.mark.parametrize("header", ["PX-API-KEY", "X-API-KEY", "px-api-key"])
def test_wrong_key_is_401(stranger: Client, header: str) -> None:
    response = stranger.get("/v1/shipments", headers={header: "wrong"})
    assert response.status_code == 401
    assert response.json()["code"] == "key_unknown"
    assert response.json()["message"] == f"This API key is not known here or was revoked. {HOW}"


@pytest.mark.parametrize("header", ["PX-API-KEY", "X-API-KEY", "x-api-key"])
def test_either_header_opens(stranger: Client, header: str) -> None:
    assert stranger.get("/v1/shipments", headers={header: KEY}).status_code == 200


def test_a_made_key_opens_until_it_is_revoked(stranger: Client, desk: Desk) -> None:
    key = desk.api_keys.create("Warehouse")
    headers = {"PX-API-KEY": key.secret}
    assert stranger.get("/v1/shipments", headers=headers).status_code == 200
    desk.api_keys.revoke(key.id)
    assert stranger.get("/v1/shipments", headers=headers).status_code == 401


def test_nothing_opens_a_desk_without_keys(held: Runtime) -> None:
    keyless = SimpleNamespace(api_keys=LocalApiKeys(held.engine, None))
    client = Client(Starlette(routes=[Mount("/v1", create_api(lambda: keyless))]))
    for headers in ({}, {"PX-API-KEY": ""}, {"PX-API-KEY": "None"}):
        response = client.get("/v1/shipments", headers=headers)
        assert response.status_code == 401
        assert HOW in response.json()["message"]


def test_exports_refuse_in_their_own_shape(stranger: Client) -> None:
    assert stranger.get("/v1/exports/exp_1").json() == {
        "error": "key_missing",
        "message": f"Send an API key in the header PX-API-KEY. {HOW}",
        "details": {},
    }
