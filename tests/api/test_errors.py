"""Whatever goes wrong is answered in the envelope, with a request id and without a traceback."""

import logging
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from lib.api.app import create_api
from lib.api.request_ids import WithRequestId
from lib.models.api_keys import Grant
from tests.api.calling import Client

PARTY = {"name": "A", "email": "a@example.com", "phone": "+12125550100", "address": "500 7th ave, New York, NY, 10018"}
BODY: dict[str, Any] = {
    "sender": PARTY,
    "recipient": PARTY,
    "parcels": [{"length": 10, "width": 10, "height": 10, "weight": 5}],
}


def envelope(path: str, *, status: int, message: str, errors: list[str], code: str) -> dict[str, Any]:
    return {
        "message": message,
        "data": None,
        "status": status,
        "errors": errors,
        "code": code,
        "endpoint": path,
        "events": [],
    }


def test_unknown_route(client: Client) -> None:
    response = client.get("/v1/parcels")
    assert response.status_code == 404
    assert response.json() == envelope(
        "/v1/parcels",
        status=404,
        message="There is no GET /v1/parcels. /v1/docs lists what there is.",
        errors=[],
        code="no_route",
    )


@pytest.mark.parametrize("path", ["/v1/shipments/a%0Ab", "/v1/shipments/%0A/label", "/v1/%0A", "/v1/a%0D%0Ab"])
def test_line_break_in_a_path(client: Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.json()["status"]) == (404, 404)


def test_wrong_method_names_every_right_one(client: Client) -> None:
    assert client.request("PUT", "/v1/exports").headers["Allow"] == "GET, POST"
    assert client.request("DELETE", "/v1/exports/exp_1/download").headers["Allow"] == "GET, HEAD"


def test_wrong_method(client: Client) -> None:
    response = client.request("DELETE", "/v1/shipments/ship_1")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, POST")
    assert response.json() == envelope(
        "/v1/shipments/ship_1",
        status=405,
        message="There is no DELETE /v1/shipments/ship_1; this path takes GET, POST.",
        errors=[],
        code="wrong_method",
    )


@pytest.mark.parametrize(
    "content", [b"{", b'{"a": 1,}', b"{'a': 1}", b'{"a": NaN}', b"\xff", b'{"a": "\\ud800"}', b"[" * 5000]
)
def test_malformed_json(client: Client, content: bytes) -> None:
    response = client.post("/v1/shipments", content=content, headers={"Content-Type": "application/json"})
    assert response.status_code == 400
    assert (response.json()["code"], response.json()["errors"]) == ("malformed_json", ["body"])


@pytest.mark.parametrize("content", [b"[]", b"5", b'"text"', b"null", b"true"])
def test_body_that_is_no_object(client: Client, content: bytes) -> None:
    response = client.post("/v1/shipments", content=content)
    assert response.status_code == 400
    assert response.json()["message"] == "The body must be a JSON object: { … }."


def test_no_body(client: Client) -> None:
    response = client.post("/v1/shipments")
    assert (response.status_code, response.json()["errors"]) == (400, ["body"])


def test_body_of_another_kind(client: Client) -> None:
    response = client.post("/v1/shipments", data={"a": "b"})
    assert response.status_code == 400
    assert response.json()["message"] == (
        "Send the body as Content-Type: application/json, not application/x-www-form-urlencoded."
    )


def test_null_characters(client: Client) -> None:
    for response, field in (
        (client.post("/v1/shipments", json=BODY | {"order_number": "a\0b"}), "order_number"),
        (client.post("/v1/shipments", json=BODY | {"metadata": {"deep": [{"a\0": 1}]}}), "metadata.deep.0"),
        (client.post("/v1/shipments", json=BODY | {"a\0": 1}), "body"),
        (client.get("/v1/shipments?order_number=%00"), "order_number"),
        (client.get("/v1/shipments?%00=1"), "query"),
        (client.get("/v1/shipments/ship_%00"), "path"),
    ):
        assert (response.status_code, response.json()["errors"]) == (400, [field])
        assert response.json()["message"] == "The character U+0000 cannot be kept; leave it out."


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        (0, "parcels.0.weight: must be greater than 0, was 0"),
        (-1, "parcels.0.weight: must be greater than 0, was -1"),
        ("5", 'parcels.0.weight: must be a number, was "5"'),
        (200, "parcels.0.weight: must be at most 150, was 200"),
        (..., "parcels.0.weight: give weight, or a predefined package as type"),
    ],
)
def test_weight(client: Client, weight: Any, message: str) -> None:
    sides = {"length": 10, "width": 10, "height": 10}
    parcel = sides if weight is ... else sides | {"weight": weight}
    response = client.post("/v1/shipments", json=BODY | {"parcels": [parcel]})
    assert response.status_code == 400
    assert response.json() == envelope(
        "/v1/shipments", status=400, message=message, errors=["parcels.0.weight"], code="invalid_request"
    )


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("page=0", ["page"]),
        ("limit=501", ["limit"]),
        ("limit=many", ["limit"]),
        ("direction=up", ["direction"]),
        ("page=99999999999999999999", ["page"]),
        ("order_by=weight", ["order_by"]),
        (f"order_by={'x' * 300}", ["order_by"]),
        ("provder=ups", ["provder"]),
        ("created_at=yesterday", ["created_at"]),
    ],
)
def test_list_asked_wrongly(client: Client, query: str, errors: list[str]) -> None:
    response = client.get(f"/v1/shipments?{query}")
    assert (response.status_code, response.json()["errors"]) == (400, errors)


TOO_LARGE = envelope(
    "/v1/shipments",
    status=400,
    message="The body is larger than 1 MB, which is the limit.",
    errors=["body"],
    code="body_too_large",
)


def test_ten_megabytes(client: Client) -> None:
    response = client.post("/v1/shipments", content=b" " * 10_000_000)
    assert (response.status_code, response.json()) == (400, TOO_LARGE)


def test_ten_megabytes_of_unannounced_length(client: Client) -> None:
    sent = []

    async def pieces() -> AsyncIterator[bytes]:
        for number in range(100):
            sent.append(number)
            yield b" " * 100_000

    response = client.post("/v1/shipments", content=pieces())
    assert (response.status_code, response.json()) == (400, TOO_LARGE)
    assert len(sent) == 11


def test_exports_answer_errors_in_their_own_shape(client: Client) -> None:
    response = client.post("/v1/exports", json={"resource": 5})
    assert response.status_code == 400
    assert response.json() == {
        "error": "invalid_request",
        "message": "resource: must be text, was 5; csv_field_options: is required",
        "details": {"resource": "must be text, was 5", "csv_field_options": "is required"},
    }


def test_crash_is_logged_under_the_request_id_and_not_told(caplog: pytest.LogCaptureFixture) -> None:
    def crash(_shipment_id: str) -> None:
        raise RuntimeError("the database password is hunter2")

    broken = SimpleNamespace(
        api_keys=SimpleNamespace(opens=lambda _secret: Grant(key_id="key_1", scopes=("read",))),
        shipments=SimpleNamespace(retrieve=crash),
    )
    caplog.handler.addFilter(WithRequestId())
    client = Client(Starlette(routes=[Mount("/v1", create_api(lambda: broken))]), headers={"PX-API-KEY": "any"})
    with caplog.at_level(logging.INFO, logger="shipdesk.api"):
        response = client.get("/v1/shipments/ship_1?signature=private")
    request_id = response.headers["X-Request-Id"]
    assert response.status_code == 500
    assert response.json() == envelope(
        "/v1/shipments/ship_1",
        status=500,
        message=f"Something went wrong here; it is logged as {request_id}.",
        errors=[],
        code="server_error",
    )
    lines = [(record.request_id, record.getMessage()) for record in caplog.records if record.name == "shipdesk.api"]
    assert lines[0] == (request_id, "GET /v1/shipments/ship_1 failed")
    assert lines[1][1].startswith("GET /v1/shipments/ship_1 500 ")
    assert "hunter2" in caplog.text
    assert "private" not in caplog.text


def test_every_answer_has_its_own_request_id(client: Client, stranger: Client) -> None:
    answers = [
        client.get("/v1/shipments"),
        client.get("/v1/nothing"),
        stranger.get("/v1/exports"),
        client.get("/v1/docs"),
    ]
    ids = [answer.headers["X-Request-Id"] for answer in answers]
    assert len(set(ids)) == len(ids)
    assert all(request_id.startswith("req_") for request_id in ids)
    assert {answer.headers["X-Content-Type-Options"] for answer in answers} == {"nosniff"}
