"""A client that calls an ASGI application in process, without a port."""

import asyncio
from typing import Any

import httpx
from starlette.types import ASGIApp, Message

from tests.examples import QUOTABLE

KEY = "a key from the environment"


class Client:
    """Synchronous calls; `headers` go with every one."""

    def __init__(self, app: ASGIApp, *, base_url: str = "http://localhost", headers: dict[str, str] | None = None):
        self.app, self.base_url, self.headers = app, base_url, headers or {}

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.request("POST", path, **options)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        return asyncio.run(self._request(method, path, **options))

    async def _request(self, method: str, path: str, **options: Any) -> httpx.Response:
        # A crash has to come back as an answer, as it would from a server.
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=self.base_url, headers=self.headers) as client:
            return await client.request(method, path, **options)


def start(app: ASGIApp) -> list[Message]:
    """What the application answers when a server starts and then stops it."""
    asked = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    answers: list[Message] = []

    async def receive() -> Message:
        return next(asked)

    async def send(message: Message) -> None:
        answers.append(message)

    async def run() -> None:
        await app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)

    asyncio.run(run())
    return answers


def quoted(client: Client, **changes: Any) -> dict[str, Any]:
    """The example of the API page, with changes, as quoted."""
    response = client.post("/v1/shipments", json=QUOTABLE | changes)
    assert response.status_code == 200, response.text
    shipment: dict[str, Any] = response.json()["data"]
    return shipment


def bought(client: Client, **changes: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A shipment as quoted and as bought at its recommended rate."""
    before = quoted(client, **changes)
    response = client.post(f"/v1/shipments/{before['id']}/purchase", json={"rate_id": before["recommended_rate"]["id"]})
    assert response.status_code == 200, response.text
    return before, response.json()["data"]
