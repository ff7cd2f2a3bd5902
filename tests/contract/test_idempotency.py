"""Requests under an Idempotency-Key, on both databases: sent again, crashed between or at once, one thing happens."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from lib.models.errors import Conflict, DeskUnavailable, InvalidRequest
from lib.models.shipments import Purchase, RefreshRequest, Shipment
from lib.models.team import TeamSettings
from lib.runtime import Runtime
from lib.shipping.service import LocalShipments
from lib.store.idempotency import keyed_request, recall
from lib.store.tables import events, idempotency_keys, ledger_lines, shipments
from tests.contract.buying import COURIER, all_at_once, no_label_today, quote_request, quoted, rate_of

AT_ONCE = 20


@pytest.fixture
def desk(desk_runtime: Runtime) -> LocalShipments:
    return LocalShipments(desk_runtime.engine, lambda: TeamSettings(courier=COURIER))


def rows(engine: sa.Engine, *where: sa.ColumnElement[bool]) -> int:
    """How many rows there are of the table the condition is about."""
    with engine.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).where(*where)) or 0


def of_order(number: str) -> sa.ColumnElement[bool]:
    return shipments.c.order_number == number


def all_of(shipment: Shipment) -> list[str]:
    """Every purchasable rate, the cheapest first."""
    return [rate.id for rate in shipment.rates]


def reused(error: object) -> bool:
    return isinstance(error, Conflict) and (error.code, error.fields) == ("idempotency_key_reused", ["Idempotency-Key"])


def already_bought(error: object) -> bool:
    return isinstance(error, Conflict) and error.code == "already_purchased"


def test_create_again_is_the_first_shipment(desk: LocalShipments, desk_runtime: Runtime) -> None:
    request = quote_request(order_number="again")
    first = desk.create(request, idempotency_key="again")
    assert desk.create(request.model_copy(deep=True), idempotency_key="again") == first
    assert rows(desk_runtime.engine, of_order("again")) == 1
    assert desk.create(request).id != first.id


def test_create_of_something_else_is_refused(desk: LocalShipments, desk_runtime: Runtime) -> None:
    desk.create(quote_request(order_number="one"), idempotency_key="else")
    with pytest.raises(Conflict) as caught:
        desk.create(quote_request(order_number="two"), idempotency_key="else")
    assert reused(caught.value)
    assert rows(desk_runtime.engine, of_order("two")) == 0


def test_create_that_was_refused_leaves_its_key_free(desk: LocalShipments) -> None:
    with pytest.raises(InvalidRequest):
        desk.create(quote_request(recipient={"address": "1 Main St, 00000"}), idempotency_key="free")
    assert desk.create(quote_request(), idempotency_key="free").rates


def test_create_by_many_at_once_is_one_shipment(desk: LocalShipments, desk_runtime: Runtime) -> None:
    request = quote_request(order_number="at once")
    made = all_at_once([lambda: desk.create(request, idempotency_key="at once")] * AT_ONCE)
    assert {shipment.id for shipment in made if isinstance(shipment, Shipment)} == {made[0].id}  # type: ignore[union-attr]
    assert rows(desk_runtime.engine, of_order("at once")) == 1
    told = rows(desk_runtime.engine, events.c.resource_id == made[0].id)  # type: ignore[union-attr]
    assert told == 1


def test_create_of_many_things_at_once_under_one_key_makes_one(desk: LocalShipments, desk_runtime: Runtime) -> None:
    requests = [quote_request(order_number="many things", reference_number=str(turn)) for turn in range(6)]
    made = all_at_once([lambda one=one: desk.create(one, idempotency_key="many things") for one in requests])
    assert sorted(isinstance(one, Shipment) or reused(one) for one in made) == [True] * 6
    assert rows(desk_runtime.engine, of_order("many things")) == 1


def test_purchase_again_is_the_first_purchase(desk: LocalShipments, desk_runtime: Runtime) -> None:
    shipment = quoted(desk)
    purchase = Purchase(rate_id=rate_of(shipment, "usps"), order_number="N-1")
    first = desk.purchase(shipment.id, purchase, idempotency_key="buy")
    assert desk.purchase(shipment.id, purchase.model_copy(), idempotency_key="buy") == first
    for other in (Purchase(rate_id=purchase.rate_id), Purchase(rate_id=rate_of(shipment, "ups"), order_number="N-1")):
        with pytest.raises(Conflict) as caught:
            desk.purchase(shipment.id, other, idempotency_key="buy")
        assert reused(caught.value)
    assert rows(desk_runtime.engine, ledger_lines.c.shipment_id == shipment.id) == 1


def test_purchase_of_another_shipment_under_the_same_key_buys_nothing(
    desk: LocalShipments, desk_runtime: Runtime
) -> None:
    one, other = quoted(desk), quoted(desk)
    desk.purchase(one.id, Purchase(rate_id=rate_of(one, "usps")), idempotency_key="one of two")
    with pytest.raises(Conflict) as caught:
        desk.purchase(other.id, Purchase(rate_id=rate_of(other, "usps")), idempotency_key="one of two")
    assert reused(caught.value)
    assert desk.retrieve(other.id) == other
    assert rows(desk_runtime.engine, ledger_lines.c.shipment_id == other.id) == 0


def test_purchases_of_two_shipments_at_once_under_one_key_buy_one(desk: LocalShipments, desk_runtime: Runtime) -> None:
    pair = [quoted(desk), quoted(desk)]
    results = all_at_once(
        [
            lambda one=one: desk.purchase(one.id, Purchase(rate_id=all_of(one)[0]), idempotency_key="two at once")
            for one in pair
        ]
    )
    assert sum(isinstance(result, Shipment) for result in results) == 1
    assert sum(reused(result) for result in results) == 1
    charged = rows(desk_runtime.engine, ledger_lines.c.shipment_id.in_([one.id for one in pair]))
    assert (charged, sum(desk.retrieve(one.id).paid for one in pair)) == (1, 1)


def test_purchase_by_many_at_once_under_one_key_is_one_purchase(desk: LocalShipments, desk_runtime: Runtime) -> None:
    shipment = quoted(desk)
    purchase = Purchase(rate_id=rate_of(shipment, "usps"))
    results = all_at_once([lambda: desk.purchase(shipment.id, purchase, idempotency_key="all")] * AT_ONCE)
    kept = desk.retrieve(shipment.id)
    assert results == [kept] * AT_ONCE
    assert rows(desk_runtime.engine, ledger_lines.c.shipment_id == shipment.id) == 1
    told = (events.c.resource_id == shipment.id, events.c.event == "shipment.purchased")
    assert rows(desk_runtime.engine, *told) == 1


def test_purchase_at_many_rates_at_once_under_one_key_is_one_purchase(
    desk: LocalShipments, desk_runtime: Runtime
) -> None:
    shipment = quoted(desk)
    rates = [all_of(shipment)[turn % 4] for turn in range(AT_ONCE)]
    results = all_at_once(
        [
            lambda rate=rate: desk.purchase(shipment.id, Purchase(rate_id=rate), idempotency_key="rates")
            for rate in rates
        ]
    )
    kept = desk.retrieve(shipment.id)
    assert kept.purchased_rate is not None
    for rate, result in zip(rates, results, strict=True):
        same = rate == kept.purchased_rate.id
        assert (
            result == kept if same else getattr(result, "code", "") in ("idempotency_key_reused", "already_purchased")
        )
    assert rows(desk_runtime.engine, ledger_lines.c.shipment_id == shipment.id) == 1


def test_keys_of_those_who_joined_a_purchase_are_kept_too(desk: LocalShipments) -> None:
    shipment = quoted(desk)
    purchase = Purchase(rate_id=rate_of(shipment, "usps"))
    all_at_once(
        [lambda turn=turn: desk.purchase(shipment.id, purchase, idempotency_key=f"own {turn}") for turn in "abc"]
    )
    for turn in "abc":
        with pytest.raises(Conflict) as caught:
            desk.purchase(quoted(desk).id, purchase, idempotency_key=f"own {turn}")
        assert reused(caught.value)


def test_purchase_that_failed_leaves_its_key_free(
    desk: LocalShipments, desk_runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipment = quoted(desk)

    with no_label_today(monkeypatch), pytest.raises(DeskUnavailable):
        desk.purchase(shipment.id, Purchase(rate_id=rate_of(shipment, "usps")), idempotency_key="failed")
    fresh = desk.refresh(shipment.id, RefreshRequest())
    bought = desk.purchase(shipment.id, Purchase(rate_id=rate_of(fresh, "ups")), idempotency_key="failed")
    assert bought.provider == "ups"
    assert rows(desk_runtime.engine, idempotency_keys.c.key == "failed") == 1


def test_one_key_serves_every_operation_once(desk: LocalShipments) -> None:
    request = quote_request()
    shipment = desk.create(request, idempotency_key="mine")
    purchase = Purchase(rate_id=rate_of(shipment, "usps"))
    assert desk.purchase(shipment.id, purchase, idempotency_key="mine").paid
    refunded = desk.refund(shipment.id, idempotency_key="mine")
    assert refunded.refund_status == "refunded"
    # Each of them again: what it led to, as it is now.
    assert desk.create(request, idempotency_key="mine") == refunded
    assert desk.purchase(shipment.id, purchase, idempotency_key="mine") == refunded
    assert desk.refund(shipment.id, idempotency_key="mine") == refunded
    with pytest.raises(Conflict) as caught:
        desk.refund(quoted(desk).id, idempotency_key="mine")
    assert reused(caught.value)


def test_keys_are_forgotten_after_a_day(desk: LocalShipments, desk_runtime: Runtime) -> None:
    engine, request = desk_runtime.engine, quote_request()
    first = desk.create(request, idempotency_key="yesterday")
    asked = keyed_request("yesterday", "shipments.create", body=request)
    assert asked is not None
    with engine.connect() as connection:
        wanted = sa.select(idempotency_keys.c.created_at).where(idempotency_keys.c.key == "yesterday")
        since = connection.execute(wanted).scalar_one()
    assert recall(engine, asked, since + timedelta(hours=24) - timedelta(milliseconds=1)) == first.id
    assert recall(engine, asked, since + timedelta(hours=24)) is None
    with engine.begin() as connection:
        old = idempotency_keys.c.key == "yesterday"
        connection.execute(sa.update(idempotency_keys).where(old).values(created_at=since - timedelta(hours=24)))
    desk.create(request, idempotency_key="today")
    assert rows(engine, old) == 0
    assert desk.create(request, idempotency_key="yesterday").id != first.id


@pytest.mark.parametrize("key", ["", "x" * 256, "line\nbreak", "nul\0"])
def test_keys_that_cannot_be_kept_are_refused(desk: LocalShipments, key: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        desk.create(quote_request(), idempotency_key=key)
    assert (caught.value.code, caught.value.fields) == ("invalid_idempotency_key", ["Idempotency-Key"])


def test_a_key_may_have_255_characters(desk: LocalShipments) -> None:
    key = "é" * 255
    assert desk.create(quote_request(), idempotency_key=key) == desk.create(quote_request(), idempotency_key=key)
