"""Links that open one file without a key for a while: a link in a browser cannot send a header."""

import functools
import hashlib
import secrets
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from urllib.parse import urlencode

import sqlalchemy as sa
from itsdangerous import BadSignature, SignatureExpired, TimestampSigner

from lib.models.errors import Forbidden
from lib.store.values import value_made_once

PREFIX = "/v1"
TRACKING_PREFIX = "/track"
LINK_LIVES = timedelta(minutes=15)
_SECRET_NAME = "link_secret"  # noqa: S105  # the name it is kept under, not the secret
_SECRET_BYTES = 32

Clock = Callable[[], float]
Parameters = Iterable[tuple[str, str]]


class _Signer(TimestampSigner):
    """Signs whole seconds since 1970 along with the target; the clock is given, so that a test can move it."""

    def __init__(self, secret: str, clock: Clock) -> None:
        super().__init__(secret, salt="shipdesk.link", digest_method=hashlib.sha256)
        self._clock = clock

    def get_timestamp(self) -> int:
        """Now, in seconds."""
        return int(self._clock())


def download_path(export_id: str, kind: str = "csv") -> str:
    """Where a file of an export is fetched."""
    export = f"{PREFIX}/exports/{export_id}"
    return f"{export}/download" if kind == "csv" else f"{export}/files/{kind}"


def template_page_path(template_id: str) -> str:
    """The page that a template opens on; it holds no secret and asks who opens it to sign in."""
    return f"/exports?template={template_id}"


def label_path(shipment_id: str) -> str:
    """Where the label of a shipment is fetched."""
    return f"{PREFIX}/shipments/{shipment_id}/label"


def tracking_path(tracker_id: str) -> str:
    """The public page of a tracker, which needs no signature."""
    return f"{TRACKING_PREFIX}/{tracker_id}"


def invoice_path(shipment_id: str) -> str:
    """Where the commercial invoice of a shipment is fetched."""
    return f"{PREFIX}/shipments/{shipment_id}/commercial_invoice"


def sign_path(engine: sa.Engine, path: str, parameters: Parameters = (), *, clock: Clock = time.time) -> str:
    """The path with its parameters and a `signature` that opens exactly this for 15 minutes."""
    asked = sorted(parameters)
    target = _target(path, asked)
    signature = _signer(engine, clock).sign(target).decode().removeprefix(f"{target}.")
    return f"{path}?{urlencode([*asked, ('signature', signature)])}"


def verify_path(
    engine: sa.Engine, path: str, signature: str, parameters: Parameters = (), *, clock: Clock = time.time
) -> None:
    """Whether `signature` opens `path` with these parameters, in any order, now. Raises Forbidden."""
    signed = f"{_target(path, sorted(parameters))}.{signature}"
    try:
        _signer(engine, clock).unsign(signed, max_age=int(LINK_LIVES.total_seconds()))
    except SignatureExpired as error:
        raise Forbidden("This link has expired. Read the record again for a fresh one.", code="link_expired") from error
    except BadSignature as error:
        raise Forbidden("This link does not open this file. Read the record again for a fresh one.") from error


def _target(path: str, parameters: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path


def _signer(engine: sa.Engine, clock: Clock) -> _Signer:
    return _Signer(_secret(engine), clock)


@functools.lru_cache(maxsize=4)
def _secret(engine: sa.Engine) -> str:
    """The secret of that database; it never changes, and a page of a list signs hundreds of links with it."""
    return value_made_once(engine, _SECRET_NAME, lambda: secrets.token_urlsafe(_SECRET_BYTES))
