"""Shipments on the embedded desk."""

from collections.abc import Callable

import sqlalchemy as sa

from lib.models.base import utc_now
from lib.models.errors import Conflict, NotFound
from lib.models.lists import ListQuery, Page
from lib.models.shipments import Purchase, QuoteRequest, RefreshRequest, ReturnRequest, Shipment, ShipmentUpdate
from lib.models.team import TeamSettings
from lib.rating.cards.book import CardBook
from lib.shipping.buying import label_name
from lib.shipping.copies import duplicate_of, return_of
from lib.shipping.labels import label_pdf
from lib.shipping.purchase import buy, is_being_bought
from lib.shipping.rates import merged_options, quoted_shipment, with_fresh_rates
from lib.shipping.updating import updated
from lib.store.database import writing
from lib.store.events import record_event
from lib.store.files import Files
from lib.store.shipments import SHIPMENTS


class LocalShipments:
    """Quotes with the engine in process, buys through the durable workflow of this process."""

    def __init__(
        self,
        engine: sa.Engine,
        files: Files,
        team: Callable[[], TeamSettings],
        cards: Callable[[], CardBook] = CardBook.empty,
    ) -> None:
        self._engine = engine
        self._files = files
        self._team = team
        self._cards = cards

    def create(self, request: QuoteRequest) -> Shipment:
        """Ask every provider for rates and keep the shipment with them. Raises InvalidRequest, NotFound."""
        return self._keep(quoted_shipment(request, self._team(), utc_now(), self._cards()))

    def retrieve(self, shipment_id: str) -> Shipment:
        """The shipment of that id. Raises NotFound."""
        return SHIPMENTS.get(self._engine, shipment_id)

    def list(self, query: ListQuery) -> Page[Shipment]:
        """A page of shipments, newest first unless asked otherwise. Raises InvalidRequest."""
        return SHIPMENTS.page(self._engine, query)

    def refresh(self, shipment_id: str, request: RefreshRequest) -> Shipment:
        """Fresh rates by the old options with the changed ones over them. Raises NotFound, InvalidRequest, Conflict."""
        shipment = SHIPMENTS.get(self._engine, shipment_id)
        _require_not_bought(shipment)
        team = self._team()
        options = merged_options(shipment.options, request.options, team.default_options)
        shipment = shipment.model_copy(update={"options": options})
        fresh = with_fresh_rates(shipment, team, utc_now(), self._cards())
        with writing(self._engine).begin() as connection:
            _require_not_bought(SHIPMENTS.get_locked(connection, shipment_id))
            if is_being_bought(connection, shipment_id):
                raise _bought_already(shipment_id)
            SHIPMENTS.update(connection, fresh)
            record_event(connection, "shipment.rates_generated", shipment_id)
        return fresh

    def update(self, shipment_id: str, changes: ShipmentUpdate) -> Shipment:
        """Change what is given and leave the rest. Raises NotFound, Conflict."""
        with writing(self._engine).begin() as connection:
            kept = SHIPMENTS.get_locked(connection, shipment_id)
            begun = is_being_bought(connection, shipment_id)
            shipment = updated(kept, changes, utc_now(), is_being_bought=begun)
            if shipment is not kept:
                SHIPMENTS.update(connection, shipment)
            for event in changes.events:
                record_event(connection, event, shipment_id)
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

    def purchase(self, shipment_id: str, purchase: Purchase) -> Shipment:
        """Buy one rate, exactly once. Raises NotFound, InvalidRequest, Conflict."""
        return buy(self._engine, shipment_id, purchase)

    def label(self, shipment_id: str) -> bytes:
        """The label of a bought shipment as PDF, drawn anew where its file is gone. Raises NotFound."""
        shipment = SHIPMENTS.get(self._engine, shipment_id)
        if shipment.purchased_rate is None or shipment.label_size is None:
            raise NotFound(f"Shipment {shipment_id} is not bought, so it has no label.", code="label_not_found")
        try:
            return self._files.read(label_name(shipment_id))
        except FileNotFoundError:
            return label_pdf(shipment, shipment.label_size)

    def _keep(self, quoted: Shipment) -> Shipment:
        with writing(self._engine).begin() as connection:
            SHIPMENTS.insert(connection, [quoted])
            record_event(connection, "shipment.rates_generated", quoted.id)
        return quoted


def _require_not_bought(shipment: Shipment) -> None:
    if shipment.purchased_rate is not None:
        raise _bought_already(shipment.id)


def _bought_already(shipment_id: str) -> Conflict:
    return Conflict(f"Shipment {shipment_id} is bought; its rates stay as they were.", code="already_purchased")
