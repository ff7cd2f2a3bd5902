"""The REST API: routers, their errors, their description. A thin skin over a Desk."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.routing import Match, Mount

from lib import runtime
from lib.api import (
    address_checks,
    commercial_invoices,
    directory,
    events,
    export_templates,
    exports,
    inferences,
    labels,
    payments,
    purchases,
    rate_cards,
    shipments,
    trackers,
    webhooks,
)
from lib.api.description import completed
from lib.api.docs import page_of
from lib.api.envelope import endpoint_of, error_answer
from lib.api.limits import RequestLog, SizeLimit
from lib.api.rate_limits import RateLimits
from lib.api.validation import problems_in, summary
from lib.desk.protocol import Desk
from lib.models.errors import DeskError, InvalidRequest, NotFound
from lib.settings import get_settings
from lib.store.links import PREFIX

_DESCRIPTION = """Compare published carrier prices, buy a label, export shipments as CSV.

Every call needs the header `PX-API-KEY`; make a key on the Settings page and choose what it may do: `read` to look,
`ship` to write shipments and what they refer to, `export` to make files, `admin` for everything. Called too often, a
key is answered 429 with the seconds to wait in `Retry-After`.

Money is in cents, weight in pounds, length in inches, times are ISO-8601 in UTC. Fields that are not known are
ignored; what is wrong is named by its path, such as `parcels.0.weight`. Every answer has an `X-Request-Id`, the one
that was sent when it has 1 to 64 letters, digits, dots, dashes or underscores.

A body has at most 1 MB (a rate card 5 MB) and 20 levels, a path with its query 8,000 characters; a shipment has at
most 200 parcels, 50 tags and 50 metadata keys of 2,000 bytes each."""
_ROUTERS = (
    shipments.keyed,
    purchases.keyed,
    labels.keyed,
    labels.linked,
    commercial_invoices.linked,
    payments.methods,
    payments.ledger,
    # Before the kept addresses, whose ids its path would be taken for.
    address_checks.keyed,
    *directory.routers,
    inferences.router,
    exports.keyed,
    exports.linked,
    export_templates.kept,
    export_templates.keyed,
    rate_cards.keyed,
    trackers.keyed,
    events.keyed,
    webhooks.kept,
    webhooks.log,
)
# The page has no script and fetches nothing.
_DOCS_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


class _Described(FastAPI):
    """The application with its description completed once."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI description, with an example and every error of every operation."""
        if self.openapi_schema is None:
            self.openapi_schema = completed(super().openapi())
        return self.openapi_schema


def create_api(
    desk: Callable[[], Desk],
    *,
    engine: Callable[[], sa.Engine] = lambda: runtime.current().engine,
    limits: RateLimits | None = None,
) -> FastAPI:
    """The application to be mounted at /v1.

    `engine` holds the secret of signed links; `limits` says how often is too often, as set from outside by default.
    """
    api = _Described(
        title="Shipdesk",
        version="1",
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        strict_content_type=False,
    )
    api.state.desk, api.state.engine = desk, engine
    api.state.limits = limits or RateLimits(get_settings().requests_per_minute)
    for router in _ROUTERS:
        api.include_router(router)
    api.add_route("/docs", _docs, include_in_schema=False)
    api.add_exception_handler(DeskError, _desk_error)
    api.add_exception_handler(RequestValidationError, _validation_error)
    api.add_exception_handler(HTTPException, _http_error)
    # The last one added stands first.
    api.add_middleware(SizeLimit)
    api.add_middleware(RequestLog)
    return api


def mounted(api: FastAPI) -> Mount:
    """The API where it is served: a mount that also takes a path with a line break (`%0A`) in it."""
    mount = Mount(PREFIX, api)
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    return mount


def _docs(request: Request) -> Response:
    api: FastAPI = request.app
    return HTMLResponse(page_of(api.openapi(), PREFIX), headers={"Content-Security-Policy": _DOCS_POLICY})


def _desk_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, DeskError):
        raise error
    return error_answer(request, error)


def _validation_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    problems = problems_in(error.errors())
    return error_answer(
        request,
        InvalidRequest(
            summary(problems),
            fields=[problem.path for problem in problems],
            details={problem.path: problem.message for problem in problems},
        ),
    )


def _http_error(request: Request, error: Exception) -> Response:
    """What the router itself refuses: no such route, no such method."""
    if not isinstance(error, HTTPException):
        raise error
    asked = f"{request.method} {endpoint_of(request)}"
    if error.status_code == NotFound.status:
        return error_answer(
            request, NotFound(f"There is no {asked}. {PREFIX}/docs lists what there is.", code="no_route")
        )
    if error.status_code == 405:  # noqa: PLR2004
        allowed = ", ".join(sorted(_methods_at(request)))
        refusal = InvalidRequest(f"There is no {asked}; this path takes {allowed}.", code="wrong_method")
        response = error_answer(request, refusal, status=error.status_code)
        response.headers["Allow"] = allowed
        return response
    return error_answer(request, InvalidRequest(str(error.detail)), status=error.status_code)


def _methods_at(request: Request) -> set[str]:
    """Every method that some route takes at the path of this request."""
    found = set[str]()
    for route in every_route():
        if route.matches(request.scope)[0] is not Match.NONE:
            found |= route.methods or set()
    return found


def every_route() -> Iterator[APIRoute]:
    """Every route of every resource."""
    return (route for router in _ROUTERS for route in router.routes if isinstance(route, APIRoute))
