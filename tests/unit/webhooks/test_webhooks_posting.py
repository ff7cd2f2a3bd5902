"""One attempt against a real receiver: what it is sent, and every way it can go wrong in words."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from lib.models.webhooks import DeliveryAttempt, Webhook, WebhookDelivery, WebhookHeader
from lib.store.webhooks import Claim
from lib.webhooks import posting
from tests.receivers import Receiver, answering, receiving

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
HEADER_VALUE = "Bearer of good news"
NOT_PUBLIC = "This desk sends to public addresses only, and this is not one."


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "ANSWER_WITHIN_SEC", 0.5)


def claim(url: str) -> Claim:
    header = WebhookHeader(key="Authorization")
    return Claim(
        webhook=Webhook(id="whk_1", url=url, events=["*"], header=header, created_at=AT, updated_at=AT),
        secret=HEADER_VALUE,
        delivery=WebhookDelivery(
            id="dlv_1", webhook_id="whk_1", event="shipment.purchased", event_id="evt_1", event_sequence=1,
            resource_id="ship_1", created_at=AT, updated_at=AT,
        ),
        payload='{"event":"shipment.purchased","where":"Zürich"}',
    )  # fmt: skip


def post(url: str, *, public_only: bool = False) -> DeliveryAttempt:
    return asyncio.run(posting.post(claim(url), AT, public_only=public_only))


def free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
        return port


def test_payload_arrives_byte_for_byte_with_its_headers(receiver: Receiver) -> None:
    attempt = post(f"{receiver.base}/hooks?token=t")
    assert (attempt.at, attempt.status_code, attempt.error, attempt.response) == (AT, 200, None, None)
    assert posting.succeeded(attempt)
    (request,) = receiver.received
    assert (request.path, request.body.decode()) == ("/hooks?token=t", claim("").payload)
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Authorization"] == HEADER_VALUE
    assert request.headers["X-Shipdesk-Event"] == "shipment.purchased"
    assert request.headers["X-Shipdesk-Delivery"] == "dlv_1"


@pytest.mark.parametrize(("status", "taken"), [(204, True), (299, True), (300, False), (404, False), (500, False)])
def test_only_2xx_is_taken(receiver: Receiver, status: int, taken: bool) -> None:
    receiver.answers = [answering(status)]
    attempt = post(receiver.base)
    assert (attempt.status_code, attempt.error, posting.succeeded(attempt)) == (status, None, taken)


def test_of_a_refusal_only_the_beginning_is_kept_as_one_line(receiver: Receiver) -> None:
    receiver.answers = [answering(422, b"no\r\nsuch \x1b[31mthing \xff" + b"x" * 100_000)]
    response = post(receiver.base).response
    assert response is not None
    assert response.startswith("no such [31mthing \N{REPLACEMENT CHARACTER}xxx")
    assert len(response) <= 200


def test_no_redirect_is_followed(receiver: Receiver) -> None:
    receiver.answers = [answering(307, headers={"Location": f"{receiver.base}/elsewhere"})]
    assert post(receiver.base).status_code == 307
    assert [request.path for request in receiver.received] == ["/"]


def test_silence_ends_in_time(receiver: Receiver) -> None:
    over = threading.Event()
    receiver.answers = [lambda _: over.wait(30)]
    attempt = post(receiver.base)
    over.set()
    assert (attempt.status_code, attempt.error) == (None, "No answer within 0 seconds.")
    assert 500 <= attempt.duration_ms < 3000


@pytest.mark.parametrize("beginning", [b"HTTP/1.1 200 OK\r\nX-Dribble: ", b"HTTP/1.1 500 No\r\n\r\n"])
def test_dribble_ends_in_time(receiver: Receiver, beginning: bytes) -> None:
    """A byte every 50 ms never lets a wait for the next one run out."""
    over = threading.Event()

    def dribble(handler) -> None:
        handler.wfile.write(beginning)
        while not over.wait(0.05):
            handler.wfile.write(b"x")

    receiver.answers = [dribble]
    began = time.monotonic()
    attempt = post(receiver.base)
    over.set()
    assert 0.5 <= time.monotonic() - began < 3
    assert not posting.succeeded(attempt)


def test_taken_needs_no_body(receiver: Receiver) -> None:
    over = threading.Event()

    def headers_only(handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
        over.wait(30)

    receiver.answers = [headers_only]
    attempt = post(receiver.base)
    over.set()
    assert posting.succeeded(attempt)
    assert attempt.duration_ms < 500


def test_what_goes_wrong_is_told_in_words(receiver: Receiver) -> None:
    refused = post(f"http://127.0.0.1:{free_port()}/")
    assert refused.error == "The receiver could not be reached."
    receiver.answers = [lambda handler: handler.connection.shutdown(socket.SHUT_RDWR)]
    assert post(receiver.base).error == "The connection broke before there was an answer."
    insecure = post(receiver.base.replace("http:", "https:"))
    assert insecure.error == "No secure connection could be made; is the receiver's address really https?"
    assert post(f"http://{'a' * 64}.example/").error == "The receiver could not be reached."


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "[::1]"])
def test_public_only_reaches_nothing_here(receiver: Receiver, host: str) -> None:
    attempt = post(receiver.base.replace("127.0.0.1", host), public_only=True)
    assert attempt.error == NOT_PUBLIC
    assert receiver.received == []


def test_public_only_connects_to_the_address_it_looked_at(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []
    monkeypatch.setattr(posting, "_is_public", lambda address: looked_at.append(address) or True)
    by_name = receiver.base.replace("127.0.0.1", "localhost")
    monkeypatch.setattr(socket, "getaddrinfo", only_ipv4(socket.getaddrinfo))
    assert post(by_name, public_only=True).status_code == 200
    assert set(looked_at) == {"127.0.0.1"}
    assert receiver.received[0].headers["Host"] == by_name.removeprefix("http://")


def only_ipv4(look_up):
    """The receiver listens on IPv4 only, whatever else `localhost` is on this machine."""

    def looked_up(host, port, *_args, **named):
        return look_up(host, port, socket.AF_INET, named.get("type") or socket.SOCK_STREAM)

    return looked_up
