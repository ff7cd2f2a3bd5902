"""The shape of every answer: the envelope, and for exports the record bare with its own kind of error."""

from typing import Any, Generic, TypeVar

import msgspec
from pydantic import BaseModel, Field
from starlette.requests import HTTPConnection
from starlette.responses import Response

from lib.models.errors import DeskError, RateLimited
from lib.models.lists import Page
from lib.store.links import PREFIX

Data = TypeVar("Data")
Item = TypeVar("Item", bound=BaseModel)

_EXPORTS = f"{PREFIX}/exports"


class Pagination(BaseModel):
    """Where in a list an answer stands."""

    limit: int
    page: int
    has_more: bool
    total_count: int


class Envelope(BaseModel, Generic[Data]):
    """An answer. `errors` names the fields that failed, `events` what the call made happen."""

    message: str
    data: Data
    status: int = 200
    errors: list[str] = Field(default_factory=list)
    code: str | None = None
    endpoint: str
    events: list[str] = Field(default_factory=list)


class ListEnvelope(Envelope[list[Data]], Generic[Data]):
    """An answer that holds a page of a list."""

    pagination: Pagination


class ErrorEnvelope(Envelope[None]):
    """An answer that says what is wrong."""

    data: None = None
    status: int = 400


class ExportError(BaseModel):
    """What the exports answer instead of an envelope. `details` goes from field to value or reason."""

    error: str
    message: str
    details: dict[str, Any] = Field(default_factory=dict)


def endpoint_of(connection: HTTPConnection) -> str:
    """The path that was asked, with the prefix."""
    return str(connection.scope["path"])


def json_response(model: BaseModel, status: int = 200) -> Response:
    """The model as JSON."""
    return Response(model.model_dump_json(), status, media_type="application/json")


def answer(
    request: HTTPConnection, data: BaseModel | bytes, *, message: str, events: list[str] | None = None
) -> Response:
    """One object, a model or JSON already, in its envelope."""
    envelope = Envelope[Any](message=message, data=None, endpoint=endpoint_of(request), events=events or [])
    return _holding(envelope, _json(data))


def pagination_of(page: Page[Any]) -> Pagination:
    """Where in its list a page stands."""
    return Pagination(limit=page.limit, page=page.page, has_more=page.has_more, total_count=page.total_count)


def list_answer(request: HTTPConnection, page: Page[Item] | Page[bytes], *, message: str) -> Response:
    """A page of a list, of models or of JSON already, in its envelope."""
    envelope = ListEnvelope[Any](
        message=message, data=[], endpoint=endpoint_of(request), pagination=pagination_of(page)
    )
    return _holding(envelope, [_json(item) for item in page.items])


def _json(data: BaseModel | bytes) -> msgspec.Raw:
    return msgspec.Raw(data if isinstance(data, bytes) else data.model_dump_json().encode())


def _holding(envelope: BaseModel, data: msgspec.Raw | list[msgspec.Raw]) -> Response:
    fields: dict[str, Any] = msgspec.json.decode(envelope.model_dump_json(), type=dict[str, msgspec.Raw])
    return Response(msgspec.json.encode({**fields, "data": data}), media_type="application/json")


def error_answer(connection: HTTPConnection, error: DeskError, *, status: int | None = None) -> Response:
    """The error in the shape that this endpoint answers in."""
    response = json_response(_told(connection, error, status or error.status), status or error.status)
    if isinstance(error, RateLimited):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _told(connection: HTTPConnection, error: DeskError, status: int) -> BaseModel:
    path = endpoint_of(connection)
    if path == _EXPORTS or path.startswith(f"{_EXPORTS}/"):
        details = error.details or dict.fromkeys(error.fields, error.message)
        return ExportError(error=error.code, message=error.message, details=details)
    return ErrorEnvelope(message=error.message, status=status, errors=error.fields, code=error.code, endpoint=path)


def absolute(connection: HTTPConnection, link: str | None) -> str | None:
    """A link as a client outside can use it: with the scheme and host this request came to."""
    if link is None or not link.startswith("/"):
        return link
    return f"{connection.url.scheme}://{connection.url.netloc}{link}"
