"""Parcels and what is in them."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from lib.models.base import MAX_TAGS, Cents, Flag, LongText, Number, Quantity, Text, WireModel
from lib.models.ids import new_id

MAX_WEIGHT_LB = 150
MAX_SIDE_IN = 1000
MAX_CONTENTS = 500

HandlingTag = Literal[
    "ftl", "ltl", "chemicals", "hazmat", "perishable", "frozen", "oversize", "fragile", "dry_cleaning", "lithium",
    "alcohol", "cannabis", "confidential", "express_priority", "security_concern", "cold_storage", "high_value",
    "requires_equipment",
]  # fmt: skip
ParcelStatus = Literal[
    "inbound_transit", "outbound_transit", "in_processing", "in_storage", "unpacked", "destroyed", "overdue"
]
Side = Annotated[Number, Field(gt=0, le=MAX_SIDE_IN)]
Weight = Annotated[Number, Field(gt=0, le=MAX_WEIGHT_LB)]


class Content(WireModel):
    """An item inside a parcel. `value` in cents, `weight` in pounds."""

    id: str = Field(default_factory=lambda: new_id("cont"))
    name: Text
    attributes: list[HandlingTag] = Field(default_factory=list, max_length=MAX_TAGS)
    sku: Text | None = None
    quantity: Quantity = 1
    value: Annotated[Cents, Field(ge=0)] | None = None
    weight: Weight | None = None
    origin_country: Text | None = None
    harmonized_code: Text | None = None


class ParcelInput(WireModel):
    """A parcel by its own size (inches) and weight (pounds), or by a predefined package type.

    `nonstandard_packaging`, an addition of Shipdesk to the API, marks what is not wholly in a box of corrugated
    cardboard: tubes, cans, tires, wooden or metal cases. Carriers charge extra for it.
    """

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": ["type"]}, {"required": ["length", "width", "height", "weight"]}]}
    )

    type: Text | None = None
    length: Side | None = None
    width: Side | None = None
    height: Side | None = None
    weight: Weight | None = None
    nonstandard_packaging: Flag = False
    external_container_id: Text | None = None
    container_number: Text | None = None
    unpacked: Flag = False
    special_handling_tags: list[HandlingTag] = Field(default_factory=list, max_length=MAX_TAGS)
    layout_id: Text | None = None
    tracking_number: Text | None = None
    label_url: LongText | None = None
    contents: list[Content] = Field(default_factory=list, max_length=MAX_CONTENTS)
    defective: Flag = False
    missing: Flag = False
    received: Flag = False
    manifest_id: Text | None = None
    fulfillment_id: Text | None = None
    status: ParcelStatus = "in_storage"

    @model_validator(mode="after")
    def _size_or_type(self) -> "ParcelInput":
        if self.type is not None:
            return self
        missing = [side for side in ("length", "width", "height", "weight") if getattr(self, side) is None]
        if missing:
            raise ValueError(f"give {', '.join(missing)}, or a predefined package as type")
        return self


class Parcel(ParcelInput):
    """A parcel as kept with a shipment."""

    id: str = Field(default_factory=lambda: new_id("prcl"))
