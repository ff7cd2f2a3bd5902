"""Fulfillments: orders that are packed, or about to be, and wait to be shipped."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from lib.models.addresses import ContactReference, Party, PartyInput
from lib.models.base import LongText, Text
from lib.models.kept import KeptDocument, KeptFields, OwnId
from lib.models.parcels import MAX_CONTENTS, Content, ParcelInput
from lib.models.shipments import MAX_PARCELS, ContactId, party_kind

READY = "ready_to_ship"

FulfillmentStatus = Annotated[str, Field(strict=True, min_length=1, max_length=40)]
Recipient = Annotated[
    Annotated[ContactId, Tag("id")] | Annotated[ContactReference, Tag("contact")] | Annotated[PartyInput, Tag("full")],
    Discriminator(party_kind),
]


class FulfillmentFields(KeptFields):
    """What can be said of a fulfillment.

    `contents` are the items of the whole order, `parcels` how they are packed, each with its own contents.
    """

    order_number: Text | None = None
    status: FulfillmentStatus = READY
    location_id: Text | None = None
    recipient: Recipient | None = None
    parcels: Annotated[list[ParcelInput], Field(max_length=MAX_PARCELS)] = Field(default_factory=list)
    contents: Annotated[list[Content], Field(max_length=MAX_CONTENTS)] = Field(default_factory=list)
    notes: LongText | None = None


class FulfillmentCreate(FulfillmentFields):
    """The body of `POST /v1/fulfillments`: nothing is required."""

    id: Annotated[OwnId, Field(pattern=r"^ful_[0-9A-Za-z_]+$")] | None = None


class FulfillmentUpdate(FulfillmentFields):
    """The body of `POST /v1/fulfillments/{id}`: only what is given changes."""


class Fulfillment(KeptDocument):
    """A fulfillment as kept."""

    object: Literal["fulfillment"] = "fulfillment"
    order_number: str | None = None
    status: str = READY
    location_id: str | None = None
    recipient: Party | None = None
    parcels: list[ParcelInput] = Field(default_factory=list)
    contents: list[Content] = Field(default_factory=list)
    notes: str | None = None

    @property
    def all_contents(self) -> list[Content]:
        """The items of the whole order: those told for it, or else those of its parcels."""
        return self.contents or [content for parcel in self.parcels for content in parcel.contents]
