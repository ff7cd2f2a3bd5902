"""Trackers: what follows a tracking number, and the shipments chained on it."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from lib.models.addresses import Address
from lib.models.base import Document, Metadata, Text, UtcDateTime, WireModel
from lib.models.options import CloseOption, ProviderCode
from lib.models.shipments import TrackingUpdate, TrackingUpdateInput
from lib.models.statuses import CompletedStatus, OutstandingStatus, ShipmentStatus

# Beside the providers those that are followed but not asked for rates; `s10` is every national post but USPS.
CarrierCode = Literal[ProviderCode, "dhl", "ontrac", "amazon", "s10"]
CARRIERS: tuple[str, ...] = get_args(CarrierCode)

TrackerId = Annotated[str, Field(strict=True, pattern=r"^track_[A-Za-z0-9_]+$", max_length=100)]
TrackingNumber = Annotated[str, Field(strict=True, min_length=1, max_length=100)]


class Reference(WireModel):
    """Something kept elsewhere, by its id."""

    id: str


class TrackerContact(WireModel):
    """Who sends or receives what is tracked."""

    contact_id: str | None = None
    name: str = ""
    business: str = ""
    email: str = ""
    phone: str = ""


class ChainedShipment(WireModel):
    """A shipment on a tracker, with the status it has come to."""

    id: str
    status: ShipmentStatus


class TrackerOptions(WireModel):
    """What happens when several shipments are chained on one tracker; the words are those of a shipment's options."""

    tracker_chained_status: OutstandingStatus = "package_at_waypoint"
    tracker_auto_close_shipments_option: CloseOption = "on_provider_updates"
    tracker_auto_close_shipments_status: CompletedStatus = "delivered"


class TrackerCreate(WireModel):
    """The body of `POST /v1/trackers`: a tracking number, and its carrier where the number does not tell it."""

    id: TrackerId | None = None
    tracking_number: TrackingNumber
    provider: CarrierCode | None = None
    type: Literal["outbound", "inbound"] = "outbound"
    options: TrackerOptions = Field(default_factory=TrackerOptions)
    location_id: Text | None = None
    manifest_id: Text | None = None
    estimated_delivery_at: UtcDateTime | None = None
    tags: list[Text] = Field(default_factory=list)
    metadata: Metadata = Field(default_factory=dict)


class TrackerUpdate(WireModel):
    """The body of `POST /v1/trackers/{id}`: only what is given changes; in `metadata` a `null` removes its key."""

    type: Literal["outbound", "inbound"] = "outbound"
    chained_status: OutstandingStatus = "package_at_waypoint"
    auto_close_shipments_option: CloseOption = "on_provider_updates"
    auto_close_shipments_status: CompletedStatus = "delivered"
    location_id: Text | None = None
    manifest_id: Text | None = None
    estimated_delivery_at: UtcDateTime | None = None
    tags: list[Text] = Field(default_factory=list)
    metadata: Metadata = Field(default_factory=dict)
    tracking_update: TrackingUpdateInput | None = None


class Tracker(Document):
    """A followed tracking number. `shipments` are chained in this order, the last of them is the final one.

    `tracking_url` is the public page here, `carrier_url` the carrier's own. `moves_at` is when a test number takes
    its next step by itself.
    """

    object: Literal["tracker"] = "tracker"
    type: Literal["outbound", "inbound"] = "outbound"
    tags: list[str] = Field(default_factory=list)
    status: ShipmentStatus = "created"
    provider: str | None = None
    tracking_number: str
    tracking_url: str
    carrier_url: str | None = None
    tracking_updates: list[TrackingUpdate] = Field(default_factory=list)
    destination_address: Address | None = None
    destination_layout: Reference | None = None
    destination_location: Reference | None = None
    destination_contact: TrackerContact | None = None
    sender_contact: TrackerContact | None = None
    chained_status: OutstandingStatus = "package_at_waypoint"
    auto_close_shipments_option: CloseOption = "on_provider_updates"
    auto_close_shipments_status: CompletedStatus = "delivered"
    location_id: str | None = None
    manifest_id: str | None = None
    estimated_delivery_at: UtcDateTime | None = None
    shipments: list[ChainedShipment] = Field(default_factory=list)
    current_shipment_id: str | None = None
    final_chained_shipment_id: str | None = None
    moves_at: UtcDateTime | None = None
    created_at: UtcDateTime
    updated_at: UtcDateTime
    updated_by: str | None = None
    organization_id: str | None = None
    metadata: Metadata = Field(default_factory=dict)


class PublicUpdate(WireModel):
    """One stop of a parcel as anybody may see it; `place` is a city with its state."""

    status: ShipmentStatus
    place: str | None = None
    at: UtcDateTime


class PublicTracking(WireModel):
    """All that the public tracking page knows: nothing of who, what, where exactly and for how much.

    `updates` come newest first. `timezone` is the IANA zone of the destination, None where it is not known.
    """

    tracking_number: str
    carrier: str | None = None
    carrier_url: str | None = None
    service: str | None = None
    status: ShipmentStatus
    destination: str | None = None
    timezone: str | None = None
    estimated_delivery_at: UtcDateTime | None = None
    updates: list[PublicUpdate] = Field(default_factory=list)
    is_test: bool = False
