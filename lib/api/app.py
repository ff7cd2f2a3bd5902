"""The REST API: routers, their errors, their description. A thin skin over a Desk."""

from collections.abc import Callable

import sqlalchemy as sa
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.routing import Match, Route

from lib import runtime
from lib.api import (
    address_checks,
    commercial_invoices,
    directory,
    events,
    exports,
    labels,
    payments,
    purchases,
    rate_cards,
    shipments,
    trackers,
    webhooks,
)
from lib.api.docs import page_of
from lib.api.envelope import endpoint_of, error_answer
from lib.api.limits import BodyLimit, RequestLog
from lib.api.validation import problems_in, summary
from lib.desk.protocol import Desk
from lib.models.errors import DeskError, InvalidRequest, NotFound
from lib.store.links import PREFIX

_DESCRIPTION = """Compare published carrier prices, buy a label, export shipments as CSV.

Every call needs the header `PX-API-KEY`; make a key on the Settings page. Money is in cents, weight in pounds,
length in inches, times are ISO-8601 in UTC."""
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
    exports.keyed,
    exports.linked,
    rate_cards.keyed,
    trackers.keyed,
    events.keyed,
    webhooks.kept,
    webhooks.log,
)
# The page has no script and fetches nothing.
_DOCS_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def create_api(
    desk: Callable[[], Desk],
    *,
    engine: Callable[[], sa.Engine] = lambda: runtime.current().engine,
) -> FastAPI:
    """The application to be mounted at /v1. `engine` holds the secret of signed links."""
    api = FastAPI(
        title="Shipdesk",
        version="1",
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        strict_content_type=False,
    )
    api.state.desk, api.state.engine = desk, engine
    for router in _ROUTERS:
        api.include_router(router)
    api.add_route("/docs", _docs, include_in_schema=False)
    api.add_exception_handler(DeskError, _desk_error)
    api.add_exception_handler(RequestValidationError, _validation_error)
    api.add_exception_handler(HTTPException, _http_error)
    # The last one added stands first.
    api.add_middleware(BodyLimit)
    api.add_middleware(RequestLog)
    return api


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
    for route in (route for router in _ROUTERS for route in router.routes):
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE:
            found |= route.methods or set()
    return found
