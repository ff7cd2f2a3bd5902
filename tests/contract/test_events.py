"""Events on both databases: one for every change, in its transaction, in order."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from lib.desk.api_keys import LocalApiKeys
from lib.desk.events import LocalEvents
from lib.desk.rate_cards import LocalRateCards
from lib.desk.team import LocalTeam
from lib.models.base import utc_now
from lib.models.errors import InvalidRequest, NotFound
from lib.models.exports import Export, ExportCreate
from lib.models.lists import ListQuery
from lib.models.rate_cards import RateCardUpload
from lib.models.shipments import Purchase, QuoteRequest, RefreshRequest
from lib.models.team import TeamSettings
from lib.shipping import samples as samples_module
from lib.shipping.samples import LocalSamples
from lib.shipping.service import LocalShipments
from lib.store.database import writing
from lib.store.events import record_event
from lib.store.exports import add_unless_running, change_export
from tests.examples import QUICK_START, QUOTABLE

OLDEST_FIRST = ListQuery(direction="asc", limit=100)
CARD = {
    "kind": "adjustment",
    "name": "UPS agreement",
    "effective": "2026-01-01",
    "content": "provider,service,percent\nups,ground,-12.5\n",
}


@pytest.fixture
def events(engine: sa.Engine) -> LocalEvents:
    return LocalEvents(engine)


def told(events: LocalEvents, **filters: str) -> list[tuple[str, str]]:
    """Name and resource of every event, in order."""
    page = events.list(OLDEST_FIRST.model_copy(update={"filters": filters}))
    return [(event.event, event.resource_id) for event in page.items]


def record(engine: sa.Engine, *names: str, resource_id: str = "ship_1") -> None:
    with writing(engine).begin() as connection:
        for name in names:
            record_event(connection, name, resource_id)


def new_export() -> Export:
    request = ExportCreate.model_validate(QUICK_START)
    return Export(id="exp_1", created_at=utc_now(), updated_at=utc_now(), **request.model_dump())


def test_shipment_quoted_refreshed_and_bought(desk_runtime):
    desk = LocalShipments(desk_runtime.engine, TeamSettings)
    shipment = desk.create(QuoteRequest.model_validate(QUOTABLE))
    shipment = desk.refresh(shipment.id, RefreshRequest())
    for _ in range(2):
        desk.purchase(shipment.id, Purchase(rate_id=shipment.rates[0].id))
    found = LocalEvents(desk_runtime.engine).list(
        OLDEST_FIRST.model_copy(update={"filters": {"resource_id": shipment.id}})
    )
    assert [event.event for event in found.items] == [
        "shipment.rates_generated", "shipment.rates_generated", "shipment.purchased",
    ]  # fmt: skip
    sequences = [event.sequence for event in found.items]
    assert sequences == sorted(set(sequences))


def test_what_was_not_changed_tells_nothing(engine, events):
    with writing(engine).connect() as connection:
        record_event(connection, "team.updated", "team_settings")
        connection.rollback()
    with pytest.raises(NotFound):
        LocalApiKeys(engine, None).revoke("key_unknown")
    assert told(events) == []


def test_keys_made_and_revoked_once_and_never_their_secret(engine, events):
    keys = LocalApiKeys(engine, None)
    key = keys.create("Warehouse")
    keys.revoke(key.id)
    keys.revoke(key.id)
    assert told(events) == [("api_key.created", key.id), ("api_key.revoked", key.id)]
    facts = {"name": "Warehouse", "starts_with": key.starts_with}
    found = events.list(OLDEST_FIRST).items
    assert [event.data for event in found] == [facts, facts]
    assert key.secret not in "".join(event.model_dump_json() for event in found)


def test_team_settings(engine, events):
    settings = LocalTeam(engine).update(TeamSettings(cutoff_hour=12))
    assert told(events) == [("team.updated", "team_settings")]
    assert TeamSettings.model_validate(events.list(OLDEST_FIRST).items[0].data["settings"]) == settings


def test_rate_cards_applied_and_removed(engine, events):
    cards = LocalRateCards(engine)
    card = cards.apply(RateCardUpload.model_validate(CARD))
    cards.delete(card.id)
    assert told(events) == [("rate_card.applied", card.id), ("rate_card.removed", card.id)]


def test_samples_are_one_event(engine, events, monkeypatch):
    monkeypatch.setattr(samples_module, "SAMPLE_COUNT", 30)
    samples = LocalSamples(engine, TeamSettings)
    assert [samples.load(), samples.load(), samples.remove(), samples.remove()] == [30, 0, 30, 0]
    assert told(events) == [("samples.loaded", "samples"), ("samples.removed", "samples")]
    assert [event.data for event in events.list(OLDEST_FIRST).items] == [{"count": 30}, {"count": 30}]


def test_exports_asked_for_and_what_came_of_them(engine, events):
    add_unless_running(engine, new_export())
    add_unless_running(engine, new_export().model_copy(update={"id": "exp_2"}))
    change_export(engine, "exp_1", when=["queued"], status="processing", rows_done=0)
    change_export(engine, "exp_1", when=["processing"], rows_done=10)
    change_export(engine, "exp_1", when=["processing"], status="completed")
    change_export(engine, "exp_1", when=["processing"], status="failed")
    change_export(engine, "exp_1", when=["completed"], status="expired")
    assert told(events) == [("export.created", "exp_1"), ("export.completed", "exp_1"), ("export.expired", "exp_1")]


def test_unknown_name_is_a_mistake_in_the_code(engine, events):
    with pytest.raises(ValueError, match=r"shipment\.purchasd"):
        record(engine, "shipment.purchasd")
    assert told(events) == []


def test_list_is_narrowed_ordered_and_paged(engine, events):
    record(engine, "shipment.rates_generated", "shipment.purchased")
    record(engine, "export.completed", resource_id="exp_1")
    record(engine, "shipment.canceled")
    everything = [
        ("shipment.rates_generated", "ship_1"), ("shipment.purchased", "ship_1"), ("export.completed", "exp_1"),
        ("shipment.canceled", "ship_1"),
    ]  # fmt: skip
    assert told(events) == everything
    assert told(events, event="shipment.purchased,export.completed") == everything[1:3]
    assert told(events, resource="export") == everything[2:3]
    assert told(events, resource_id="ship_1") == [everything[0], everything[1], everything[3]]
    assert told(events, created_at=f"lt:{(utc_now() - timedelta(hours=1)).isoformat()}") == []
    assert told(events, created_at=f"gt:{(utc_now() - timedelta(hours=1)).isoformat()}") == everything
    second = events.list(ListQuery(page=2, limit=3))
    assert [event.event for event in second.items] == ["shipment.rates_generated"]
    assert (second.total_count, second.has_more) == (4, False)
    one = events.retrieve(second.items[0].id)
    assert one == second.items[0]
    assert (one.resource, one.data) == ("shipment", {})


def test_cursor_goes_on_where_it_was(engine, events):
    record(engine, *["shipment.updated"] * 5)
    first = events.list(ListQuery(limit=2, filters={"after": "0"})).items
    after = str(first[-1].sequence)
    rest = events.list(ListQuery(filters={"after": after})).items
    sequences = [event.sequence for event in (*first, *rest)]
    assert len(sequences) == 5
    assert sequences == sorted(sequences)


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"event": "shipment.purchasd"}, "event: “shipment.purchasd” is not known; did you mean “shipment.purchased”."),
        ({"after": "-1"}, "after: “-1” is no sequence number; 0 begins at the beginning."),
        ({"when": "now"}, "There is no filter “when”; known are event, resource, resource_id, after, created_at."),
    ],
)
def test_wrong_filters_are_named(events, filters, message):
    with pytest.raises(InvalidRequest) as caught:
        events.list(ListQuery(filters=filters))
    assert (caught.value.message, caught.value.fields) == (message, list(filters))


def test_there_is_no_such_event(events):
    with pytest.raises(NotFound, match="There is no event evt_1"):
        events.retrieve("evt_1")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_cursor_waits_for_the_earlier_number_that_is_committed_later(engine, events):
    """SQLite has one writer: there numbers and commits are in the same order anyway."""
    slow = writing(engine).connect()
    transaction = slow.begin()
    record_event(slow, "shipment.updated", "ship_slow")
    record(engine, "shipment.updated", resource_id="ship_quick")

    found: list[list[tuple[str, str]]] = []
    reader = threading.Thread(target=lambda: found.append(told(events, after="0")))
    reader.start()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watching:
        waits = sa.text("SELECT count(*) FROM pg_locks WHERE mode = 'ShareLock' AND NOT granted")
        while not watching.scalar(waits):
            assert reader.is_alive()
    transaction.commit()
    slow.close()
    reader.join()
    assert found == [[("shipment.updated", "ship_slow"), ("shipment.updated", "ship_quick")]]
