"""How every route of the API takes a call: the key first, then a strict reading of the body."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import Depends, Request, Security
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from fastapi.security import APIKeyHeader
from pydantic_core import from_json
from starlette.responses import Response

from lib.api.keys import HEADERS, require_key
from lib.api.scopes import scope_for
from lib.desk.protocol import Desk
from lib.models.errors import InvalidRequest
from lib.store.links import verify_path

MAX_DEPTH = 20
_JSON = ("application/json", "+json")
# Only tells the OpenAPI description about the header; `KeyedRoute` does the checking.
KEY_IN_DESCRIPTION = Security(APIKeyHeader(name=HEADERS[0], auto_error=False, scheme_name="key"))

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class PlainRoute(APIRoute):
    """A route that refuses what no database can keep and reads JSON strictly."""

    def get_route_handler(self) -> Handler:
        """The handler, behind the checks."""
        handle = super().get_route_handler()

        async def checked(request: Request) -> Response:
            await self.admit(request)
            _refuse_null_characters(request.url.path, "path")
            for name, value in request.query_params.multi_items():
                _refuse_null_characters({name: value}, "query" if "\0" in name else "")
            strict = _JsonRequest(request.scope, request.receive)
            if request.method == "POST":
                await strict.read()
            return await handle(strict)

        return checked

    async def admit(self, request: Request) -> None:
        """Who may call: here anybody, the handler decides."""


class KeyedRoute(PlainRoute):
    """A route that needs a key, asked for before a byte of the body is read."""

    async def admit(self, request: Request) -> None:
        """Only a key with the scope that `scopes` names for the route. Raises Unauthorized, Forbidden, RateLimited."""
        await run_in_threadpool(_require_key, request, self.path)


class _JsonRequest(Request):
    """A request whose body, where it has one, is a JSON object within what JSON and the databases allow."""

    _object: dict[str, Any]

    async def read(self) -> None:
        """Read and check the body. Raises InvalidRequest."""
        body = await self.body()
        if not body:
            return
        kind = self.headers.get("content-type", _JSON[0]).split(";")[0].strip().lower()
        if not kind.endswith(_JSON):
            raise InvalidRequest(f"Send the body as Content-Type: {_JSON[0]}, not {kind}.", fields=["body"])
        try:
            value = from_json(body, allow_inf_nan=False)
        except ValueError as error:
            raise InvalidRequest(f"The body is not JSON: {error}.", fields=["body"], code="malformed_json") from error
        if not isinstance(value, dict):
            raise InvalidRequest("The body must be a JSON object: { … }.", fields=["body"])
        # Counting first is cheap, and most bodies are done with it.
        if body.count(b"{") + body.count(b"[") > MAX_DEPTH:
            _refuse_deeper(value, MAX_DEPTH)
        if b"\\u0000" in body:
            _refuse_null_characters(value)
        self._object = value

    async def json(self) -> dict[str, Any]:
        """The body as read before."""
        return self._object


def _refuse_deeper(value: Any, levels: int) -> None:
    if not isinstance(value, dict | list):
        return
    if not levels:
        raise InvalidRequest(f"The body is nested deeper than {MAX_DEPTH} levels.", fields=["body"], code="too_deep")
    for item in value.values() if isinstance(value, dict) else value:
        _refuse_deeper(item, levels - 1)


def _refuse_null_characters(value: Any, path: str = "") -> None:
    if isinstance(value, str):
        if "\0" in value:
            raise InvalidRequest("The character U+0000 cannot be kept; leave it out.", fields=[path or "body"])
    elif isinstance(value, dict):
        for name, item in value.items():
            _refuse_null_characters(name, path)
            _refuse_null_characters(item, f"{path}.{name}".removeprefix("."))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            _refuse_null_characters(item, f"{path}.{at}")


def _require_key(request: Request, path: str) -> None:
    scope = scope_for(request.method, path)
    require_key(request, request.app.state.desk(), request.app.state.limits, scope)


async def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk()
    return desk


def _open_by_key_or_link(request: Request, signature: str | None = None) -> None:
    """Admit a signed link to exactly this path and query, or else a key.

    Raises Forbidden, Unauthorized, RateLimited.
    """
    if signature is None:
        _require_key(request, request.scope["route"].path)
        return
    request.app.state.desk()
    engine: sa.Engine = request.app.state.engine()
    parameters = [(name, value) for name, value in request.query_params.multi_items() if name != "signature"]
    verify_path(engine, request.url.path, signature, parameters)


DeskOfCall = Annotated[Desk, Depends(_desk)]
BY_KEY_OR_LINK = Depends(_open_by_key_or_link)
