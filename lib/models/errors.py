"""The one tree of errors. Every room raises these; the API and the pages each show them once."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class DeskError(Exception):
    """Something the caller can act on.

    `message` is one friendly sentence, `fields` the wire paths that failed (`parcels.0.weight`),
    `code` a stable word for programs, `details` extra facts, `request_id` the call it belongs to.
    """

    status: ClassVar[int] = 500
    default_code: ClassVar[str] = "server_error"

    def __init__(
        self,
        message: str,
        *,
        fields: Sequence[str] = (),
        code: str | None = None,
        details: Mapping[str, Any] | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.fields = list(fields)
        self.code = code or self.default_code
        self.details = dict(details or {})
        self.request_id = request_id


class InvalidRequest(DeskError):
    """The request is malformed or asks for something impossible."""

    status = 400
    default_code = "invalid_request"


class Unauthorized(DeskError):
    """No key, or a key that is not known here."""

    status = 401
    default_code = "unauthorized"


class Forbidden(DeskError):
    """The key or link is known but does not open this."""

    status = 403
    default_code = "forbidden"


class NotFound(DeskError):
    """Nothing is stored under that id."""

    status = 404
    default_code = "not_found"


class Conflict(DeskError):
    """The thing exists but its state does not allow this: bought already, rates expired."""

    status = 409
    default_code = "conflict"


class RateLimited(DeskError):
    """Asked too often. `retry_after` is in how many seconds there is room again."""

    status = 429
    default_code = "rate_limited"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message, details={"retry_after": retry_after})
        self.retry_after = retry_after


class DeskUnavailable(DeskError):
    """The desk could not be reached or failed within itself."""

    status = 500
    default_code = "unavailable"
