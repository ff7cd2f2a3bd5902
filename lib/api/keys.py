"""Keys: every call of /v1 needs one in a header, but for files opened by a signed link.

A page of another site cannot set that header on a browser's behalf, so a forged cross-site call never gets in.
"""

from starlette.requests import HTTPConnection

from lib.api.rate_limits import RateLimits
from lib.desk.protocol import Desk
from lib.models.api_keys import Grant, Scope
from lib.models.errors import Forbidden, Unauthorized

HEADERS = ("PX-API-KEY", "X-API-KEY")
_HOW = "Make one on the Settings page, or set SHIPDESK_API_KEY before the start."


def require_key(call: HTTPConnection, desk: Desk, limits: RateLimits, scope: Scope) -> None:
    """Let the call pass when its key opens the desk, has the scope and is not used too often.

    Raises Unauthorized, Forbidden, RateLimited.
    """
    secret = next((call.headers[name] for name in HEADERS if call.headers.get(name)), None)
    if secret is None:
        raise Unauthorized(f"Send an API key in the header {HEADERS[0]}. {_HOW}", code="key_missing")
    grant = _grant_of(secret, desk, limits, call.client.host if call.client else "")
    limits.count_call(grant.key_id)
    if not grant.allows(scope):
        raise Forbidden(
            f"This call needs a key with the scope {scope}; this key has {', '.join(grant.scopes) or 'none'}. "
            "Make another on the Settings page.",
            code="scope_missing",
            details={"needed": scope, "scopes": list(grant.scopes)},
        )


def _grant_of(secret: str, desk: Desk, limits: RateLimits, address: str) -> Grant:
    """What the key opens. The comparison is the desk's: by hash, so that its time tells nothing about the secret."""
    limits.refuse_guessing(address)
    grant = desk.api_keys.opens(secret)
    if grant is None:
        limits.count_wrong_key(address)
        raise Unauthorized(f"This API key is not known here or was revoked. {_HOW}", code="key_unknown")
    return grant
