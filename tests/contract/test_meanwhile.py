"""What somebody else changes in the middle of a change is kept, on both databases."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from lib.models.errors import Conflict
from lib.models.shipments import LabelSize, Purchase, RefreshRequest, Shipment, ShipmentUpdate, TrackingUpdateInput
from lib.models.team import TeamSettings
from lib.models.trackers import Tracker, TrackerCreate
from lib.rating.cards.book import CardBook
from lib.runtime import Runtime
from lib.shipping import purchase
from lib.shipping.labels import label_pdf
from lib.shipping.service import LocalShipments
from lib.store.database import writing
from lib.store.shipments import SHIPMENTS
from lib.store.tables import purchases
from lib.store.trackers import TRACKERS
from lib.tracking.following import follow
from lib.tracking.service import LocalTrackers
from tests.contract.buying import quoted, rate_of
from tests.contract.tracked import events_of, followed, shipment_now

FOREIGN = "1Z999AA10123456784"
CUSTOMS = {
    "signer": "A shop",
    "certify": True,
    "items": [{"description": "Coffee", "quantity": 4, "value": 18_50, "origin_country": "US"}],
}
Change = Callable[[Shipment], object]


@pytest.fixture
def desk(desk_runtime: Runtime) -> LocalShipments:
    return LocalShipments(desk_runtime.engine, TeamSettings)


def refreshed(engine: sa.Engine, shipment: Shipment, options: dict[str, Any], change: Change) -> Shipment:
    """The shipment with fresh rates, `change` done by somebody else once it was read and before it is quoted."""
    left = [change]

    def cards() -> CardBook:
        while left:
            left.pop()(shipment)
        return CardBook.EMPTY

    return LocalShipments(engine, TeamSettings, cards).refresh(shipment.id, RefreshRequest(options=options))


def providers_of(shipment: Shipment) -> set[str]:
    return {rate.provider.id for rate in shipment.rates}


def test_a_refresh_keeps_what_was_updated_meanwhile(desk: LocalShipments, desk_runtime: Runtime) -> None:
    shipment = quoted(desk, tags=["old"], metadata={"a": 1})
    given = {
        "notes": "Ring twice",
        "order_number": "ORDER-12345",
        "tags": ["priority"],
        "metadata": {"b": 2},
        "tracking_number": FOREIGN,
        "tracking_update": {"status": "in_transit"},
    }
    between: list[Shipment] = []

    def change(_: Shipment) -> None:
        between.append(desk.update(shipment.id, ShipmentUpdate.model_validate(given)))

    fresh = refreshed(desk_runtime.engine, shipment, {"providers": ["usps"]}, change)
    (updated,) = between
    of_rates = {
        "options", "rates", "recommended_rate", "outcomes", "notes_on_rates", "rates_generated_at", "updated_at",
    }  # fmt: skip
    assert fresh.model_dump(exclude=of_rates) == updated.model_dump(exclude=of_rates)
    assert (fresh.notes, fresh.tags, fresh.metadata) == ("Ring twice", ["priority"], {"a": 1, "b": 2})
    assert (fresh.status, fresh.parcels[0].status) == ("in_transit", "outbound_transit")
    assert (fresh.options.providers, providers_of(fresh)) == (["usps"], {"usps"})
    assert fresh.updated_at >= updated.updated_at > shipment.rates_generated_at
    assert not {rate.id for rate in fresh.rates} & {rate.id for rate in shipment.rates}
    assert desk.retrieve(shipment.id).model_dump_json() == fresh.model_dump_json()


def test_a_refresh_asks_for_the_customs_that_are_still_missing(desk: LocalShipments, desk_runtime: Runtime) -> None:
    ottawa = {"name": "A buyer", "business": "A firm", "address": "111 Wellington St, Ottawa ON K1A 0A9, Canada"}
    shipment = quoted(desk, recipient=ottawa)
    (asked,) = (note for note in shipment.notes_on_rates if "customs needs" in note)
    complete = ShipmentUpdate.model_validate({"customs": CUSTOMS})
    fresh = refreshed(desk_runtime.engine, shipment, {}, lambda found: desk.update(found.id, complete))
    assert asked not in fresh.notes_on_rates
    assert not [note for note in fresh.notes_on_rates if "customs needs" in note]
    emptied = ShipmentUpdate.model_validate({"customs": None})
    again = refreshed(desk_runtime.engine, shipment, {}, lambda found: desk.update(found.id, emptied))
    assert [note for note in again.notes_on_rates if "customs needs" in note] == [asked]


def test_two_refreshes_at_once_have_the_options_of_both(desk: LocalShipments, desk_runtime: Runtime) -> None:
    shipment = quoted(desk, options={"providers": ["ups", "usps"]})
    other = RefreshRequest(options={"providers": ["usps"]})
    fresh = refreshed(
        desk_runtime.engine, shipment, {"lead_time_mins": 90}, lambda found: desk.refresh(found.id, other)
    )
    assert (fresh.options.providers, fresh.options.lead_time_mins) == (["usps"], 90)
    assert providers_of(fresh) == {"usps"}
    assert desk.retrieve(shipment.id).model_dump_json() == fresh.model_dump_json()
    assert events_of(desk_runtime.engine, shipment.id) == ["shipment.rates_generated"] * 3


def test_what_was_bought_meanwhile_is_not_refreshed(desk: LocalShipments, desk_runtime: Runtime) -> None:
    shipment = quoted(desk)
    buy = Purchase(rate_id=rate_of(shipment, "ups"))
    with pytest.raises(Conflict) as caught:
        refreshed(desk_runtime.engine, shipment, {}, lambda found: desk.purchase(found.id, buy))
    assert caught.value.code == "already_purchased"
    bought = desk.retrieve(shipment.id)
    assert [rate.id for rate in bought.rates] == [rate.id for rate in shipment.rates]
    assert bought.purchased_rate is not None
    assert bought.purchased_rate.id == buy.rate_id


def test_what_somebody_has_begun_to_buy_meanwhile_is_not_refreshed(desk: LocalShipments, desk_runtime: Runtime) -> None:
    shipment = quoted(desk)

    def begin(found: Shipment) -> None:
        row = {"shipment_id": found.id, "rate_id": found.rates[0].id, "amount": 1, "purchased_at": found.created_at}
        with writing(desk_runtime.engine).begin() as connection:
            connection.execute(sa.insert(purchases).values(**row, tracking_number=f"PKGX-{found.id}"))

    with pytest.raises(Conflict) as caught:
        refreshed(desk_runtime.engine, shipment, {}, begin)
    assert caught.value.code == "already_purchased"
    assert desk.retrieve(shipment.id).model_dump_json() == shipment.model_dump_json()


def test_a_purchase_keeps_what_was_updated_while_the_label_was_made(
    desk: LocalShipments, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipment = quoted(desk, metadata={"a": 1})
    between: list[Shipment] = []

    def label(made: Shipment, size: LabelSize) -> bytes:
        changes = {"notes": "Ring twice", "metadata": {"b": 2}, "reference_number": "REF-1"}
        between.append(desk.update(made.id, ShipmentUpdate.model_validate(changes)))
        return label_pdf(made, size)

    monkeypatch.setattr(purchase, "label_pdf", label)
    bought = desk.purchase(shipment.id, Purchase(rate_id=rate_of(shipment, "ups"), metadata={"c": 3}))
    assert (bought.notes, bought.reference_number, bought.metadata) == ("Ring twice", "REF-1", {"a": 1, "b": 2, "c": 3})
    # A client that asks for what has changed since the update finds the purchase.
    assert bought.updated_at >= between[0].updated_at


@contextmanager
def once_read(engine: sa.Engine, table: str, change: Callable[[], object]) -> Iterator[None]:
    """`change` is done by somebody else right after the table is read for the first time, before any row is held."""
    left = [change]

    def after(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if left and f"FROM {table}" in statement and "FOR UPDATE" not in statement:
            left.pop()()

    sa.event.listen(engine, "after_cursor_execute", after)
    try:
        yield
    finally:
        sa.event.remove(engine, "after_cursor_execute", after)
    assert not left


# On SQLite nobody else writes while a transaction does.
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_shipment_that_joins_a_tracker_meanwhile_stays_on_it(engine: sa.Engine) -> None:
    trackers = LocalTrackers(engine)
    tracker = trackers.create(TrackerCreate(tracking_number=FOREIGN))
    joined: list[Shipment] = []
    with once_read(engine, "trackers", lambda: joined.append(followed(engine, FOREIGN))):
        reported = trackers.add_update(tracker.id, TrackingUpdateInput(status="in_transit"))
    (shipment,) = joined
    assert [(link.id, link.status) for link in reported.shipments] == [(shipment.id, "in_transit")]
    assert (shipment.tracker_id, shipment_now(engine, shipment).status) == (tracker.id, "in_transit")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_shipment_is_followed_anew_when_its_tracker_was_deleted_meanwhile(engine: sa.Engine) -> None:
    trackers = LocalTrackers(engine)
    former = trackers.create(TrackerCreate(tracking_number=FOREIGN))
    shipment = followed(engine).model_copy(update={"tracking_number": FOREIGN, "tracker_id": None})
    with once_read(engine, "trackers", lambda: trackers.delete(former.id)), writing(engine).begin() as connection:
        shipment = follow(connection, shipment)
        SHIPMENTS.update(connection, shipment)
    assert shipment.tracker_id not in (None, former.id)
    tracker: Tracker = TRACKERS.get(engine, shipment.tracker_id or "")
    assert (tracker.tracking_number, [link.id for link in tracker.shipments]) == (FOREIGN, [shipment.id])
