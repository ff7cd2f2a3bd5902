"""What stands before pages and API: nobody outside this machine gets in before a login is configured."""

import ipaddress
from collections.abc import Callable

import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Router
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.path_security import is_unsafe_path_pattern

from lib.login import login_is_configured
from lib.store.links import PREFIX

HOW_TO_GO_PUBLIC = (
    "Shipdesk is not open to other machines while no login is configured: anybody could buy labels here. "
    "Set up a login in .streamlit/secrets.toml (section [auth]; see secrets.example.toml), "
    'or listen on this machine only: server.address = "localhost" in .streamlit/config.toml.'
)
_POLICY_VIOLATION = 1008


def configured_address() -> str | None:
    """The address Streamlit was told to listen on; None for every address."""
    address: str | None = st.get_option("server.address")
    return address or None


def is_local(address: str | None) -> bool:
    """Whether only this machine reaches `address`: a loopback address, `localhost` or a Unix socket."""
    if address is None:
        return False
    if address == "localhost" or address.startswith(("unix:", "/")):
        return True
    try:
        found = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback


class LocalUntilLogin:
    """Refuses to start on a public address without a login, and any connection that came in on one.

    The second is for servers that take their address from elsewhere, such as `uvicorn --host`: they tell it only
    with each connection.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        login: Callable[[], bool] = login_is_configured,
        address: Callable[[], str | None] = configured_address,
    ) -> None:
        self._app, self._login, self._address = app, login, address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, or the start."""
        if scope["type"] == "lifespan":
            if is_local(self._address()) or self._login():
                await self._app(scope, receive, send)
            else:
                await receive()
                await send({"type": "lifespan.startup.failed", "message": HOW_TO_GO_PUBLIC})
        elif is_local(_server_address(scope)) or self._login():
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": "login not configured"})
        else:
            await PlainTextResponse(HOW_TO_GO_PUBLIC, 403)(scope, receive, send)


class EveryPathOfTheApi:
    """Lets the API answer each path that is its own, also what Streamlit takes for a way out of a folder (`..`, `%00`).

    Streamlit would refuse those by two bare words, without envelope and request id.
    """

    def __init__(self, app: ASGIApp, *, api: BaseRoute) -> None:
        self._app, self._api = app, Router([api])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        path = str(scope.get("path", ""))
        is_refused = path.startswith(f"{PREFIX}/") and is_unsafe_path_pattern(path.lstrip("/"))
        await (self._api if is_refused else self._app)(scope, receive, send)


def _server_address(scope: Scope) -> str | None:
    """The address of the socket the connection came in on; a Unix socket has no address to tell."""
    server = scope.get("server")
    return "unix:" if server is None else str(server[0])
