"""What the worker does every minute, on both databases."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from dbos import DBOS, SetWorkflowID

from lib import chores
from lib.chores import CHORES, forget_workflows, schedule_chores, tick
from lib.desk.events import LocalEvents
from lib.models.base import utc_now
from lib.models.lists import ListQuery
from lib.models.shipments import Purchase, QuoteRequest, RefreshRequest, Shipment
from lib.models.team import TeamSettings
from lib.runtime import Runtime
from lib.shipping import expiry
from lib.shipping.expiry import expire_rates
from lib.shipping.service import LocalShipments
from lib.store.database import writing
from lib.store.shipments import SHIPMENTS
from lib.store.tables import purchases, shipments
from tests.examples import QUOTABLE

MOMENT = timedelta(milliseconds=1)


@pytest.fixture
def desk(engine: sa.Engine) -> LocalShipments:
    return LocalShipments(engine, TeamSettings)


def quoted(desk: LocalShipments) -> Shipment:
    return desk.create(QuoteRequest.model_validate(QUOTABLE))


def expired(engine: sa.Engine) -> list[str]:
    """The shipments of all `shipment.expired` events."""
    found = LocalEvents(engine).list(ListQuery(limit=500, filters={"event": "shipment.expired"}))
    return [event.resource_id for event in found.items]


def test_rates_end_once_and_not_before_their_time(engine, desk):
    shipment = quoted(desk)
    assert expire_rates(engine, shipment.rates_expire_at) == 0
    assert expire_rates(engine, shipment.rates_expire_at + MOMENT) == 1
    assert expire_rates(engine, shipment.rates_expire_at + timedelta(days=1)) == 0
    assert expired(engine) == [shipment.id]


def test_a_change_after_the_end_does_not_end_them_again_but_fresh_rates_do(engine, desk):
    shipment = quoted(desk)
    expire_rates(engine, shipment.rates_expire_at + MOMENT)
    with writing(engine).begin() as connection:
        SHIPMENTS.update(connection, shipment.model_copy(update={"order_number": "A-1"}))
    assert expire_rates(engine, shipment.rates_expire_at + MOMENT) == 0
    fresh = desk.refresh(shipment.id, RefreshRequest())
    assert expire_rates(engine, fresh.rates_expire_at + MOMENT) == 1
    assert expired(engine) == [shipment.id] * 2


def test_being_bought_they_do_not_end_until_it_is_given_back(engine, desk):
    shipment = quoted(desk)
    reserved = {
        "shipment_id": shipment.id, "rate_id": shipment.rates[0].id, "amount": 1, "tracking_number": "PKGX-1",
        "purchased_at": utc_now(),
    }  # fmt: skip
    with writing(engine).begin() as connection:
        connection.execute(sa.insert(purchases).values(reserved))
    assert expire_rates(engine, shipment.rates_expire_at + MOMENT) == 0
    with writing(engine).begin() as connection:
        connection.execute(sa.delete(purchases))
    assert expire_rates(engine, shipment.rates_expire_at + MOMENT) == 1


def test_more_than_a_batch_at_once_and_no_more_than_its_share(engine, desk, monkeypatch):
    monkeypatch.setattr(expiry, "_AT_ONCE", 3)
    monkeypatch.setattr(expiry, "_MOST_BATCHES", 2)
    shipment = quoted(desk)
    copies = [shipment.model_copy(update={"id": f"ship_{number}"}) for number in range(6)]
    with writing(engine).begin() as connection:
        SHIPMENTS.insert(connection, copies)
    later = shipment.rates_expire_at + MOMENT
    assert [expire_rates(engine, later) for _ in range(3)] == [6, 1, 0]
    assert sorted(expired(engine)) == sorted(one.id for one in (shipment, *copies))


def bought_on(held: Runtime) -> tuple[Shipment, Shipment]:
    """A shipment whose rates wait and one that is bought."""
    desk = LocalShipments(held.engine, TeamSettings)
    waiting, bought = quoted(desk), quoted(desk)
    return waiting, desk.purchase(bought.id, Purchase(rate_id=bought.rates[0].id))


def test_a_tick_does_every_chore_whatever_fails(worker_runtime, monkeypatch, caplog):
    def failing(_engine, _now) -> int:
        raise ValueError("no luck")

    waiting, _bought = bought_on(worker_runtime)
    monkeypatch.setattr(chores, "CHORES", {"luck": failing, **CHORES})
    with writing(worker_runtime.engine).begin() as connection:
        connection.execute(
            sa.update(shipments).values(rates_expire_at=utc_now() - MOMENT).where(shipments.c.id == waiting.id)
        )
    schedule_chores()
    DBOS.trigger_schedule("chores").get_result(polling_interval_sec=0.05)
    assert expired(worker_runtime.engine) == [waiting.id]
    assert "chore failed: luck" in caplog.text


def test_scheduled_again_there_is_one_schedule_for_every_minute(worker_runtime):
    schedule_chores()
    schedule_chores()
    (schedule,) = DBOS.list_schedules()
    assert (schedule["schedule"], schedule["queue_name"], schedule["automatic_backfill"]) == (
        "* * * * *", "chores", False,
    )  # fmt: skip
    assert worker_runtime.settings


@pytest.mark.usefixtures("worker_runtime")
def test_a_tick_that_has_waited_does_nothing(monkeypatch):
    done: list[str] = []
    monkeypatch.setattr(chores, "CHORES", {"seen": lambda _engine, _now: done.append("seen") or 1})
    tick(utc_now() - timedelta(minutes=6), None)
    assert done == []
    tick(utc_now() - timedelta(minutes=1), None)
    assert done == ["seen"]


def test_finished_workflows_are_forgotten_ticks_first(worker_runtime):
    _waiting, bought = bought_on(worker_runtime)
    with SetWorkflowID("a-tick"):
        tick(utc_now() - timedelta(hours=1), None)
    (purchase,) = [
        workflow.workflow_id for workflow in DBOS.list_workflows(name="purchase") if bought.id in workflow.workflow_id
    ]
    assert DBOS.get_workflow_status("a-tick") is not None

    forget_workflows(worker_runtime.engine, utc_now() + timedelta(hours=2))
    assert DBOS.get_workflow_status("a-tick") is None
    assert DBOS.get_workflow_status(purchase) is not None
    forget_workflows(worker_runtime.engine, utc_now() + timedelta(days=8))
    assert DBOS.get_workflow_status(purchase) is None
