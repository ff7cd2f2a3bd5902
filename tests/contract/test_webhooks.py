"""Webhooks on both databases, with a real receiver: told in order, told again, never told what did not happen."""

import asyncio
import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from lib.desk.api_keys import LocalApiKeys
from lib.desk.events import LocalEvents
from lib.desk.team import LocalTeam
from lib.models.base import utc_now
from lib.models.errors import Conflict, InvalidRequest, NotFound
from lib.models.lists import ListQuery
from lib.models.shipments import QuoteRequest
from lib.models.team import TeamSettings
from lib.models.webhooks import Webhook, WebhookCreate, WebhookUpdate
from lib.shipping.service import LocalShipments
from lib.store.database import writing
from lib.store.events import record_event
from lib.store.tables import webhook_deliveries
from lib.store.webhooks import HELD, claim_delivery, delete_deliveries_before
from lib.webhooks import posting
from lib.webhooks.sending import Sender
from lib.webhooks.service import LocalWebhooks
from tests.examples import QUOTABLE
from tests.receivers import Receiver, answering, receiving

HEADER_VALUE = "Bearer hunter2"
ALL = ListQuery(limit=100)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def webhooks(engine: sa.Engine) -> LocalWebhooks:
    return LocalWebhooks(engine)


class Clock:
    """Stands still until it is moved on."""

    def __init__(self) -> None:
        self.now = utc_now() + timedelta(seconds=1)

    def __call__(self) -> datetime:
        return self.now


def send(engine: sa.Engine, clock: Clock | None = None) -> None:
    asyncio.run(Sender(engine, now=clock or Clock()).send_due())


def make(webhooks: LocalWebhooks, receiver: Receiver, *events: str, **changes) -> Webhook:
    wanted = {"url": f"{receiver.base}/hooks?token=t0ken", "events": list(events or ["shipment.*"])}
    return webhooks.create(WebhookCreate.model_validate(wanted | changes))


def happen(engine: sa.Engine, *names: str) -> None:
    for name in names:
        with writing(engine).begin() as connection:
            record_event(connection, name, "ship_1")


def statuses(webhooks: LocalWebhooks, webhook: Webhook) -> list[tuple[str, str]]:
    """Event and state of every delivery, the earliest first."""
    found = webhooks.deliveries(webhook.id, ListQuery(limit=100, direction="asc")).items
    return [(delivery.event, delivery.status) for delivery in found]


def test_delivery_is_the_event_and_the_shipment_as_it_was(engine, webhooks, receiver):
    make(webhooks, receiver)
    desk = LocalShipments(engine, TeamSettings)
    shipment = desk.create(QuoteRequest.model_validate(QUOTABLE))
    with writing(engine).begin() as connection:
        # What happens to it afterwards does not change what is told.
        connection.execute(sa.text("UPDATE shipments SET document = '{}'"))
    send(engine)
    (request,) = receiver.received
    (event,) = LocalEvents(engine).list(ListQuery(filters={"resource": "shipment"})).items
    subject = request.json["subject"]
    assert {name: value for name, value in request.json.items() if name != "subject"} == event.model_dump(mode="json")
    expected = json.loads(shipment.model_dump_json())
    for rate in (*expected["rates"], expected["recommended_rate"]):
        assert rate.pop("breakdown")
    assert subject == expected
    assert len(expected["rates"]) > 3


def test_events_arrive_in_order_and_only_those_subscribed_to(engine, webhooks, receiver):
    webhook = make(webhooks, receiver, "shipment.*", "export.completed")
    names = [
        "shipment.rates_generated",
        "export.created",
        "shipment.purchased",
        "export.completed",
        "shipment.canceled",
    ]
    happen(engine, *names)
    send(engine)
    assert receiver.events == [name for name in names if name != "export.created"]
    assert {status for _, status in statuses(webhooks, webhook)} == {"delivered"}
    sequences = [request.json["sequence"] for request in receiver.received]
    assert sequences == sorted(sequences)


def test_what_was_rolled_back_is_not_told(engine, webhooks, receiver):
    webhook = make(webhooks, receiver)
    with writing(engine).connect() as connection:
        record_event(connection, "shipment.purchased", "ship_1")
        connection.rollback()
    send(engine)
    assert receiver.received == []
    assert statuses(webhooks, webhook) == []


def test_refused_it_is_tried_again_when_due_and_logged(engine, webhooks, receiver):
    webhook = make(webhooks, receiver)
    clock = Clock()
    began = clock.now
    receiver.answers = [answering(500, b"out of order"), answering(404), answering(200)]
    happen(engine, "shipment.purchased")
    send(engine, clock)
    (delivery,) = webhooks.deliveries(webhook.id, ALL).items
    assert (delivery.status, delivery.retries_left) == ("pending", 5)
    assert delivery.next_attempt_at == began + timedelta(seconds=10)
    failing = webhooks.retrieve(webhook.id)
    assert (failing.failing_since, failing.last_error) == (began, "The receiver answered 500.")

    clock.now = began + timedelta(seconds=9)
    send(engine, clock)
    assert len(receiver.received) == 1
    for seconds in (10, 70):
        clock.now = began + timedelta(seconds=seconds)
        send(engine, clock)
    (delivery,) = webhooks.deliveries(webhook.id, ALL).items
    assert (delivery.status, delivery.next_attempt_at) == ("delivered", None)
    assert [(attempt.at - began, attempt.status_code, attempt.response) for attempt in delivery.attempts] == [
        (timedelta(0), 500, "out of order"), (timedelta(seconds=10), 404, None), (timedelta(seconds=70), 200, None),
    ]  # fmt: skip
    assert len({request.body for request in receiver.received}) == 1
    well = webhooks.retrieve(webhook.id)
    assert (well.last_delivered_at, well.failing_since, well.last_error) == (clock.now, None, None)
    assert well.updated_at == webhook.updated_at


def test_silence_and_a_closed_door_are_tried_again(engine, webhooks, receiver, monkeypatch):
    monkeypatch.setattr(posting, "ANSWER_WITHIN_SEC", 0.2)
    webhook = make(webhooks, receiver)
    clock = Clock()
    receiver.answers = [lambda handler: handler.connection.recv(1), answering(200)]
    happen(engine, "shipment.purchased")
    send(engine, clock)
    webhooks.update(webhook.id, WebhookUpdate(url="http://127.0.0.1:9/"))
    clock.now += timedelta(seconds=10)
    send(engine, clock)
    webhooks.update(webhook.id, WebhookUpdate(url=receiver.base))
    clock.now += timedelta(minutes=1)
    send(engine, clock)
    (delivery,) = webhooks.deliveries(webhook.id, ListQuery(filters={"status": "delivered"})).items
    assert [(attempt.error, attempt.status_code) for attempt in delivery.attempts] == [
        ("No answer within 0 seconds.", None), ("The receiver could not be reached.", None), (None, 200),
    ]  # fmt: skip


def test_after_the_last_try_it_has_failed_and_can_be_told_again(engine, webhooks, receiver):
    webhook = make(webhooks, receiver)
    clock = Clock()
    receiver.answers = [answering(500)]
    happen(engine, "shipment.purchased")
    for _ in range(9):
        send(engine, clock)
        clock.now += timedelta(hours=6)
    assert len(receiver.received) == 7
    (failed,) = webhooks.deliveries(webhook.id, ListQuery(filters={"status": "failed"})).items

    again = webhooks.redeliver(webhook.id, failed.id)
    assert (again.status, again.retries_left, len(again.attempts)) == ("pending", 6, 7)
    receiver.answers = [answering(200)]
    send(engine)
    assert statuses(webhooks, webhook) == [("shipment.purchased", "delivered")]
    assert len({request.body for request in receiver.received}) == 1
    assert receiver.received[-1].headers["X-Shipdesk-Delivery"] == failed.id


def test_one_receiver_that_hangs_holds_up_no_other(engine, webhooks, receiver):
    with receiving() as stuck:
        hanging = make(webhooks, stuck)
        make(webhooks, receiver)
        stuck.answers = [lambda handler: receiver.arrived.wait(5) and answering(200)(handler)]
        happen(engine, "shipment.purchased")
        send(engine)
        # It answers only once the other one has been told.
        assert statuses(webhooks, hanging) == [("shipment.purchased", "delivered")]


def test_one_delivery_of_a_webhook_is_under_way_at_a_time(engine, webhooks, receiver):
    make(webhooks, receiver)
    happen(engine, "shipment.purchased", "shipment.canceled")
    now = utc_now() + timedelta(seconds=1)
    with ThreadPoolExecutor(8) as pool:
        claims = [claim for claim in pool.map(lambda _: claim_delivery(engine, now), range(16)) if claim]
    (claim,) = claims
    assert claim.delivery.event == "shipment.purchased"
    assert claim_delivery(engine, now + HELD - timedelta(milliseconds=1)) is None
    # Its sender counts as dead: the same delivery again, not the next one.
    again = claim_delivery(engine, now + HELD)
    assert again is not None
    assert (again.delivery.id, again.payload) == (claim.delivery.id, claim.payload)


def test_sender_that_was_taken_for_dead_changes_nothing(engine, webhooks, receiver):
    webhook = make(webhooks, receiver)
    happen(engine, "shipment.purchased")
    late = Clock()

    def meanwhile(handler) -> None:
        if len(receiver.received) == 1:
            successor = Clock()
            successor.now = late.now + HELD
            send(engine, successor)
        answering(500 if len(receiver.received) == 1 else 200)(handler)

    receiver.answers = [meanwhile]
    send(engine, late)
    (delivery,) = webhooks.deliveries(webhook.id, ALL).items
    assert len(receiver.received) == 2
    assert delivery.status == "delivered"
    assert [attempt.status_code for attempt in delivery.attempts] == [200]


def test_paused_it_is_told_nothing_and_what_waited_waits(engine, webhooks, receiver):
    webhook = make(webhooks, receiver)
    happen(engine, "shipment.rates_generated")
    webhooks.update(webhook.id, WebhookUpdate(active=False))
    happen(engine, "shipment.purchased")
    send(engine)
    assert receiver.received == []
    for call in (lambda: webhooks.ping(webhook.id), lambda: webhooks.redeliver(webhook.id, "dlv_1")):
        with pytest.raises(Conflict, match="is paused"):
            call()
    webhooks.update(webhook.id, WebhookUpdate(active=True))
    happen(engine, "shipment.canceled")
    send(engine)
    assert receiver.events == ["shipment.rates_generated", "shipment.canceled"]


def test_ping_is_told_to_this_webhook_alone(engine, webhooks, receiver):
    with receiving() as other:
        webhook = make(webhooks, receiver, "export.completed")
        make(webhooks, other, "*")
        webhooks.ping(webhook.id)
        send(engine)
        assert (receiver.events, other.events) == (["webhook.pinged"], ["webhook.created"])
    assert receiver.received[0].json["subject"]["id"] == webhook.id


def test_deleted_it_is_told_nothing_more(engine, webhooks, receiver):
    webhook = make(webhooks, receiver)
    happen(engine, "shipment.purchased")
    assert webhooks.delete(webhook.id).id == webhook.id
    send(engine)
    assert receiver.received == []
    for call in (webhooks.retrieve, webhooks.delete, webhooks.ping, lambda gone: webhooks.deliveries(gone, ALL)):
        with pytest.raises(NotFound, match=f"There is no webhook {webhook.id}"):
            call(webhook.id)
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(webhook_deliveries)) == 0


def test_webhooks_own_changes_and_deletions_are_told_with_what_was(engine, webhooks, receiver):
    make(webhooks, receiver, "webhook.*")
    with receiving() as other:
        second = make(webhooks, other, "export.*")
        webhooks.update(second.id, WebhookUpdate(description="Books"))
        webhooks.delete(second.id)
    send(engine)
    assert receiver.events == ["webhook.created", "webhook.created", "webhook.updated", "webhook.deleted"]
    assert receiver.received[-1].json["subject"]["description"] == "Books"


def test_secret_goes_to_the_receiver_and_nowhere_else(engine, webhooks, receiver, caplog):
    caplog.set_level(logging.DEBUG, "shipdesk")
    header = {"key": "Authorization", "value": HEADER_VALUE}
    webhook = make(webhooks, receiver, "*", header=header)
    listener = make(webhooks, receiver, "webhook.*")
    webhooks.update(webhook.id, WebhookUpdate(description="Told of everything"))
    LocalTeam(engine).update(TeamSettings())
    LocalApiKeys(engine, None).create("Warehouse")
    send(engine)
    shown = [
        webhook, webhooks.retrieve(webhook.id), *webhooks.list(ALL).items, *webhooks.deliveries(webhook.id, ALL).items,
        *webhooks.deliveries(listener.id, ALL).items, *LocalEvents(engine).list(ALL).items,
    ]  # fmt: skip
    assert webhooks.retrieve(webhook.id).header == webhook.header
    assert webhook.header is not None
    assert (webhook.header.key, webhook.header.value) == ("Authorization", "••••••••")
    everything = "".join(item.model_dump_json() for item in shown) + "".join(
        request.body.decode() for request in receiver.received
    )
    assert "hunter2" not in everything + caplog.text
    assert "t0ken" not in caplog.text
    assert f"webhook {webhook.id} delivery" in caplog.text
    sent = {request.headers.get("Authorization") for request in receiver.received}
    assert sent == {HEADER_VALUE, None}


def test_header_is_changed_kept_and_taken_away(engine, webhooks, receiver):
    webhook = make(webhooks, receiver, header={"key": "X-First", "value": "one"})
    changes: list[tuple[dict, tuple[str, str | None]]] = [
        ({"description": "Books"}, ("X-First", "one")),
        ({"header": {"key": "X-Second"}}, ("X-Second", "one")),
        ({"header": {"key": "X-Second", "value": "••••••••"}}, ("X-Second", "one")),
        ({"header": {"key": "X-Second", "value": "two"}}, ("X-Second", "two")),
        ({"header": None}, ("X-Second", None)),
    ]
    for change, (key, value) in changes:
        webhooks.update(webhook.id, WebhookUpdate.model_validate(change))
        happen(engine, "shipment.purchased")
        send(engine)
        assert receiver.received[-1].headers.get(key) == value
    assert webhooks.retrieve(webhook.id).header is None
    with pytest.raises(InvalidRequest) as caught:
        webhooks.update(webhook.id, WebhookUpdate.model_validate({"header": {"key": "X-Third"}}))
    assert caught.value.fields == ["header.value"]


def test_null_is_no_address(webhooks, receiver):
    webhook = make(webhooks, receiver)
    with pytest.raises(InvalidRequest) as caught:
        webhooks.update(webhook.id, WebhookUpdate.model_validate({"url": None, "active": None}))
    assert caught.value.fields == ["url", "active"]
    assert webhooks.retrieve(webhook.id) == webhook


def test_there_are_at_most_fifty(webhooks, receiver):
    for _ in range(50):
        make(webhooks, receiver)
    with pytest.raises(Conflict, match="There are 50 webhooks already"):
        make(webhooks, receiver)


def test_log_forgets_after_a_while(engine, webhooks, receiver):
    webhook = make(webhooks, receiver)
    happen(engine, "shipment.purchased")
    assert delete_deliveries_before(engine, utc_now() - timedelta(hours=1)) == 0
    assert delete_deliveries_before(engine, utc_now() + timedelta(hours=1)) == 1
    assert statuses(webhooks, webhook) == []
