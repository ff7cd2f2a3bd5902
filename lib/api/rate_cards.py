"""/rate_cards: the team's own prices, discounts, up-charges and newer price lists, as files."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from lib.api.envelope import Envelope, ErrorEnvelope, ListEnvelope, answer, list_answer
from lib.api.routes import KEY_IN_DESCRIPTION, DeskOfCall, KeyedRoute
from lib.models.base import WireModel
from lib.models.lists import MAX_PAGE
from lib.models.rate_cards import CardKind, CardReport, RateCard, RateCardUpload, RateCardWithRows

_Responses = dict[int | str, dict[str, Any]]
_ERROR: _Responses = {"default": {"model": ErrorEnvelope}}
_EXAMPLE = {
    "kind": "adjustment",
    "name": "UPS agreement",
    "effective": "2026-01-01",
    "content": "provider,service,percent\nups,ground,-12.5\n",
}

keyed = APIRouter(tags=["rate cards"], route_class=KeyedRoute, dependencies=[KEY_IN_DESCRIPTION])

CardId = Annotated[str, Path(description="An id that begins with rcard_.")]
_Upload = Annotated[RateCardUpload, Body(examples=[_EXAMPLE])]
_DryRun = Annotated[bool, Query(description="Only say what would change, and what is wrong line by line.")]


class Paging(WireModel):
    """Which page of the list."""

    page: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 1
    limit: Annotated[int, Field(ge=1, le=500)] = 25


@keyed.post(
    "/rate_cards",
    summary="Load a rate card",
    responses={200: {"model": Envelope[RateCard] | Envelope[CardReport]}, **_ERROR},
)
def create_rate_card(request: Request, desk: DeskOfCall, body: _Upload, *, dry_run: _DryRun = False) -> Response:
    """Put a file in force from its first day on, whole or not at all; with `dry_run` only report what it would change.

    The file is CSV text in `content`, or CSV or XLSX as base64 in `content_base64`.
    """
    if dry_run:
        report = desk.rate_cards.dry_run(body)
        told = "Can be applied." if report.can_be_applied else "Cannot be applied as it is."
        return answer(request, report, message=f"Nothing was changed. {told}")
    return answer(request, desk.rate_cards.apply(body), message="Rate card applied.", events=["rate_card.applied"])


@keyed.get("/rate_cards", responses={200: {"model": ListEnvelope[RateCard]}, **_ERROR}, summary="List rate cards")
def list_rate_cards(request: Request, desk: DeskOfCall, query: Annotated[Paging, Query()]) -> Response:
    """A page of cards without their rows, the last entered first."""
    return list_answer(request, desk.rate_cards.list(query.page, query.limit), message="Rate cards found.")


@keyed.get(
    "/rate_cards/{card_id}",
    responses={200: {"model": Envelope[RateCardWithRows]}, **_ERROR},
    summary="Read a rate card",
)
def retrieve_rate_card(request: Request, desk: DeskOfCall, card_id: CardId) -> Response:
    """The card with every row that was read from its file."""
    return answer(request, desk.rate_cards.retrieve(card_id), message="Rate card found.")


@keyed.delete(
    "/rate_cards/{card_id}", responses={200: {"model": Envelope[RateCard]}, **_ERROR}, summary="Remove a rate card"
)
def delete_rate_card(request: Request, desk: DeskOfCall, card_id: CardId) -> Response:
    """Take a card away, so that the one before it holds again. Quotes already given keep theirs."""
    return answer(request, desk.rate_cards.delete(card_id), message="Rate card removed.", events=["rate_card.removed"])


@keyed.get(
    "/rate_cards/templates/{kind}",
    summary="Fetch a template",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}, **_ERROR},
)
def rate_card_template(desk: DeskOfCall, kind: CardKind) -> Response:
    """A CSV file in the layout of that kind of card, to start from."""
    headers = {"Content-Disposition": f'attachment; filename="{kind}_rate_card.csv"'}
    return Response(desk.rate_cards.template(kind), media_type="text/csv; charset=utf-8", headers=headers)
