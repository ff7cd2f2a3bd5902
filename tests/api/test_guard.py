"""Nobody outside gets in while no login is configured."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from lib.api.guard import HOW_TO_GO_PUBLIC, LocalUntilLogin, is_local
from tests.api.calling import Client, start

EVERYWHERE = "0.0.0.0"  # noqa: S104
LOCAL = ["localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]", "::ffff:127.0.0.1", "unix:///run/desk"]
PUBLIC = [None, EVERYWHERE, "::", "192.168.1.5", "::ffff:10.0.0.1", "desk.example.com", ""]


def hello(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


def guarded(*, login: bool = False, address: str | None = "localhost") -> ASGIApp:
    guard = Middleware(LocalUntilLogin, login=lambda: login, address=lambda: address)
    return Starlette(routes=[Route("/", hello)], middleware=[guard])


@pytest.mark.parametrize("address", LOCAL)
def test_local(address: str) -> None:
    assert is_local(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str | None) -> None:
    assert not is_local(address)


@pytest.mark.parametrize(("host", "login"), [("127.0.0.1", False), ("192.168.1.5", True)])
def test_connection_is_served(host: str, login: bool) -> None:
    assert Client(guarded(login=login), base_url=f"http://{host}").get("/").text == "hello"


def test_connection_on_a_public_address_is_refused_with_what_to_do() -> None:
    response = Client(guarded(), base_url="http://192.168.1.5").get("/")
    assert (response.status_code, response.text) == (403, HOW_TO_GO_PUBLIC)


@pytest.mark.parametrize(("address", "login"), [("localhost", False), (EVERYWHERE, True), (None, True)])
def test_start(address: str | None, login: bool) -> None:
    answers = start(guarded(address=address, login=login))
    assert [answer["type"] for answer in answers] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


@pytest.mark.parametrize("address", [EVERYWHERE, None])
def test_start_on_a_public_address_is_refused_with_what_to_do(address: str | None) -> None:
    assert start(guarded(address=address)) == [{"type": "lifespan.startup.failed", "message": HOW_TO_GO_PUBLIC}]
