"""Payment methods, refunds and the ledger on both databases: what is charged, what comes back, and every sum."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.models.errors import Conflict, DeskUnavailable, InvalidRequest, NotFound
from lib.models.lists import ListQuery
from lib.models.payments import LedgerTotal, PaymentMethodCreate, PaymentMethodUpdate
from lib.models.shipments import Purchase, Shipment, TrackingUpdate
from lib.models.team import TeamSettings
from lib.runtime import Runtime
from lib.shipping.label_service import LocalLabels
from lib.shipping.payments import LocalLedger, LocalPaymentMethods
from lib.shipping.service import LocalShipments
from lib.store.shipments import SHIPMENTS
from lib.store.tables import events
from tests.contract.buying import COURIER, all_at_once, no_label_today, quoted, rate_of

AT_ONCE = 20
INVOICE = "pay_invoice"


@pytest.fixture
def desk(desk_runtime: Runtime) -> LocalShipments:
    return LocalShipments(desk_runtime.engine, lambda: TeamSettings(courier=COURIER))


@pytest.fixture
def methods(desk_runtime: Runtime) -> LocalPaymentMethods:
    return LocalPaymentMethods(desk_runtime.engine)


@pytest.fixture
def ledger(desk_runtime: Runtime) -> LocalLedger:
    return LocalLedger(desk_runtime.engine)


def bought(desk: LocalShipments, provider: str = "usps", **named: Any) -> Shipment:
    shipment = quoted(desk)
    return desk.purchase(shipment.id, Purchase(rate_id=rate_of(shipment, provider), **named))


def of(shipment: Shipment) -> ListQuery:
    return ListQuery(filters={"shipment_id": shipment.id}, direction="asc")


def total(ledger: LocalLedger, shipment: Shipment) -> LedgerTotal:
    (found,) = ledger.totals(of(shipment))
    return found


def told(engine: sa.Engine, shipment_id: str) -> list[str]:
    with engine.connect() as connection:
        wanted = sa.select(events.c.event).where(events.c.resource_id == shipment_id).order_by(events.c.sequence)
        return list(connection.scalars(wanted))


def with_update(engine: sa.Engine, shipment: Shipment, status: str) -> Shipment:
    """The shipment as its provider told of it last."""
    update = TrackingUpdate.model_validate({"status": status})
    moved = shipment.model_copy(update={"status": status, "tracking_updates": [*shipment.tracking_updates, update]})
    with engine.begin() as connection:
        SHIPMENTS.update(connection, moved)
    return moved


def test_payment_methods_begin_with_the_invoice_account_as_default(methods: LocalPaymentMethods) -> None:
    method = methods.retrieve(INVOICE)
    assert (method.kind, method.name, method.default) == ("invoice", "Invoice account", True)
    for call in (
        lambda: methods.delete(INVOICE),
        lambda: methods.update(INVOICE, PaymentMethodUpdate(default=False)),
    ):
        with pytest.raises(Conflict):
            call()
    assert methods.retrieve(INVOICE) == method


def test_payment_methods_create_update_delete(methods: LocalPaymentMethods, desk: LocalShipments) -> None:
    card = methods.create(PaymentMethodCreate(id="card_ours", name=" Visa ending 4242 ", default=True))
    assert (card.id, card.kind, card.name, card.default) == ("card_ours", "card", "Visa ending 4242", True)
    assert methods.retrieve("card_ours") == card
    assert not methods.retrieve(INVOICE).default
    with pytest.raises(Conflict) as caught:
        methods.create(PaymentMethodCreate(id="card_ours", name="Another"))
    assert caught.value.code == "payment_method_exists"
    with pytest.raises(Conflict) as caught:
        methods.delete("card_ours")
    assert (caught.value.code, caught.value.fields) == ("payment_method_is_default", ["default"])

    assert bought(desk).payment_method == "card_ours"
    assert methods.update(INVOICE, PaymentMethodUpdate(default=True)).default
    assert methods.update("card_ours", PaymentMethodUpdate(name="Visa, the old one")).name == "Visa, the old one"
    assert not methods.retrieve("card_ours").default
    assert bought(desk).payment_method == INVOICE
    assert methods.delete("card_ours").id == "card_ours"
    with pytest.raises(NotFound):
        methods.retrieve("card_ours")


def test_payment_methods_have_one_default_whoever_sets_it(methods: LocalPaymentMethods) -> None:
    cards = [methods.create(PaymentMethodCreate(name=f"Card {turn}")).id for turn in range(6)]
    all_at_once([lambda card=card: methods.update(card, PaymentMethodUpdate(default=True)) for card in cards])
    kept = methods.list(ListQuery(limit=500)).items
    assert sum(method.default for method in kept) == 1
    methods.update(INVOICE, PaymentMethodUpdate(default=True))


def test_a_purchase_is_a_line(desk: LocalShipments, ledger: LocalLedger) -> None:
    shipment = bought(desk, "self", payment_reference="ORDER-12345")
    (line,) = ledger.list(of(shipment)).items
    expected = {
        "object": "ledger_line",
        "kind": "charge",
        "payment_method_id": INVOICE,
        "shipment_id": shipment.id,
        "tracking_number": shipment.tracking_number,
        "amount": 1450,
        "currency": "usd",
        "reference": "ORDER-12345",
    }
    assert line.model_dump(exclude={"id", "created_at"}) == expected
    assert line.created_at == shipment.tracking_updates[0].created_at
    assert shipment.payment_method == INVOICE


def test_what_is_charged_is_what_the_team_pays(desk_runtime: Runtime, ledger: LocalLedger) -> None:
    half = TeamSettings.model_validate({"discounts": [{"min_checkout_total": 1, "percent": 50}]})
    desk = LocalShipments(desk_runtime.engine, lambda: half)
    shipment = quoted(desk, options={"checkout_total": 5000})
    rate = next(rate for rate in shipment.rates if rate.provider.id == "usps")
    assert rate.amount < rate.billed_amount
    desk.purchase(shipment.id, Purchase(rate_id=rate.id))
    assert total(ledger, shipment).balance == rate.billed_amount


def test_a_card_not_met_before_is_kept_as_a_reference(desk: LocalShipments, methods: LocalPaymentMethods) -> None:
    results = all_at_once([lambda: bought(desk, payment_method="card_xyz123")] * 4)
    assert [isinstance(one, Shipment) and one.payment_method for one in results] == ["card_xyz123"] * 4
    card = methods.retrieve("card_xyz123")
    assert (card.kind, card.name, card.default) == ("card", "card_xyz123", False)


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ("pm_1", "payment_method_unknown"),
        ("card_", "payment_method_unknown"),
        ("card_ä", "payment_method_unknown"),
        ("4242424242424242", "card_number_refused"),
        ("card_4242_4242_4242_4242", "card_number_refused"),
    ],
)
def test_what_cannot_pay_is_refused(desk: LocalShipments, ledger: LocalLedger, named: str, code: str) -> None:
    shipment = quoted(desk)
    with pytest.raises(InvalidRequest) as caught:
        desk.purchase(shipment.id, Purchase(rate_id=rate_of(shipment, "usps"), payment_method=named))
    assert (caught.value.code, caught.value.fields) == (code, ["payment_method"])
    words = {"payment_method_unknown": "There are pay_invoice", "card_number_refused": "A card number is never taken."}
    assert words[code] in caught.value.message
    assert (named in caught.value.message) == (code == "payment_method_unknown")
    assert (desk.retrieve(shipment.id), ledger.list(of(shipment)).items) == (shipment, [])


def test_lines_of_a_deleted_card_stay(desk: LocalShipments, methods: LocalPaymentMethods, ledger: LocalLedger) -> None:
    shipment = bought(desk, payment_method="card_gone")
    methods.delete("card_gone")
    assert total(ledger, shipment).payment_method_id == "card_gone"
    desk.refund(shipment.id)
    assert total(ledger, shipment).balance == 0
    with pytest.raises(NotFound):
        methods.retrieve("card_gone")


def test_refund_records_everything(desk: LocalShipments, desk_runtime: Runtime, ledger: LocalLedger) -> None:
    before = bought(desk, payment_method="card_abc", payment_reference="R-1")
    after = desk.refund(before.id)
    update = after.tracking_updates[-1]
    expected = before.model_copy(
        update={
            "status": "canceled",
            "refund_status": "refunded",
            "tracking_updates": [*before.tracking_updates, update],
            "updated_at": update.created_at,
        }
    )
    assert after.model_dump_json() == expected.model_dump_json()
    assert (update.status, update.message) == (
        "canceled",
        "The label was voided before it was used, and its price given back.",
    )
    assert desk.retrieve(before.id) == after
    charge, refund = sorted(ledger.list(of(before)).items, key=lambda line: -line.amount)
    assert refund.model_dump(exclude={"id", "created_at"}) == {
        **charge.model_dump(exclude={"id", "created_at"}),
        "kind": "refund",
        "amount": -(before.billed_amount or 0),
    }
    price = before.billed_amount
    assert price
    assert total(ledger, before) == LedgerTotal(
        payment_method_id="card_abc", currency="usd", charged=price, reversed=0, refunded=-price, balance=0
    )
    assert told(desk_runtime.engine, before.id) == [
        "shipment.rates_generated", "shipment.purchased", "shipment.canceled", "shipment.refunded",
    ]  # fmt: skip


def test_refund_again_and_by_many_at_once_is_one_refund(
    desk: LocalShipments, desk_runtime: Runtime, ledger: LocalLedger
) -> None:
    shipment = bought(desk)
    results = all_at_once([lambda: desk.refund(shipment.id)] * AT_ONCE)
    kept = desk.retrieve(shipment.id)
    assert [*results, desk.refund(shipment.id)] == [kept] * (AT_ONCE + 1)
    assert Counter(line.kind for line in ledger.list(of(shipment)).items) == {"charge": 1, "refund": 1}
    assert told(desk_runtime.engine, shipment.id).count("shipment.refunded") == 1
    assert [update.status for update in kept.tracking_updates] == ["created", "canceled"]


def test_refund_and_purchase_at_once_never_owe(desk: LocalShipments, ledger: LocalLedger) -> None:
    shipment = quoted(desk)
    purchase = Purchase(rate_id=rate_of(shipment, "usps"))
    all_at_once([lambda: desk.purchase(shipment.id, purchase), lambda: desk.refund(shipment.id)] * 5)
    kept = desk.retrieve(shipment.id)
    assert kept.paid
    assert total(ledger, kept).balance == (0 if kept.refund_status == "refunded" else kept.billed_amount)


def test_refund_refuses_what_is_not_bought(desk: LocalShipments) -> None:
    shipment = quoted(desk)
    with pytest.raises(InvalidRequest) as caught:
        desk.refund(shipment.id)
    assert caught.value.code == "not_purchased"
    with pytest.raises(NotFound):
        desk.refund("ship_none")
    assert desk.retrieve(shipment.id) == shipment


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("package_accepted", "it is under way"),
        ("in_transit", "it is under way"),
        ("driver_dispatched", "a driver is on the way to it"),
        ("provider_at_pickup", "a driver is on the way to it"),
        ("delivered", "it has come to its end"),
        ("package_lost", "it has come to its end"),
    ],
)
def test_refund_refuses_what_has_moved(
    desk: LocalShipments, desk_runtime: Runtime, ledger: LocalLedger, status: str, words: str
) -> None:
    shipment = with_update(desk_runtime.engine, bought(desk), status)
    with pytest.raises(InvalidRequest) as caught:
        desk.refund(shipment.id)
    assert caught.value.code == "refund_not_offered"
    assert f"USPS gives no refund for shipment {shipment.id}: {words} ({status})." in caught.value.message
    assert desk.retrieve(shipment.id) == shipment
    assert total(ledger, shipment).balance == shipment.billed_amount


def test_refund_looks_at_all_that_has_happened(desk: LocalShipments, desk_runtime: Runtime) -> None:
    moved = with_update(desk_runtime.engine, bought(desk, "self"), "out_for_delivery")
    shipment = with_update(desk_runtime.engine, moved, "rescheduled")
    with pytest.raises(InvalidRequest) as caught:
        desk.refund(shipment.id)
    assert "(out_for_delivery)" in caught.value.message


@pytest.mark.parametrize("status", ["scheduled", "address_issue", "canceled"])
def test_refund_of_a_label_not_used_yet(
    desk: LocalShipments, desk_runtime: Runtime, ledger: LocalLedger, status: str
) -> None:
    shipment = with_update(desk_runtime.engine, bought(desk, "self"), status)
    assert desk.refund(shipment.id).refund_status == "refunded"
    assert total(ledger, shipment).balance == 0
    canceled = told(desk_runtime.engine, shipment.id).count("shipment.canceled")
    assert canceled == (0 if status == "canceled" else 1)


def test_a_refunded_shipment_has_no_valid_label_and_is_not_bought_again(
    desk: LocalShipments, desk_runtime: Runtime
) -> None:
    labels = LocalLabels(desk_runtime.engine, desk_runtime.files)
    shipment = bought(desk)
    desk.refund(shipment.id)
    assert shipment.purchased_rate is not None
    rate_id = shipment.purchased_rate.id
    for call in (lambda: labels.retrieve(shipment.id), lambda: desk.purchase(shipment.id, Purchase(rate_id=rate_id))):
        with pytest.raises(Conflict) as caught:
            call()
        assert caught.value.code == "shipment_canceled"


def test_ledger_filters_orders_and_pages(desk: LocalShipments, ledger: LocalLedger) -> None:
    first, second = bought(desk, payment_method="card_p"), bought(desk, payment_method="card_q")
    desk.refund(first.id)
    both = {"payment_method_id": "card_p,card_q"}
    lines = ledger.list(ListQuery(filters=both)).items
    assert [line.kind for line in lines] == ["refund", "charge", "charge"]
    assert [line.shipment_id for line in lines] == [first.id, second.id, first.id]
    page = ledger.list(ListQuery(filters=both, limit=2, page=2, direction="asc"))
    assert ([line.id for line in page.items], page.total_count) == ([lines[0].id], 3)
    assert [line.id for line in ledger.list(ListQuery(filters={**both, "kind": "refund"})).items] == [lines[0].id]
    later = lines[0].created_at + timedelta(seconds=1)
    assert ledger.list(ListQuery(filters={**both, "created_at": f"gt:{later.isoformat()}"})).items == []
    assert [(one.payment_method_id, one.balance) for one in ledger.totals(ListQuery(filters=both))] == [
        ("card_p", 0),
        ("card_q", second.billed_amount),
    ]
    with pytest.raises(InvalidRequest):
        ledger.totals(ListQuery(filters={"shipment": first.id}))


Step = tuple[int, str, str | None]
SHIPMENTS_AT_ONCE, NAMES = 3, (None, INVOICE, "card_one", "card_two")
steps = st.lists(
    st.tuples(
        st.integers(0, SHIPMENTS_AT_ONCE - 1), st.sampled_from(["buy", "fail", "refund"]), st.sampled_from(NAMES)
    ),
    max_size=8,
)


@given(steps)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sums_are_right_whatever_happens(desk: LocalShipments, ledger: LocalLedger, steps: list[Step]) -> None:
    """Against a plain model: what each shipment and each method is charged after any course of events."""
    shipments = [quoted(desk) for _ in range(SHIPMENTS_AT_ONCE)]
    before = balances(ledger)
    owed: Counter[tuple[str, str]] = Counter()
    state = ["quoted"] * SHIPMENTS_AT_ONCE
    paid_by = [""] * SHIPMENTS_AT_ONCE
    for position, what, method in steps:
        shipment = shipments[position]
        rate = shipment.rates[position]
        purchase = Purchase(rate_id=rate.id, payment_method=method)
        try:
            if what == "refund":
                desk.refund(shipment.id)
            elif what == "fail":
                buy_without_label(desk, shipment, purchase)
            else:
                desk.purchase(shipment.id, purchase)
        except (Conflict, InvalidRequest, DeskUnavailable):
            pass
        if what == "buy" and state[position] == "quoted":
            state[position], paid_by[position] = "bought", method or INVOICE
            owed[shipment.id, paid_by[position]] = rate.billed_amount
        elif what == "refund" and state[position] == "bought":
            state[position] = "refunded"
            owed[shipment.id, paid_by[position]] = 0
    for position, shipment in enumerate(shipments):
        of_shipment = sum(found.balance for found in ledger.totals(of(shipment)))
        assert of_shipment == sum(amount for (owner, _), amount in owed.items() if owner == shipment.id)
        kept = desk.retrieve(shipment.id)
        assert (kept.paid, kept.refund_status) == (
            state[position] != "quoted",
            "refunded" if state[position] == "refunded" else None,
        )
    after = balances(ledger)
    for name in (INVOICE, "card_one", "card_two"):
        expected = sum(amount for (_, method), amount in owed.items() if method == name)
        assert after[name] - before[name] == expected


def balances(ledger: LocalLedger) -> Counter[str]:
    return Counter({found.payment_method_id: found.balance for found in ledger.totals(ListQuery())})


def buy_without_label(desk: LocalShipments, shipment: Shipment, purchase: Purchase) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch, no_label_today(monkeypatch):
        desk.purchase(shipment.id, purchase)
