"""/addresses/verify: whether an address is right, as far as that can be said offline."""

from typing import Annotated

from fastapi import APIRouter, Body, Request
from starlette.responses import Response

from lib.api.envelope import answer
from lib.api.resources import one_of
from lib.api.routes import KEY_IN_DESCRIPTION, DeskOfCall, KeyedRoute
from lib.models.address_checks import AddressCheck, AddressVerification

_EXAMPLE = {"address": "111 Wellington St, Ottawa ON K1A 0A9, Canada", "phone": "613 555 0100"}

keyed = APIRouter(tags=["addresses"], route_class=KeyedRoute, dependencies=[KEY_IN_DESCRIPTION])


@keyed.post("/addresses/verify", responses=one_of(AddressVerification), summary="Verify an address")
def verify_address(
    request: Request, desk: DeskOfCall, body: Annotated[AddressCheck, Body(examples=[_EXAMPLE])]
) -> Response:
    """The address in its parts, with what was corrected, what was only assumed and what is wrong; nothing is kept."""
    return answer(request, desk.address_checks.verify(body), message="Address checked.")
