"""Getting rates: from a request to a quoted shipment, and fresh rates for one quoted before."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from lib.address.parties import ResolvedParty, resolve_party
from lib.directory.lookup import PartyInHand
from lib.models.addresses import PartyInput
from lib.models.errors import InvalidRequest
from lib.models.ids import new_id
from lib.models.options import RateType, ShipmentOptions
from lib.models.parcels import Parcel
from lib.models.shipments import QuoteRequest, Shipment
from lib.models.team import TeamSettings
from lib.rating.cards.book import CardBook
from lib.rating.quoting import RatingRequest, quote, resolve_parcels
from lib.shipping.customs import customs_notes, with_customs_told
from lib.shipping.references import NOTHING_REFERRED, Referred, parcels_of
from lib.shipping.verification import verification_notes

_ZIP_DIGITS = 5
_KEPT_AS_GIVEN = (
    "rma_number", "invoice_number", "purchase_order", "reference_number", "account_id", "notes", "customs",
)  # fmt: skip
_OF_RATES = ("options", "rates", "recommended_rate", "outcomes", "notes_on_rates", "rates_generated_at")
_RESIDENTIAL = "The recipient has no business name, so the address is taken as residential."
# A fulfillment may be collected where it was packed.
_RATE_TYPES_OF_A_FULFILLMENT: list[RateType] = ["delivery", "pickup"]


def quoted_shipment(
    request: QuoteRequest,
    team: TeamSettings,
    at: datetime,
    cards: CardBook = CardBook.EMPTY,
    referred: Referred = NOTHING_REFERRED,
) -> Shipment:
    """A new shipment with its rates, as asked at that moment; nothing is stored.

    `referred` is what the ids in the request led to. Raises InvalidRequest for what cannot be shipped.
    """
    sender, recipient = _resolved_parties(request, referred)
    fulfillment = referred.fulfillment
    blank = Shipment(
        id=new_id("ship"),
        type=request.type,
        sender=sender.party,
        recipient=recipient.party,
        parcels=[Parcel.model_validate(parcel.model_dump()) for parcel in parcels_of(request, fulfillment)],
        options=request.options.over(team.default_options),
        rates_generated_at=at,
        location_id=request.location_id,
        fulfillment_id=request.fulfillment_id,
        order_number=request.order_number or (fulfillment and fulfillment.order_number),
        tags=request.tags,
        metadata=request.metadata,
        **{name: getattr(request, name) for name in _KEPT_AS_GIVEN},
        created_at=at,
        updated_at=at,
    )
    quoted = with_fresh_rates(blank, team, at, cards)
    told = [*sender.corrections, *recipient.corrections]
    if blank.options.verify_addresses:
        told += [*sender.assumptions, *recipient.assumptions]
    quoted.notes_on_rates = [*told, *quoted.notes_on_rates]
    return quoted


def with_fresh_rates(
    shipment: Shipment, team: TeamSettings, at: datetime, cards: CardBook = CardBook.EMPTY
) -> Shipment:
    """The shipment with rates as its options ask for them at that moment. Raises InvalidRequest."""
    answer = quote(
        RatingRequest(
            origin_zip=shipment.sender.address.postal_code[:_ZIP_DIGITS],
            destination_zip=shipment.recipient.address.postal_code[:_ZIP_DIGITS],
            origin_country=shipment.sender.address.country_code,
            destination_country=shipment.recipient.address.country_code,
            parcels=resolve_parcels(shipment.parcels),
            residential=not shipment.recipient.business,
            ship_at=at,
            options=_as_asked(shipment),
            team=team,
            cards=cards,
        )
    )
    fresh = {
        "rates": list(answer.rates),
        "recommended_rate": answer.recommended,
        "outcomes": list(answer.outcomes),
        "notes_on_rates": [*_assumptions(shipment), *answer.notes, *customs_notes(shipment)],
        "rates_generated_at": at,
        "updated_at": at,
    }
    return shipment.model_copy(update=fresh)


def with_rates_of(shipment: Shipment, quoted: Shipment, at: datetime) -> Shipment:
    """The shipment, changed at that moment, with options and rates as an earlier state of it was `quoted`."""
    taken = {name: getattr(quoted, name) for name in _OF_RATES}
    return with_customs_told(shipment.model_copy(update={**taken, "updated_at": at}), customs_notes(quoted))


def merged_options(options: ShipmentOptions, changes: Mapping[str, Any], defaults: ShipmentOptions) -> ShipmentOptions:
    """The options with some changed; `null` puts one back to its default. Raises InvalidRequest naming each field."""
    try:
        return options.changed(dict(changes), defaults)
    except ValidationError as error:
        problems = {
            ".".join(str(part) for part in ("options", *found["loc"])): found["msg"] for found in error.errors()
        }
        raise InvalidRequest(
            "; ".join(f"{path}: {message}" for path, message in problems.items()), fields=list(problems)
        ) from error


def _as_asked(shipment: Shipment) -> ShipmentOptions:
    """The options with the kinds of rates that a shipment of a fulfillment is shown where none are named."""
    options = shipment.options
    if options.rate_types is not None or shipment.fulfillment_id is None:
        return options
    return options.model_copy(update={"rate_types": _RATE_TYPES_OF_A_FULFILLMENT})


def _resolved_parties(request: QuoteRequest, referred: Referred) -> tuple[ResolvedParty, ResolvedParty]:
    """Sender and recipient; what is wrong with either is told at once."""
    resolved: list[ResolvedParty] = []
    wrong: list[InvalidRequest] = []
    for path, given in (("sender", request.sender), ("recipient", request.recipient)):
        in_hand = referred.parties.get(path) or PartyInHand(_as_party(given))
        try:
            resolved.append(resolve_party(in_hand.given, path, in_hand.address))
        except InvalidRequest as error:
            wrong.append(error)
    if wrong:
        fields = [field for error in wrong for field in error.fields]
        raise InvalidRequest(" ".join(error.message for error in wrong), fields=fields)
    sender, recipient = resolved
    return sender, recipient


def _as_party(given: PartyInput | str) -> PartyInput:
    return PartyInput(contact_id=given) if isinstance(given, str) else given


def _assumptions(shipment: Shipment) -> list[str]:
    told = [] if shipment.recipient.business else [_RESIDENTIAL]
    return [*told, *verification_notes(shipment)] if shipment.options.verify_addresses else told
