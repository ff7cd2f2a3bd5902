"""Shipping label inferences: what was read from a photographed shipping label."""

from typing import Annotated, Literal

from pydantic import Field

from lib.models.addresses import AddressInput
from lib.models.base import LongText, Metadata, Number, Tags, Text, WireModel
from lib.models.kept import KeptDocument, KeptFields, OwnId, Reference
from lib.models.parcels import Side

MAX_READ = 100
MAX_RAW_TEXT = 20_000

InferenceStatus = Annotated[str, Field(strict=True, min_length=1, max_length=40)]
_Texts = Annotated[list[Text], Field(max_length=MAX_READ)]
_LongTexts = Annotated[list[LongText], Field(max_length=MAX_READ)]


class LabelParty(WireModel):
    """A sender or recipient as it stands on the label: nothing is completed, nothing has to be right.

    `contact_id` is the contact it was taken for.
    """

    contact_id: Text | None = None
    name: Text | None = None
    email: Text | None = None
    phone: Text | None = None
    business: Text | None = None
    address: LongText | AddressInput | None = None


class LabelProvider(WireModel):
    """A carrier that the label may be of."""

    id: Text
    name: Text


class LabelDimensions(WireModel):
    """The size of the parcel in inches, as far as the label tells it."""

    length: Side | None = None
    width: Side | None = None
    height: Side | None = None


class ShippingLabelInferenceFields(KeptFields):
    """What can be said of a label that was read. `weight` in pounds.

    `matches` are what was found for it elsewhere, such as contacts, and `error_details` what went wrong, both in the
    words of what read it. `provider` is the carrier that was settled on, `providers` all that came into question.
    """

    image_url: LongText | None = None
    raw_text: Annotated[str, Field(strict=True, max_length=MAX_RAW_TEXT)] | None = None
    layout: Reference | None = None
    recipient: LabelParty | None = None
    sender: LabelParty | None = None
    extracted_recipient_name: Text | None = None
    extracted_sender_name: Text | None = None
    provider_name: Text | None = None
    service_level_name: Text | None = None
    rma_number: Text | None = None
    purchase_order: Text | None = None
    reference_number: Text | None = None
    invoice_number: Text | None = None
    tracking_number: Text | None = None
    order_number: Text | None = None
    notes: LongText | None = None
    barcode_values: _Texts = Field(default_factory=list)
    weight: Annotated[Number, Field(gt=0)] | None = None
    dimensions: LabelDimensions | None = None
    matches: Annotated[list[Metadata], Field(max_length=MAX_READ)] = Field(default_factory=list)
    status: InferenceStatus = "completed"
    errors: _LongTexts = Field(default_factory=list)
    exceptions: _LongTexts = Field(default_factory=list)
    error_details: Metadata | None = None
    tracker_id: Text | None = None
    tags: Tags = Field(default_factory=list)
    location_id: Text | None = None
    provider_id: Text | None = None
    service_level_id: Text | None = None
    account_id: Text | None = None
    media_urls: _LongTexts = Field(default_factory=list)
    provider: LabelProvider | None = None
    providers: Annotated[list[LabelProvider], Field(max_length=MAX_READ)] = Field(default_factory=list)


class ShippingLabelInferenceCreate(ShippingLabelInferenceFields):
    """The body of `POST /v1/shipping_label_inferences`: nothing is required."""

    id: Annotated[OwnId, Field(pattern=r"^inf_sl_[0-9A-Za-z_]+$")] | None = None


class ShippingLabelInferenceUpdate(ShippingLabelInferenceFields):
    """The body of `POST /v1/shipping_label_inferences/{id}`: only what is given changes."""


class ShippingLabelInference(ShippingLabelInferenceFields, KeptDocument):
    """A label that was read, as kept."""

    object: Literal["shipping_label_inference"] = "shipping_label_inference"
