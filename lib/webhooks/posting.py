"""One attempt: a payload posted to its receiver within five seconds in all, and what came of it."""

import asyncio
import contextlib
import functools
import ipaddress
import ssl
import time
from datetime import datetime
from typing import Any

import httpx

from lib.models.webhooks import DeliveryAttempt
from lib.store.webhooks import Claim

ANSWER_WITHIN_SEC = 5.0
_RESPONSE_KEPT = 200


class _Refused(Exception):
    """The address is none that may be sent to; the text says why."""


async def post(claim: Claim, at: datetime, *, public_only: bool) -> DeliveryAttempt:
    """Send it, once, and take any answer; every failure is told in words by the attempt, nothing is raised.

    With `public_only` nothing is sent to this machine or a private network, whatever the name resolves to.
    """
    began = time.monotonic()
    found: dict[str, Any] = {}
    try:
        async with asyncio.timeout(ANSWER_WITHIN_SEC):
            await _exchange(claim, found, public_only=public_only)
    except TimeoutError:
        if "status_code" not in found:
            found["error"] = f"No answer within {ANSWER_WITHIN_SEC:.0f} seconds."
    except _Refused as refused:
        found["error"] = str(refused)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        found["error"] = _in_words(error)
    return DeliveryAttempt(at=at, duration_ms=round((time.monotonic() - began) * 1000), **found)


def succeeded(attempt: DeliveryAttempt) -> bool:
    """Whether the receiver has taken it: any answer from 200 to 299."""
    return attempt.status_code is not None and httpx.codes.is_success(attempt.status_code)


async def _exchange(claim: Claim, found: dict[str, Any], *, public_only: bool) -> None:
    url, extensions = httpx.URL(claim.webhook.url), {}
    headers = _headers(claim)
    if public_only:
        headers["Host"] = url.netloc.decode()
        extensions["sni_hostname"] = url.host
        url = url.copy_with(host=await _public_address(url))
    # Nothing is taken from the environment: a proxy or a .netrc there was not meant for these receivers.
    async with (
        httpx.AsyncClient(verify=_certificates(), trust_env=False, timeout=2 * ANSWER_WITHIN_SEC) as client,
        client.stream(
            "POST", url, content=claim.payload.encode(), headers=headers, extensions=extensions, follow_redirects=False
        ) as response,
    ):
        found["status_code"] = response.status_code
        if not response.is_success:
            await _read_beginning(response, found)


def _headers(claim: Claim) -> dict[str, str]:
    headers = {
        "Content-Type": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "Shipdesk",
        "X-Shipdesk-Event": claim.delivery.event,
        "X-Shipdesk-Delivery": claim.delivery.id,
    }
    if claim.webhook.header is not None and claim.secret is not None:
        headers[claim.webhook.header.key] = claim.secret
    return headers


async def _read_beginning(response: httpx.Response, found: dict[str, Any]) -> None:
    """The first words of a refusal; the rest is not read."""
    body = b""
    with contextlib.suppress(httpx.HTTPError):
        async for chunk in response.aiter_raw(_RESPONSE_KEPT):
            body += chunk
            if len(body) >= _RESPONSE_KEPT:
                break
    text = "".join(sign if sign.isprintable() else " " for sign in body[:_RESPONSE_KEPT].decode(errors="replace"))
    found["response"] = " ".join(text.split()) or None


async def _public_address(url: httpx.URL) -> str:
    """An address of the host to connect to, looked up once so that no second look finds another. Raises _Refused."""
    addresses = await asyncio.get_running_loop().getaddrinfo(url.host, url.port)
    found = [str(address[4][0]) for address in addresses]
    if not found or not all(_is_public(address) for address in found):
        raise _Refused("This desk sends to public addresses only, and this is not one.")
    return found[0]


def _is_public(address: str) -> bool:
    return ipaddress.ip_address(address).is_global


def _in_words(error: BaseException) -> str:
    match _secure_problem(error) or error:
        case ssl.SSLCertVerificationError():
            return "The receiver's certificate could not be verified."
        case ssl.SSLError():
            return "No secure connection could be made; is the receiver's address really https?"
        case httpx.RemoteProtocolError() | httpx.ReadError() | httpx.WriteError():
            return "The connection broke before there was an answer."
        case _:
            return "The receiver could not be reached."


def _secure_problem(error: BaseException) -> ssl.SSLError | None:
    """The failed handshake behind an error, if there is one."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    return cause


@functools.cache
def _certificates() -> ssl.SSLContext:
    """Made once: reading all authorities takes longer than most deliveries."""
    return httpx.create_ssl_context()
