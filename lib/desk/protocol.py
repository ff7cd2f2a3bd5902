"""The Desk: everything a page or the API can ask for, as small typed resources.

Every method raises a `DeskError` and nothing else that a caller should expect.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Any, Protocol

from lib.desk.kept import Kept
from lib.desk.shipping import Labels, Ledger, Shipments, Trackers
from lib.models.address_checks import AddressCheck, AddressVerification
from lib.models.api_keys import ApiKey, Grant, NewApiKey, Scope
from lib.models.contacts import Contact, ContactCreate, ContactUpdate
from lib.models.events import Event
from lib.models.export_templates import ExportTemplate, ExportTemplateCreate, ExportTemplateUpdate
from lib.models.exports import Download, Export, ExportCreate, ExportPreview, FileKind
from lib.models.fulfillments import Fulfillment, FulfillmentCreate, FulfillmentUpdate
from lib.models.groups import Group, GroupCreate, GroupUpdate
from lib.models.inferences import ShippingLabelInference, ShippingLabelInferenceCreate, ShippingLabelInferenceUpdate
from lib.models.kept_addresses import AddressCreate, AddressUpdate, KeptAddress
from lib.models.lists import ListQuery, Page
from lib.models.locations import Location, LocationCreate, LocationUpdate
from lib.models.payments import PaymentMethod, PaymentMethodCreate, PaymentMethodUpdate
from lib.models.rate_cards import CardKind, CardReport, RateCard, RateCardUpload, RateCardWithRows
from lib.models.team import TeamSettings
from lib.models.webhooks import Webhook, WebhookCreate, WebhookDelivery, WebhookUpdate

Progress = Callable[[int, int], None]


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

    def list(self, query: ListQuery) -> Page[Export]:
        """A page of exports, newest first unless asked otherwise. Raises InvalidRequest."""
        ...

    def cancel(self, export_id: str) -> Export:
        """Call off an export that is queued or being made. Raises NotFound, Conflict when it has ended."""
        ...

    def retry(self, export_id: str) -> Export:
        """Queue an export that failed, was canceled or expired again. Raises NotFound, Conflict."""
        ...

    def delete(self, export_id: str) -> Export:
        """Forget an export and its file; the record as it was. Raises NotFound."""
        ...

    def open_download(self, export_id: str, kind: FileKind = ...) -> Download:
        """A finished file, the CSV unless asked otherwise.

        Raises NotFound, Conflict when it is not finished or no longer whole.
        """
        ...


class ExportTemplates(Kept[ExportTemplate, ExportTemplateCreate, ExportTemplateUpdate], Protocol):
    """Recipes of exports under a name, made by hand or by their schedule."""

    def run(self, template_id: str) -> Export:
        """Make the file now. Raises NotFound, InvalidRequest when the recipe is no longer right."""
        ...

    def runs(self, template_id: str, page: int = 1, limit: int = 25) -> Page[Export]:
        """A page of the exports that it made, newest first. Raises NotFound."""
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
    def shipping_label_inferences(
        self,
    ) -> Kept[ShippingLabelInference, ShippingLabelInferenceCreate, ShippingLabelInferenceUpdate]: ...
    @property
    def exports(self) -> Exports: ...
    @property
    def export_templates(self) -> ExportTemplates: ...
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
