"""The Desk: everything a page or the API can ask for, as small typed resources.

Every method raises a `DeskError` and nothing else that a caller should expect.
"""

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

from lib.models.api_keys import ApiKey, NewApiKey
from lib.models.exports import Download, Export, ExportCreate, ExportPreview
from lib.models.lists import ListQuery, Page
from lib.models.rate_cards import CardKind, CardReport, RateCard, RateCardUpload, RateCardWithRows
from lib.models.shipments import Purchase, QuoteRequest, RefreshRequest, ReturnRequest, Shipment, ShipmentUpdate
from lib.models.team import TeamSettings

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
    """Quote, buy and read shipments."""

    def create(self, request: QuoteRequest) -> Shipment:
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

    def purchase(self, shipment_id: str, purchase: Purchase) -> Shipment:
        """Buy one rate, exactly once. Raises NotFound, InvalidRequest, Conflict."""
        ...

    def label(self, shipment_id: str) -> bytes:
        """The label of a bought shipment as PDF. Raises NotFound."""
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


class ApiKeys(Protocol):
    """Keys that open /v1."""

    def create(self, name: str) -> NewApiKey:
        """A new key; its secret is shown this once."""
        ...

    def list(self) -> Iterable[ApiKey]:
        """Every key, revoked ones included, newest first."""
        ...

    def revoke(self, key_id: str) -> None:
        """Close a key for good. Raises NotFound."""
        ...

    def opens(self, secret: str) -> bool:
        """Whether this secret opens the API now."""
        ...

    def exist(self) -> bool:
        """Whether any key opens the API at all."""
        ...


class Desk(Protocol):
    """The whole desk, one attribute per resource."""

    @property
    def shipments(self) -> Shipments: ...
    @property
    def exports(self) -> Exports: ...
    @property
    def samples(self) -> Samples: ...
    @property
    def team(self) -> Team: ...
    @property
    def rate_cards(self) -> RateCards: ...
    @property
    def api_keys(self) -> ApiKeys: ...

    def health(self) -> dict[str, Any]:
        """Whether the database and the workers answer."""
        ...
