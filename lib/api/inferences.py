"""/shipping_label_inferences: what was read from photographed shipping labels, entered by what scans them."""

from typing import Annotated, Any

from pydantic import Field

from lib.api.lists import ListParameters, PageLimit
from lib.api.resources import ResourceRoutes
from lib.models.inferences import ShippingLabelInference, ShippingLabelInferenceCreate, ShippingLabelInferenceUpdate

_FEW = 10
_EXAMPLE: dict[str, Any] = {
    "provider_name": "usps", "service_level_name": "ground", "tracking_number": "9400100000000000000000",
    "extracted_recipient_name": "A name",
    "recipient": {"name": "A name", "address": "500 7th ave, New York, NY, 10018"},
    "barcode_values": ["420100189400100000000000000000"], "weight": 2.5,
    "dimensions": {"length": 10, "width": 8, "height": 4}, "provider": {"id": "usps", "name": "USPS"},
    "metadata": {"service": "inbound"},
}  # fmt: skip


class InferenceFilters(ListParameters):
    """What a list of shipping label inferences can be narrowed by. Names of carriers count whatever their case."""

    limit: PageLimit = _FEW
    provider_name: Annotated[str | None, Field(description="One carrier's name, or several with commas.")] = None
    service_level_name: Annotated[str | None, Field(description="One service level, or several with commas.")] = None
    status: Annotated[str | None, Field(description="One status, or several with commas.")] = None
    location_id: str | None = None
    tags: Annotated[str | None, Field(description="One tag, or several with commas: any of them.")] = None


router = ResourceRoutes(
    name="shipping_label_inference",
    plural="shipping label inferences",
    prefix="inf_sl",
    of=lambda desk: desk.shipping_label_inferences,
    model=ShippingLabelInference,
    create=ShippingLabelInferenceCreate,
    update=ShippingLabelInferenceUpdate,
    filters=InferenceFilters,
    example=_EXAMPLE,
    update_example={"status": "corrected", "metadata": {"service": None}},
).router()
