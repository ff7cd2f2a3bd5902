"""What stands before every route of /v1: a request id, a log line, a limit on the body, no bare crash."""

import logging
import time
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.api.envelope import error_answer
from lib.models.errors import DeskUnavailable, InvalidRequest
from lib.models.ids import new_id
from lib.store.links import PREFIX

MAX_BODY_BYTES = 1_000_000
# A carrier's workbook as base64 is larger than anything else that is sent.
_LARGER = {f"{PREFIX}/rate_cards": 5_000_000}

log = logging.getLogger("shipdesk.api")


class RequestLog:
    """Gives every answer an `X-Request-Id`, logs the call under it, and turns a crash into a 500 answer.

    The query is never logged: a signed link's signature is in it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id, began, statuses = new_id("req"), time.perf_counter(), list[int]()

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                headers["X-Content-Type-Options"] = "nosniff"
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:
            log.exception("%s failed", request_id)
            if statuses:
                raise
            error = DeskUnavailable(f"Something went wrong here; it is logged as {request_id}.", code="server_error")
            await error_answer(HTTPConnection(scope), error)(scope, receive, send_with_headers)
        finally:
            took_ms = (time.perf_counter() - began) * 1000
            status = statuses[0] if statuses else 500
            log.info("%s %s %s %s %.0f ms", request_id, scope["method"], quote(scope["path"]), status, took_ms)


class BodyLimit:
    """Refuses a body over the limit: by its announced length before reading it, else while it streams in."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = _LARGER.get(scope["path"], MAX_BODY_BYTES)
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and int(announced) > most:
            await error_answer(HTTPConnection(scope), _too_large(most))(scope, receive, send)
            return
        read = 0

        async def receive_within_limit() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise _too_large(most)
            return message

        await self._app(scope, receive_within_limit, send)


def _too_large(most: int) -> InvalidRequest:
    return InvalidRequest(
        f"The body is larger than {most // 1_000_000} MB, which is the limit.",
        fields=["body"],
        code="body_too_large",
    )
