"""Shipping on the Desk: shipments, their labels and trackers, and what was paid for them.

Every method raises a `DeskError` and nothing else that a caller should expect.
"""

from collections.abc import Sequence
from typing import Protocol

from lib.desk.kept import Kept
from lib.models.labels import LabelFile, LabelFormat, MergedFormat
from lib.models.lists import ListQuery, Page
from lib.models.payments import LedgerLine, LedgerTotal
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
from lib.models.trackers import PublicTracking, Tracker, TrackerCreate, TrackerUpdate


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

    def documents(self, query: ListQuery) -> Page[str]:
        """The same page as JSON: quicker for who passes the shipments on instead of reading them."""
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
