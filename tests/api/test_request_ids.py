"""One id in the answer and in every line that the request logs, wherever in the house; and no secret in any of them."""

import logging
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from lib.api.app import create_api
from lib.api.request_ids import WithRequestId
from lib.desk.protocol import Desk
from lib.models.api_keys import Grant
from lib.rating.asking import ask
from lib.runtime import Runtime
from lib.store.links import label_path, sign_path
from tests.api.calling import KEY, Client

room = logging.getLogger("lib.shipping.somewhere")


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Every line of every logger, with the request it belongs to."""
    found = WithRequestId()
    caplog.handler.addFilter(found)
    with caplog.at_level(logging.DEBUG):
        yield caplog
    caplog.handler.removeFilter(found)


class Blocking:
    """A provider that waits on somebody else's server, and so is asked in a thread of its own."""

    blocking = True

    def price(self, _lot: object) -> None:
        room.warning("the carrier is slow")
        raise TimeoutError


def api_that(retrieve: object) -> Client:
    desk = SimpleNamespace(
        api_keys=SimpleNamespace(opens=lambda _secret: Grant(key_id="key_1", scopes=("admin",))),
        shipments=SimpleNamespace(retrieve=retrieve),
    )
    return Client(Starlette(routes=[Mount("/v1", create_api(lambda: desk))]), headers={"PX-API-KEY": "any"})


@pytest.mark.parametrize("sent", ["a", "order-12345_retry.2", "x" * 64])
def test_id_that_the_client_sent_comes_back(stranger: Client, sent: str) -> None:
    assert stranger.get("/v1/shipments", headers={"X-Request-Id": sent}).headers["X-Request-Id"] == sent


@pytest.mark.parametrize("sent", ["", "x" * 65, "two words", "<b>", "a\tb", "é".encode(), "req_1;"])
def test_id_that_is_not_well_formed_is_replaced(stranger: Client, sent: str | bytes) -> None:
    response = stranger.get(
        "/v1/shipments", headers=[(b"X-Request-Id", sent if isinstance(sent, bytes) else sent.encode())]
    )
    assert response.headers["X-Request-Id"].startswith("req_")


def test_lines_from_the_thread_of_the_call_have_its_id(lines: pytest.LogCaptureFixture) -> None:
    def retrieve(shipment_id: str) -> None:
        room.warning("looking for %s", shipment_id)
        raise RuntimeError

    client = api_that(retrieve)
    ids = [client.get("/v1/shipments/ship_1").headers["X-Request-Id"] for _ in range(2)]
    found = [record.request_id for record in lines.records if record.name == room.name]
    assert found == ids
    assert len(set(ids)) == 2


def test_lines_from_the_threads_of_carriers_have_its_id(lines: pytest.LogCaptureFixture) -> None:
    def retrieve(_shipment_id: str) -> None:
        ask({"slow": Blocking()}, None, ["slow"], deadline=float("inf"))  # type: ignore[arg-type, dict-item]
        raise RuntimeError

    response = api_that(retrieve).get("/v1/shipments/ship_1")
    found = [record.request_id for record in lines.records if record.name == room.name]
    assert found == [response.headers["X-Request-Id"]]


def test_line_outside_a_request_says_so(lines: pytest.LogCaptureFixture) -> None:
    room.warning("waking up")
    assert [record.request_id for record in lines.records] == ["-"]


def test_no_line_tells_a_secret(lines: pytest.LogCaptureFixture, stranger: Client, desk: Desk, held: Runtime) -> None:
    secret = desk.api_keys.create("Warehouse").secret
    link = sign_path(held.engine, label_path("ship_1"))
    signature = link.partition("signature=")[2]
    calls = [
        stranger.get("/v1/shipments", headers={"PX-API-KEY": secret}),
        stranger.get("/v1/shipments", headers={"X-API-KEY": KEY}),
        stranger.post("/v1/rate_cards", content=b"{", headers={"PX-API-KEY": secret}),
        stranger.get("/v1/shipments", headers={"PX-API-KEY": f"{secret}x"}),
        stranger.get(f"/v1/shipments?key={secret}", headers={"PX-API-KEY": KEY}),
        stranger.get(link),
        stranger.get(link.replace("ship_1", "ship_2")),
    ]
    assert [call.status_code for call in calls] == [200, 200, 403, 401, 400, 404, 403]
    # The caller's own client tells everything, as this test would.
    told = "".join(f"{record.getMessage()} {vars(record)}\n" for record in lines.records if record.name != "httpx")
    assert "GET /v1/shipments 200" in told
    assert "GET /v1/shipments/ship_1/label 404" in told
    assert not [word for word in (secret, KEY, signature, signature.rsplit(".", 1)[-1]) if word in told]
