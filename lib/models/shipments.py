"""Shipments: what is asked, what is kept, how they are bought and listed."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticKnownError

from lib.models.addresses import ContactReference, Coordinates, FullPartyInput, Party, PartyInput
from lib.models.base import Document, LongText, Metadata, Tags, Text, UtcDateTime, WireModel, utc_now
from lib.models.customs import Customs
from lib.models.ids import new_id
from lib.models.options import ShipmentOptions
from lib.models.parcels import Parcel, ParcelInput
from lib.models.rates import ProviderOutcome, Rate
from lib.models.statuses import ShipmentStatus

RATES_LIVE = timedelta(minutes=15)
MAX_PARCELS = 200
MAX_OPTIONS = 100

# What an update cannot empty.
_KEPT_ON_NULL = frozenset({"type", "tags", "metadata", "tracking_update"})

LabelSize = Literal["4x6", "letter", "4x8", "a4", "a6"]


def party_kind(value: Any) -> str:
    """How a party is named: by its `id` alone, by its `contact` with perhaps more, or in `full`."""
    if isinstance(value, str):
        return "id"
    if isinstance(value, ContactReference) or (isinstance(value, dict) and value.get("contact_id")):
        return "contact"
    return "full"


ContactId = Annotated[str, Field(strict=True, pattern=r"^ctct_", max_length=100)]
NamedParty = Annotated[
    Annotated[ContactId, Tag("id")]
    | Annotated[ContactReference, Tag("contact")]
    | Annotated[FullPartyInput, Tag("full")],
    Discriminator(party_kind),
]


def _either_spelling(schema: dict[str, Any]) -> None:
    """Tell in a schema that `parcel` may stand for a list of one."""
    schema["properties"]["parcel"] = schema["properties"]["parcels"]["items"]
    schema["required"] = [name for name in schema["required"] if name != "parcels"]


class QuoteRequest(WireModel):
    """What a price needs: two places and the parcels between them, which a fulfillment may bring."""

    model_config = ConfigDict(json_schema_extra=_either_spelling)

    sender: PartyInput | ContactReference | ContactId
    recipient: PartyInput | ContactReference | ContactId
    fulfillment_id: Text | None = None
    parcels: list[ParcelInput] = Field(default_factory=list, max_length=MAX_PARCELS, validate_default=True)
    options: ShipmentOptions = Field(default_factory=ShipmentOptions)
    type: Literal["outbound", "inbound"] = "outbound"
    location_id: Text | None = None
    order_number: Text | None = None
    rma_number: Text | None = None
    invoice_number: Text | None = None
    purchase_order: Text | None = None
    reference_number: Text | None = None
    account_id: Text | None = None
    notes: Text | None = None
    customs: Customs | None = None
    tags: Tags = Field(default_factory=list)
    metadata: Metadata = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _parcel_or_parcels(cls, data: Any) -> Any:
        if isinstance(data, dict) and "parcel" in data and "parcels" not in data:
            return {**data, "parcels": [data["parcel"]]}
        return data

    @field_validator("parcels")
    @classmethod
    def _some_parcel(cls, parcels: list[ParcelInput], info: ValidationInfo) -> list[ParcelInput]:
        if not parcels and not info.data.get("fulfillment_id"):
            raise PydanticKnownError("too_short", {"field_type": "List", "min_length": 1, "actual_length": 0})
        return parcels


class ShipmentCreate(QuoteRequest):
    """The body of `POST /v1/shipments`: both parties named in full or by their contact."""

    sender: NamedParty
    recipient: NamedParty


class RefreshRequest(WireModel):
    """The body of `POST /v1/shipments/{id}/refresh`; only the options that change."""

    options: dict[str, Any] = Field(default_factory=dict, max_length=MAX_OPTIONS)


class Purchase(WireModel):
    """The body of `POST /v1/shipments/{id}/purchase`."""

    rate_id: Text
    payment_method: Text | None = None
    payment_reference: Text | None = None
    order_number: Text | None = None
    tags: Tags | None = None
    metadata: Metadata | None = None
    label_size: LabelSize = "4x6"


class TrackingUpdateInput(WireModel):
    """A tracking update to add: only its status is needed."""

    status: ShipmentStatus
    message: Text | None = None
    comment: Text | None = None
    address: Text | None = None
    location_id: Text | None = None
    images: list[LongText] = Field(default_factory=list, max_length=20)


class ShipmentUpdate(WireModel):
    """The body of `POST /v1/shipments/{id}`: only what is given changes.

    `null` empties a field, but leaves `type`, `tags`, `metadata` and `tracking_update` as they are; within `metadata`
    it removes its key.
    """

    type: Literal["outbound", "inbound"] | None = None
    coordinates: Coordinates | None = None
    estimated_delivery_at: UtcDateTime | None = None
    pickup_at: UtcDateTime | None = None
    rma_number: Text | None = None
    invoice_number: Text | None = None
    order_number: Text | None = None
    purchase_order: Text | None = None
    reference_number: Text | None = None
    account_id: Text | None = None
    tracking_number: Text | None = None
    notes: Text | None = None
    tags: Tags | None = None
    metadata: Metadata | None = None
    tracking_update: TrackingUpdateInput | None = None
    customs: Customs | None = None

    @property
    def events(self) -> list[str]:
        """The events that the update makes happen but for those of its tracking update; none for nothing given."""
        given = {name for name in self.model_fields_set if name not in _KEPT_ON_NULL or getattr(self, name) is not None}
        found = ["shipment.coordinates_updated"] if "coordinates" in given else []
        return [*found, "shipment.updated"] if given - {"coordinates", "tracking_update"} else found


class ReturnRequest(WireModel):
    """The body of `POST /v1/shipments/{id}/return`; only the options that change.

    Without an `rma_number` one is made.
    """

    rma_number: Annotated[Text, Field(min_length=1)] | None = None
    options: dict[str, Any] = Field(default_factory=dict)


class TrackingUpdate(WireModel):
    """One thing that happened to a shipment."""

    id: str = Field(default_factory=lambda: new_id("upd"))
    status: ShipmentStatus
    message: str = ""
    comment: str | None = None
    address: str | None = None
    images: list[str] = Field(default_factory=list)
    location_id: str | None = None
    created_at: UtcDateTime = Field(default_factory=utc_now)
    updated_by: str | None = None


class Shipment(Document):
    """A shipment as kept and as shown: quoted, perhaps bought, perhaps delivered."""

    object: Literal["shipment"] = "shipment"
    status: ShipmentStatus = "rates_generated"
    type: Literal["outbound", "inbound"] = "outbound"
    sender: Party
    recipient: Party
    parcels: list[Parcel]
    options: ShipmentOptions
    rates: list[Rate] = Field(default_factory=list)
    recommended_rate: Rate | None = None
    purchased_rate: Rate | None = None
    outcomes: list[ProviderOutcome] = Field(default_factory=list)
    notes_on_rates: list[str] = Field(default_factory=list)
    rates_generated_at: UtcDateTime
    provider: str | None = None
    amount: int | None = None
    billed_amount: int | None = None
    fee: int | None = None
    paid: bool = False
    currency: str = "usd"
    payment_method: str | None = None
    payment_reference: str | None = None
    refund_status: Literal["requested", "refunded", "rejected"] | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None
    tracking_updates: list[TrackingUpdate] = Field(default_factory=list)
    label_url: str | None = None
    label_size: LabelSize | None = None
    commercial_invoice_url: str | None = None
    test_label: bool | None = None
    estimated_delivery_at: UtcDateTime | None = None
    pickup_at: UtcDateTime | None = None
    location_id: str | None = None
    fulfillment_id: str | None = None
    order_number: str | None = None
    rma_number: str | None = None
    return_of: str | None = None
    invoice_number: str | None = None
    purchase_order: str | None = None
    reference_number: str | None = None
    account_id: str | None = None
    notes: str | None = None
    tracker_id: str | None = None
    coordinates: Coordinates | None = None
    customs: Customs | None = None
    tags: list[str] = Field(default_factory=list)
    metadata: dict[str, Any] = Field(default_factory=dict)
    created_at: UtcDateTime
    updated_at: UtcDateTime
    updated_by: str | None = None
    organization_id: str | None = None

    @property
    def rates_expire_at(self) -> datetime:
        """When the rates can no longer be bought."""
        return self.rates_generated_at + RATES_LIVE

    def rate(self, rate_id: str) -> Rate | None:
        """The rate of that id among this shipment's, if it is one of them."""
        return next((rate for rate in self.rates if rate.id == rate_id), None)
