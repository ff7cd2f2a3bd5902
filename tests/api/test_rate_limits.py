"""How often a key may call: so many times in any minute, and an address may not try keys fast."""

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from lib.api.app import create_api
from lib.api.rate_limits import RateLimits
from lib.desk.protocol import Desk
from lib.settings import Settings
from tests.api.calling import KEY, Client

NOON = 1_800_000_000.0


class Time:
    """A clock that a test moves."""

    now = NOON

    def time(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    moved = Time()
    monkeypatch.setattr("limits.storage.memory.time", moved)
    return moved


@pytest.fixture
def caller(desk: Desk, time: Time) -> Client:
    """A client whose key may call three times a minute."""
    limits = RateLimits(3, clock=time.time)
    return Client(
        Starlette(routes=[Mount("/v1", create_api(lambda: desk, limits=limits))]), headers={"PX-API-KEY": KEY}
    )


def statuses(client: Client, calls: int, **options: Any) -> list[int]:
    return [client.get("/v1/shipments/ship_1", **options).status_code for _ in range(calls)]


def test_fourth_call_in_a_minute_waits(caller: Client, time: Time) -> None:
    for _ in range(3):
        assert statuses(caller, 1) == [404]
        time.now += 10
    refused = caller.get("/v1/shipments")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "30")
    assert refused.json() == {
        "message": "This key may call 3 times a minute and has done so. Try again in 30 seconds.",
        "data": None,
        "status": 429,
        "errors": [],
        "code": "rate_limited",
        "endpoint": "/v1/shipments",
        "events": [],
    }


def test_window_moves_with_the_first_call(caller: Client, time: Time) -> None:
    assert statuses(caller, 1) == [404]
    time.now += 50
    assert statuses(caller, 3) == [404, 404, 429]
    time.now += 9.9
    assert statuses(caller, 1) == [429]
    time.now += 0.2
    assert statuses(caller, 2) == [404, 429]


def test_exports_refuse_in_their_own_shape(caller: Client) -> None:
    assert statuses(caller, 3) == [404] * 3
    refused = caller.get("/v1/exports")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert refused.json() == {
        "error": "rate_limited",
        "message": "This key may call 3 times a minute and has done so. Try again in 60 seconds.",
        "details": {"retry_after": 60},
    }


def test_each_key_is_counted_for_itself(caller: Client, desk: Desk) -> None:
    other = {"PX-API-KEY": desk.api_keys.create("Other").secret}
    assert statuses(caller, 4) == [404, 404, 404, 429]
    assert statuses(caller, 4, headers=other) == [404, 404, 404, 429]


def test_call_that_lacks_its_scope_counts_too(caller: Client, desk: Desk) -> None:
    other = {"PX-API-KEY": desk.api_keys.create("Other", ["export"]).secret}
    assert statuses(caller, 4, headers=other) == [403, 403, 403, 429]


def test_keys_cannot_be_guessed_fast(caller: Client, time: Time) -> None:
    wrong = [statuses(caller, 1, headers={"PX-API-KEY": f"guess {number}"})[0] for number in range(61)]
    assert wrong == [401] * 60 + [429]
    # The right key would otherwise tell itself by its answer.
    refused = caller.get("/v1/shipments")
    assert refused.status_code == 429
    assert refused.json()["message"] == "Too many unknown API keys came from this address. Try again in 60 seconds."
    time.now += 60.1
    assert statuses(caller, 1) == [404]


def test_call_without_a_key_is_no_guess(caller: Client) -> None:
    assert statuses(caller, 70, headers={"PX-API-KEY": ""}) == [401] * 70
    assert statuses(caller, 1) == [404]


def test_guessing_is_counted_by_address(time: Time) -> None:
    limits = RateLimits(3, clock=time.time)
    for _ in range(60):
        limits.count_wrong_key("203.0.113.9")
    limits.refuse_guessing("203.0.113.10")
    with pytest.raises(Exception, match="Too many unknown API keys") as caught:
        limits.refuse_guessing("203.0.113.9")
    assert caught.value.retry_after == 60  # type: ignore[attr-defined]


def test_limit_is_a_setting(monkeypatch: pytest.MonkeyPatch, desk: Desk) -> None:
    monkeypatch.setenv("SHIPDESK_REQUESTS_PER_MINUTE", "1")
    monkeypatch.setattr("lib.api.app.get_settings", Settings)
    client = Client(Starlette(routes=[Mount("/v1", create_api(lambda: desk))]), headers={"PX-API-KEY": KEY})
    assert statuses(client, 2) == [404, 429]
