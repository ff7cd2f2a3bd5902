"""The Desk: everything a page or the API can ask for, as small typed resources.

Every method raises a `DeskError` and nothing else that a caller should expect.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Protocol, TypeVar

from lib.models.address_checks import AddressCheck, AddressVerification
from lib.models.api_keys import ApiKey, Grant, NewApiKey, Scope
from lib.models.contacts import Contact, ContactCreate, ContactUpdate
from lib.models.events import Event
from lib.models.exports import Download, Export, ExportCreate, ExportPreview
from lib.models.fulfillments import Fulfillment, FulfillmentCreate, FulfillmentUpdate
from lib.models.groups import Group, GroupCreate, GroupUpdate
from lib.models.kept_addresses import AddressCreate, AddressUpdate, KeptAddress
from lib.models.labels import LabelFile, LabelFormat, MergedFormat
from lib.models.lists import ListQuery, Page
from lib.models.locations import Location, LocationCreate, LocationUpdate
from lib.models.payments import LedgerLine, LedgerTotal, PaymentMethod, PaymentMethodCreate, PaymentMethodUpdate
from lib.models.rate_cards import CardKind, CardReport, RateCard, RateCardUpload, RateCardWithRows
from lib.models.shipments import (
    LabelSize,
    Purchase,
    QuoteRequest,
    RefreshRequest,
    ReturnRequest,
    Shipment,
    ShipmentUpdate,
    TrackingUpdateInput,
)
from lib.models.team import TeamSettings
from lib.models.trackers import PublicTracking, Tracker, TrackerCreate, TrackerUpdate
from lib.models.webhooks import Webhook, WebhookCreate, WebhookDelivery, WebhookUpdate

Progress = Callable[[int, int], None]
Item = TypeVar("Item")
Create_contra = TypeVar("Create_contra", contravariant=True)
Update_contra = TypeVar("Update_contra", contravariant=True)


class Kept(Protocol[Item, Create_contra, Update_contra]):
    """A resource that is simply kept: contacts, groups, locations and their like."""

    def create(self, request: Create_contra, /) -> Item:
        """Keep a new one. Raises InvalidRequest, Conflict."""
        ...

    def retrieve(self, identifier: str, /) -> Item:
        """The one of that id. Raises NotFound."""
        ...

    def list(self, query: ListQuery, /) -> Page[Item]:
        """A page of them. Raises InvalidRequest."""
        ...

    def update(self, identifier: str, changes: Update_contra, /) -> Item:
        """Change what is given and leave the rest. Raises NotFound, InvalidRequest, Conflict."""
        ...

    def delete(self, identifier: str, /) -> Item:
        """Forget the one of that id; the one that was. Raises NotFound."""
        ...


class Shipments(Protocol):
    """Quote, buy and read shipments.

    An `idempotency_key`, kept for 24 hours, names a request: sent again it does nothing more and gives the shipment
    it led to, another request under it is a Conflict.
    """

    def create(self, request: QuoteRequest, *, idempotency_key: str | None = None) -> Shipment:
        """Ask every provider for rates and keep the shipment with them."""
        ...

    def retrieve(self, shipment_id: str) -> Shipment:
        """The shipment of that id. Raises NotFound."""
        ...

    def list(self, query: ListQuery) -> Page[Shipment]:
        """A page of shipments, newest first unless asked otherwise. Raises InvalidRequest."""
        ...

    def refresh(self, shipment_id: str, request: RefreshRequest) -> Shipment:
        """Fresh rates for a shipment that is not bought yet. Raises NotFound, Conflict."""
        ...

    def update(self, shipment_id: str, changes: ShipmentUpdate) -> Shipment:
        """Change what is given and leave the rest. Raises NotFound, Conflict for the number of a bought label."""
        ...

    def duplicate(self, shipment_id: str) -> Shipment:
        """The same shipment once more, with fresh rates and nothing bought. Raises NotFound, InvalidRequest."""
        ...

    def return_shipment(self, shipment_id: str, request: ReturnRequest) -> Shipment:
        """The way back of a shipment that was sent, with fresh rates. Raises NotFound, InvalidRequest."""
        ...

    def purchase(self, shipment_id: str, purchase: Purchase, *, idempotency_key: str | None = None) -> Shipment:
        """Buy one rate, exactly once. Raises NotFound, InvalidRequest, Conflict."""
        ...

    def commercial_invoice(self, shipment_id: str) -> bytes:
        """The commercial invoice as PDF. Raises NotFound, Conflict where customs asks for none or is not complete."""
        ...

    def refund(self, shipment_id: str, *, idempotency_key: str | None = None) -> Shipment:
        """Void a label that was not used and give its price back. Raises NotFound, InvalidRequest, Conflict."""
        ...


class Labels(Protocol):
    """What is stuck on the parcels of bought shipments."""

    def retrieve(
        self,
        shipment_id: str,
        label_format: LabelFormat = "pdf",
        size: LabelSize | None = None,
        parcel: int | None = None,
    ) -> LabelFile:
        """The label of every parcel, or of the one counted from 1; a PNG holds one, unasked the first.

        Without a size it is the one bought. Raises NotFound, InvalidRequest, Conflict for a canceled shipment.
        """
        ...

    def merged(
        self, shipment_ids: Sequence[str], label_format: MergedFormat = "pdf", size: LabelSize | None = None
    ) -> LabelFile:
        """The labels of up to 200 shipments in one file, in that order.

        Raises NotFound and Conflict naming all that have no valid label (`shipments.3`), InvalidRequest.
        """
        ...


class Trackers(Kept[Tracker, TrackerCreate, TrackerUpdate], Protocol):
    """Follow tracking numbers, the team's own and foreign ones."""

    def add_update(self, identifier: str, update: TrackingUpdateInput) -> Tracker:
        """Add a tracking update to the tracker and its shipment. Raises NotFound, InvalidRequest, Conflict."""
        ...

    def public(self, identifier: str) -> PublicTracking:
        """What anybody may see of the tracker. Raises NotFound."""
        ...


class Ledger(Protocol):
    """What was charged for shipments and what came back."""

    def list(self, query: ListQuery) -> Page[LedgerLine]:
        """A page of lines, the last written first unless asked otherwise. Raises InvalidRequest."""
        ...

    def totals(self, query: ListQuery) -> Sequence[LedgerTotal]:
        """The sums of all lines the query's filters find, one for each payment method. Raises InvalidRequest."""
        ...


class Exports(Protocol):
    """Preview, make and fetch files."""

    def preview(self, request: ExportCreate, rows: int = ...) -> ExportPreview:
        """The first rows of the file, byte for byte, and how many rows there will be. Raises InvalidRequest."""
        ...

    def create(self, request: ExportCreate) -> Export:
        """Queue the making of the file. Raises InvalidRequest."""
        ...

    def retrieve(self, export_id: str) -> Export:
        """The record of an export, with a freshly signed link once it is done. Raises NotFound."""
        ...

    def list(self, page: int = 1, limit: int = 25) -> Page[Export]:
        """A page of exports, newest first."""
        ...

    def open_download(self, export_id: str) -> Download:
        """The finished file. Raises NotFound, Conflict when it is not finished."""
        ...


class Samples(Protocol):
    """Sample shipments for an empty desk, labelled as such."""

    def count(self) -> int:
        """How many sample shipments are there."""
        ...

    def load(self, progress: Progress | None = None) -> int:
        """Make the sample shipments; how many were made."""
        ...

    def remove(self) -> int:
        """Take every sample shipment away again; how many were removed."""
        ...


class Team(Protocol):
    """What the team has set."""

    def retrieve(self) -> TeamSettings:
        """The settings in force."""
        ...

    def update(self, settings: TeamSettings) -> TeamSettings:
        """Put new settings in force. Quotes already given keep theirs."""
        ...


class RateCards(Protocol):
    """The team's own prices, discounts, up-charges and newer published lists."""

    def dry_run(self, upload: RateCardUpload) -> CardReport:
        """What the file would change, and what is wrong with it line by line; nothing is kept."""
        ...

    def apply(self, upload: RateCardUpload) -> RateCard:
        """Put the card in force from its first day on, whole or not at all. Quotes already given keep theirs.

        Raises InvalidRequest naming the lines that are wrong.
        """
        ...

    def list(self, page: int = 1, limit: int = 25) -> Page[RateCard]:
        """A page of cards, the last entered first."""
        ...

    def retrieve(self, card_id: str) -> RateCardWithRows:
        """The card with everything that was read from its file. Raises NotFound."""
        ...

    def delete(self, card_id: str) -> RateCard:
        """Take the card away, so that the one before it holds again; the card that was. Raises NotFound."""
        ...

    def template(self, kind: CardKind) -> str:
        """A CSV file to start from."""
        ...


class AddressChecks(Protocol):
    """Whether addresses are right, as far as it can be said offline."""

    def verify(self, asked: AddressCheck) -> AddressVerification:
        """The address completed, with what was corrected, assumed or is wrong; nothing is kept."""
        ...


class ApiKeys(Protocol):
    """Keys that open /v1."""

    def create(self, name: str, scopes: Collection[Scope] = ...) -> NewApiKey:
        """A new key; its secret is shown this once. Raises InvalidRequest."""
        ...

    def list(self) -> Iterable[ApiKey]:
        """Every key, revoked ones included, newest first."""
        ...

    def revoke(self, key_id: str) -> None:
        """Close a key for good. Raises NotFound."""
        ...

    def opens(self, secret: str) -> Grant | None:
        """What this secret opens now; None when it opens nothing."""
        ...

    def exist(self) -> bool:
        """Whether any key opens the API at all."""
        ...


class Events(Protocol):
    """What happened, in order."""

    def list(self, query: ListQuery) -> Page[Event]:
        """A page of events, the last first; with the filter `after` the earliest first. Raises InvalidRequest."""
        ...

    def retrieve(self, event_id: str) -> Event:
        """The event of that id. Raises NotFound."""
        ...


class Webhooks(Kept[Webhook, WebhookCreate, WebhookUpdate], Protocol):
    """Who is told what happened, and the log of having told them."""

    def deliveries(self, webhook_id: str, query: ListQuery) -> Page[WebhookDelivery]:
        """A page of what was and will be sent, the last event first. Raises NotFound, InvalidRequest."""
        ...

    def redeliver(self, webhook_id: str, delivery_id: str) -> WebhookDelivery:
        """Send the same payload once more, now, with all its retries. Raises NotFound, Conflict."""
        ...

    def ping(self, webhook_id: str) -> WebhookDelivery:
        """Send an event that says nothing to this webhook alone, to try it out. Raises NotFound, Conflict."""
        ...


class Desk(Protocol):
    """The whole desk, one attribute per resource."""

    @property
    def shipments(self) -> Shipments: ...
    @property
    def labels(self) -> Labels: ...
    @property
    def trackers(self) -> Trackers: ...
    @property
    def payment_methods(self) -> Kept[PaymentMethod, PaymentMethodCreate, PaymentMethodUpdate]: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def contacts(self) -> Kept[Contact, ContactCreate, ContactUpdate]: ...
    @property
    def groups(self) -> Kept[Group, GroupCreate, GroupUpdate]: ...
    @property
    def locations(self) -> Kept[Location, LocationCreate, LocationUpdate]: ...
    @property
    def addresses(self) -> Kept[KeptAddress, AddressCreate, AddressUpdate]: ...
    @property
    def fulfillments(self) -> Kept[Fulfillment, FulfillmentCreate, FulfillmentUpdate]: ...
    @property
    def exports(self) -> Exports: ...
    @property
    def samples(self) -> Samples: ...
    @property
    def team(self) -> Team: ...
    @property
    def rate_cards(self) -> RateCards: ...
    @property
    def address_checks(self) -> AddressChecks: ...
    @property
    def api_keys(self) -> ApiKeys: ...
    @property
    def events(self) -> Events: ...
    @property
    def webhooks(self) -> Webhooks: ...

    def health(self) -> dict[str, Any]:
        """Whether the database and the workers answer."""
        ...
