"""Links that open one path without a key for a while: a link in a browser cannot send a header."""

import functools
import hashlib
import secrets
import time
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import sqlalchemy as sa
from itsdangerous import BadSignature, SignatureExpired, TimestampSigner

from lib.models.errors import Forbidden
from lib.store.values import value_made_once

PREFIX = "/v1"
LINK_LIVES = timedelta(minutes=15)
_SECRET_NAME = "link_secret"  # noqa: S105  # the name it is kept under, not the secret
_SECRET_BYTES = 32

Clock = Callable[[], float]


class _Signer(TimestampSigner):
    """Signs whole seconds since 1970 along with the path; the clock is given, so that a test can move it."""

    def __init__(self, secret: str, clock: Clock) -> None:
        super().__init__(secret, salt="shipdesk.link", digest_method=hashlib.sha256)
        self._clock = clock

    def get_timestamp(self) -> int:
        """Now, in seconds."""
        return int(self._clock())


def download_path(export_id: str) -> str:
    """Where the file of an export is fetched."""
    return f"{PREFIX}/exports/{export_id}/download"


def label_path(shipment_id: str) -> str:
    """Where the label of a shipment is fetched."""
    return f"{PREFIX}/shipments/{shipment_id}/label"


def invoice_path(shipment_id: str) -> str:
    """Where the commercial invoice of a shipment is fetched."""
    return f"{PREFIX}/shipments/{shipment_id}/commercial_invoice"


def sign_path(engine: sa.Engine, path: str, *, clock: Clock = time.time) -> str:
    """The path with a `signature` that opens exactly this path for 15 minutes."""
    signed = _signer(engine, clock).sign(path).decode()
    return f"{path}?{urlencode({'signature': signed.removeprefix(f'{path}.')})}"


def verify_path(engine: sa.Engine, path: str, signature: str, *, clock: Clock = time.time) -> None:
    """Whether `signature` opens `path` now. Raises Forbidden."""
    try:
        _signer(engine, clock).unsign(f"{path}.{signature}", max_age=int(LINK_LIVES.total_seconds()))
    except SignatureExpired as error:
        raise Forbidden("This link has expired. Read the record again for a fresh one.", code="link_expired") from error
    except BadSignature as error:
        raise Forbidden("This link does not open this file. Read the record again for a fresh one.") from error


def _signer(engine: sa.Engine, clock: Clock) -> _Signer:
    return _Signer(_secret(engine), clock)


@functools.lru_cache(maxsize=4)
def _secret(engine: sa.Engine) -> str:
    """The secret of that database; it never changes, and a page of a list signs hundreds of links with it."""
    return value_made_once(engine, _SECRET_NAME, lambda: secrets.token_urlsafe(_SECRET_BYTES))
