"""Shipments on the embedded desk."""

from collections.abc import Callable

import sqlalchemy as sa

from lib.models.base import utc_now
from lib.models.errors import Conflict
from lib.models.lists import ListQuery, Page
from lib.models.shipments import Purchase, QuoteRequest, RefreshRequest, ReturnRequest, Shipment, ShipmentUpdate
from lib.models.team import TeamSettings
from lib.rating.cards.book import CardBook
from lib.shipping.copies import duplicate_of, return_of
from lib.shipping.customs import require_invoice
from lib.shipping.invoices import invoice_pdf
from lib.shipping.purchase import buy, is_being_bought
from lib.shipping.rates import merged_options, quoted_shipment, with_fresh_rates, with_rates_of
from lib.shipping.references import find_references
from lib.shipping.refunds import refund
from lib.shipping.updating import updated
from lib.store.database import writing
from lib.store.events import record_event
from lib.store.idempotency import KeyedRequest, claim, keyed_request, recall
from lib.store.shipments import SHIPMENTS
from lib.tracking.following import follow
from lib.tracking.reporting import apply_update


class LocalShipments:
    """Quotes with the engine in process, buys through the durable workflow of this process."""

    def __init__(
        self,
        engine: sa.Engine,
        team: Callable[[], TeamSettings],
        cards: Callable[[], CardBook] = CardBook.empty,
    ) -> None:
        self._engine = engine
        self._team = team
        self._cards = cards

    def create(self, request: QuoteRequest, *, idempotency_key: str | None = None) -> Shipment:
        """Ask every provider for rates and keep the shipment with them. Raises InvalidRequest, NotFound, Conflict."""
        asked = keyed_request(idempotency_key, "shipments.create", body=request)
        if asked is not None and (known := recall(self._engine, asked, utc_now())):
            return SHIPMENTS.get(self._engine, known)
        referred = find_references(self._engine, request)
        return self._keep(quoted_shipment(request, self._team(), utc_now(), self._cards(), referred), asked)

    def retrieve(self, shipment_id: str) -> Shipment:
        """The shipment of that id. Raises NotFound."""
        return SHIPMENTS.get(self._engine, shipment_id)

    def list(self, query: ListQuery) -> Page[Shipment]:
        """A page of shipments, newest first unless asked otherwise. Raises InvalidRequest."""
        return SHIPMENTS.page(self._engine, query)

    def documents(self, query: ListQuery) -> Page[str]:
        """The same page, of each shipment the JSON that is kept. Raises InvalidRequest."""
        return SHIPMENTS.documents(self._engine, query)

    def refresh(self, shipment_id: str, request: RefreshRequest) -> Shipment:
        """Fresh rates by the old options with the changed ones over them. Raises NotFound, InvalidRequest, Conflict."""
        team = self._team()
        while True:
            seen = SHIPMENTS.get(self._engine, shipment_id)
            _require_not_bought(seen)
            options = merged_options(seen.options, request.options, team.default_options)
            asked = seen.model_copy(update={"options": options})
            refreshed = self._keep_rates(with_fresh_rates(asked, team, utc_now(), self._cards()), seen)
            if refreshed is not None:
                return refreshed

    def update(self, shipment_id: str, changes: ShipmentUpdate) -> Shipment:
        """Change what is given and leave the rest. Raises NotFound, Conflict."""
        with writing(self._engine).begin() as connection:
            kept = SHIPMENTS.get_locked(connection, shipment_id)
            begun = is_being_bought(connection, shipment_id)
            shipment = updated(kept, changes, utc_now(), is_being_bought=begun)
            if shipment.tracking_number != kept.tracking_number:
                shipment = follow(connection, shipment)
            if shipment is not kept:
                SHIPMENTS.update(connection, shipment)
            for event in changes.events:
                record_event(connection, event, shipment_id)
            if changes.tracking_update is not None:
                shipment = apply_update(connection, shipment_id, changes.tracking_update)
        return shipment

    def duplicate(self, shipment_id: str) -> Shipment:
        """The same shipment once more, with fresh rates and nothing bought. Raises NotFound, InvalidRequest."""
        at = utc_now()
        copy = duplicate_of(SHIPMENTS.get(self._engine, shipment_id), at)
        return self._keep(with_fresh_rates(copy, self._team(), at, self._cards()))

    def return_shipment(self, shipment_id: str, request: ReturnRequest) -> Shipment:
        """The way back of a shipment that was sent, with fresh rates. Raises NotFound, InvalidRequest."""
        at, team = utc_now(), self._team()
        back = return_of(SHIPMENTS.get(self._engine, shipment_id), request.rma_number, at)
        back.options = merged_options(back.options, request.options, team.default_options)
        return self._keep(with_fresh_rates(back, team, at, self._cards()))

    def purchase(self, shipment_id: str, purchase: Purchase, *, idempotency_key: str | None = None) -> Shipment:
        """Buy one rate, exactly once. Raises NotFound, InvalidRequest, Conflict."""
        asked = keyed_request(idempotency_key, "shipments.purchase", resource_id=shipment_id, body=purchase)
        return buy(self._engine, shipment_id, purchase, asked)

    def refund(self, shipment_id: str, *, idempotency_key: str | None = None) -> Shipment:
        """Void a label that was not used and give its price back. Raises NotFound, InvalidRequest, Conflict."""
        asked = keyed_request(idempotency_key, "shipments.refund", resource_id=shipment_id)
        return refund(self._engine, shipment_id, asked)

    def commercial_invoice(self, shipment_id: str) -> bytes:
        """The commercial invoice as PDF. Raises NotFound, Conflict (`not_international`, `customs_incomplete`)."""
        shipment = SHIPMENTS.get(self._engine, shipment_id)
        require_invoice(shipment)
        return invoice_pdf(shipment)

    def _keep_rates(self, fresh: Shipment, seen: Shipment) -> Shipment | None:
        """The shipment as it is by now, once it is kept with the fresh rates.

        None where its options are no longer those that were `seen`: it has to be quoted by the new ones. Raises
        NotFound, Conflict.
        """
        with writing(self._engine).begin() as connection:
            kept = SHIPMENTS.get_locked(connection, fresh.id)
            _require_not_bought(kept)
            if is_being_bought(connection, kept.id):
                raise _bought_already(kept.id)
            if kept.options != seen.options:
                return None
            refreshed = with_rates_of(kept, fresh, utc_now())
            SHIPMENTS.update(connection, refreshed)
            record_event(connection, "shipment.rates_generated", kept.id)
        return refreshed

    def _keep(self, quoted: Shipment, asked: KeyedRequest | None = None) -> Shipment:
        """The shipment once it is kept; the earlier one where its key was used before."""
        with writing(self._engine).begin() as connection:
            first = quoted.id if asked is None else claim(connection, asked, quoted.id, utc_now())
            if first == quoted.id:
                SHIPMENTS.insert(connection, [quoted])
                record_event(connection, "shipment.rates_generated", quoted.id)
        return quoted if first == quoted.id else SHIPMENTS.get(self._engine, first)


def _require_not_bought(shipment: Shipment) -> None:
    if shipment.purchased_rate is not None:
        raise _bought_already(shipment.id)


def _bought_already(shipment_id: str) -> Conflict:
    return Conflict(f"Shipment {shipment_id} is bought; its rates stay as they were.", code="already_purchased")
