"""What stands before every route of /v1: a request id, a log line, limits on sizes, no bare crash."""

import logging
import time
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.api import request_ids
from lib.api.envelope import error_answer
from lib.models.errors import DeskUnavailable, InvalidRequest
from lib.store.links import PREFIX

MAX_BODY_BYTES = 1_000_000
# A carrier's workbook as base64 is larger than anything else that is sent.
MAX_ADDRESS_BYTES = 8_000
_LARGER = {f"{PREFIX}/rate_cards": 5_000_000}

log = logging.getLogger("shipdesk.api")


class RequestLog:
    """Gives every answer an `X-Request-Id`, logs the call under it, and turns a crash into a 500 answer.

    Neither the query nor a header is ever logged: signatures and keys are in them.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, statuses = time.perf_counter(), list[int]()
        request_id = request_ids.begin(Headers(scope=scope).get(request_ids.HEADER))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
                headers = MutableHeaders(scope=message)
                headers[request_ids.HEADER] = request_id
                headers["X-Content-Type-Options"] = "nosniff"
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:
            log.exception("%s %s failed", scope["method"], quote(scope["path"]))
            if statuses:
                raise
            error = DeskUnavailable(f"Something went wrong here; it is logged as {request_id}.", code="server_error")
            await error_answer(HTTPConnection(scope), error)(scope, receive, send_with_headers)
        finally:
            took_ms = (time.perf_counter() - began) * 1000
            status = statuses[0] if statuses else 500
            log.info("%s %s %s %.0f ms", scope["method"], quote(scope["path"]), status, took_ms)


class SizeLimit:
    """Refuses a path with its query over the limit, and a body: by its length if announced, else while it streams in.

    How large headers may be is the server's to say.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if len(scope["path"]) + len(scope["query_string"]) > MAX_ADDRESS_BYTES:
            await error_answer(HTTPConnection(scope), _too_long())(scope, receive, send)
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


def _too_long() -> InvalidRequest:
    return InvalidRequest(
        f"The path with its query is longer than {MAX_ADDRESS_BYTES:,} characters, which is the limit.",
        code="query_too_long",
    )


def _too_large(most: int) -> InvalidRequest:
    return InvalidRequest(
        f"The body is larger than {most // 1_000_000} MB, which is the limit.",
        fields=["body"],
        code="body_too_large",
    )
