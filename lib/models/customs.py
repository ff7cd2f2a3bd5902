"""What customs wants to know of a parcel that leaves the country."""

from typing import Annotated, Literal

from pydantic import Field

from lib.models.base import Cents, Flag, Number, Quantity, Text, WireModel

ContentsType = Literal[
    "documents", "gift", "merchandise", "returned_goods", "sample", "dangerous_goods", "humanitarian_donation", "other"
]
RestrictionType = Literal["none", "other", "quarantine", "sanitary_phytosanitary_inspection"]
NonDeliveryOption = Literal["return", "abandon"]
MAX_CUSTOMS_ITEMS = 500


class CustomsItem(WireModel):
    """One kind of thing that is sent. `value` of one piece in cents, `weight` of one piece in pounds."""

    description: Annotated[Text, Field(min_length=1)]
    quantity: Quantity = 1
    value: Annotated[Cents, Field(ge=0)]
    weight: Annotated[Number, Field(gt=0)] | None = None
    sku: Text | None = None
    origin_country: Text | None = None
    harmonized_code: Text | None = None


class Customs(WireModel):
    """The declaration of a shipment whose two countries differ."""

    incoterm: Text | None = None
    signer: Text | None = None
    certify: Flag = False
    contents_type: ContentsType = "merchandise"
    restriction_type: RestrictionType = "none"
    non_delivery_option: NonDeliveryOption = "return"
    eel: Text | None = None
    items: list[CustomsItem] = Field(default_factory=list, max_length=MAX_CUSTOMS_ITEMS)
