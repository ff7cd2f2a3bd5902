"""Keys: every call of /v1 needs one in a header, but for files opened by a signed link.

A page of another site cannot set that header on a browser's behalf, so a forged cross-site call never gets in.
"""

from collections.abc import Mapping

from lib.desk.protocol import Desk
from lib.models.errors import Unauthorized

HEADERS = ("PX-API-KEY", "X-API-KEY")
_HOW = "Make one on the Settings page, or set SHIPDESK_API_KEY before the start."


def require_key(desk: Desk, headers: Mapping[str, str]) -> None:
    """Let the call pass when its key opens the desk. `headers` ignores case. Raises Unauthorized.

    The comparison is the desk's: by hash, so that its time tells nothing about the secret.
    """
    secret = next((headers[name] for name in HEADERS if headers.get(name)), None)
    if secret is None:
        raise Unauthorized(f"Send an API key in the header {HEADERS[0]}. {_HOW}", code="key_missing")
    if not desk.api_keys.opens(secret):
        raise Unauthorized(f"This API key is not known here or was revoked. {_HOW}", code="key_unknown")
