"""Buying on the embedded desk, on both databases: exactly once, whatever is asked how often."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lib.models.errors import Conflict, DeskUnavailable, InvalidRequest, NotFound
from lib.models.lists import ListQuery
from lib.models.payments import LedgerLine
from lib.models.shipments import LabelSize, Purchase, RefreshRequest, Shipment
from lib.models.team import TeamSettings
from lib.runtime import Runtime
from lib.shipping import purchase as purchase_module
from lib.shipping.buying import buyable_rate
from lib.shipping.labels import label_pdf
from lib.shipping.payments import LocalLedger
from lib.shipping.purchase import purchase_workflow
from lib.shipping.service import LocalShipments
from lib.shipping.tracking_numbers import parcel_numbers
from lib.store.files import Files
from lib.store.shapes import shape_of
from lib.store.shipments import SHIPMENTS
from lib.store.tables import purchases, shipments
from lib.store.trackers import TRACKERS
from tests.contract.buying import BOX, COURIER, all_at_once, no_label_today, quoted, rate_of

AT_ONCE = 20


@pytest.fixture
def desk(desk_runtime: Runtime) -> LocalShipments:
    return LocalShipments(desk_runtime.engine, lambda: TeamSettings(courier=COURIER))


def bought_rows(engine: sa.Engine, shipment_id: str) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        rows = connection.execute(sa.select(purchases).where(purchases.c.shipment_id == shipment_id))
        return [dict(row) for row in rows.mappings()]


def lines_of(engine: sa.Engine, shipment_id: str) -> list[LedgerLine]:
    """The shipment's lines in the ledger, the first first."""
    return LocalLedger(engine).list(ListQuery(filters={"shipment_id": shipment_id}, direction="asc")).items


def age(engine: sa.Engine, shipment: Shipment, minutes: float) -> None:
    """Make the shipment's rates that old."""
    older = SHIPMENTS.get(engine, shipment.id)
    older.rates_generated_at -= timedelta(minutes=minutes)
    with engine.begin() as connection:
        SHIPMENTS.update(connection, older)


def nothing_bought(desk_runtime: Runtime, shipment: Shipment) -> bool:
    with pytest.raises(FileNotFoundError):
        desk_runtime.files.read(f"labels/{shipment.id}.pdf")
    kept = SHIPMENTS.get(desk_runtime.engine, shipment.id)
    owed = sum(line.amount for line in lines_of(desk_runtime.engine, shipment.id))
    rows = bought_rows(desk_runtime.engine, shipment.id)
    return (rows, owed) == ([], 0) and kept.model_dump_json() == shipment.model_dump_json()


def test_shipments_purchase_records_everything(desk: LocalShipments, desk_runtime: Runtime) -> None:
    shipment = quoted(desk, parcels=[BOX, {**BOX, "weight": 9.5}], tags=["old"], metadata={"a": 1, "b": 2})
    rate_id = rate_of(shipment, "usps")
    purchase = Purchase(
        rate_id=rate_id,
        payment_method="card_xyz123",
        payment_reference="ORDER-12345",
        order_number="12345",
        tags=["priority", "old"],
        metadata={"b": 3, "department": "Sales"},
        label_size="letter",
    )
    bought = desk.purchase(shipment.id, purchase)

    (row,) = bought_rows(desk_runtime.engine, shipment.id)
    number, at = row.pop("tracking_number"), row.pop("purchased_at")
    rate = shipment.rate(rate_id)
    assert rate is not None
    assert row == {
        "shipment_id": shipment.id,
        "rate_id": rate_id,
        "amount": rate.amount,
        "payment_method_id": "card_xyz123",
    }
    assert number.startswith("PKGX-")
    assert abs(at - bought.rates_generated_at) < timedelta(minutes=1)

    tracker = TRACKERS.get(desk_runtime.engine, bought.tracker_id or "")
    assert (tracker.tracking_number, [link.id for link in tracker.shipments]) == (number, [shipment.id])
    expected = shipment.model_copy(deep=True)
    for other in [*expected.rates, expected.recommended_rate]:
        if other is not None and other.id != rate_id:
            other.breakdown = None
    for position, parcel in enumerate(expected.parcels):
        parcel.tracking_number = parcel_numbers(number, 2)[position]
        parcel.label_url = f"/v1/shipments/{shipment.id}/label?parcel={position + 1}"
    changes = {
        "status": "created",
        "purchased_rate": rate,
        "provider": "usps",
        "amount": rate.amount,
        "billed_amount": rate.billed_amount,
        "paid": True,
        "payment_method": "card_xyz123",
        "payment_reference": "ORDER-12345",
        "order_number": "12345",
        "tags": ["old", "priority"],
        "metadata": {"a": 1, "b": 3, "department": "Sales"},
        "tracking_number": number,
        "tracking_updates": bought.tracking_updates,
        "tracking_url": f"/track/{tracker.id}",
        "tracker_id": tracker.id,
        "label_url": f"/v1/shipments/{shipment.id}/label",
        "label_size": "letter",
        "test_label": True,
        "estimated_delivery_at": rate.service_level.estimated_delivery,
        "updated_at": bought.updated_at,
    }
    assert bought.model_dump_json() == expected.model_copy(update=changes).model_dump_json()
    assert bought.updated_at >= at
    (update,) = bought.tracking_updates
    assert (update.status, update.message, update.created_at) == ("created", "A test label was made.", at)
    assert desk.retrieve(shipment.id).model_dump_json() == bought.model_dump_json()

    assert desk_runtime.files.read(f"labels/{shipment.id}.pdf") == label_pdf(bought, "letter")


def test_shipments_purchase_keeps_the_columns_in_step(desk: LocalShipments, desk_runtime: Runtime) -> None:
    shipment = quoted(desk)
    bought = desk.purchase(shipment.id, Purchase(rate_id=rate_of(shipment, "ups"), order_number="N-1"))
    with desk_runtime.engine.connect() as connection:
        row = connection.execute(sa.select(shipments).where(shipments.c.id == shipment.id)).mappings().one()
    assert dict(row) == {
        "id": bought.id,
        "created_at": shipment.created_at,
        "updated_at": bought.updated_at,
        "status": "created",
        "provider": "ups",
        "type": "outbound",
        "tracking_number": bought.tracking_number,
        "order_number": "N-1",
        "location_id": None,
        "sample": False,
        "rates_expire_at": None,
        "document": bought.model_dump_json(),
        "shape": shape_of(bought.model_dump_json()),
    }


def test_shipments_purchase_of_the_own_courier_is_real(desk: LocalShipments) -> None:
    shipment = quoted(desk)
    bought = desk.purchase(shipment.id, Purchase(rate_id=rate_of(shipment, "self")))
    assert (bought.provider, bought.amount, bought.test_label, bought.label_size) == ("self", 1450, False, "4x6")
    assert bought.tracking_number is not None
    assert bought.tracking_number.startswith("OWN-")
    assert bought.tracking_updates[0].message == "The label was made."


def test_shipments_purchase_again_is_the_same_purchase(desk: LocalShipments, desk_runtime: Runtime) -> None:
    shipment = quoted(desk)
    purchase = Purchase(rate_id=rate_of(shipment, "usps"))
    desk.purchase(shipment.id, purchase)
    age(desk_runtime.engine, shipment, 60)
    first = desk.retrieve(shipment.id)
    again = desk.purchase(shipment.id, Purchase(rate_id=purchase.rate_id, order_number="another"))
    assert again.model_dump_json() == first.model_dump_json()
    assert len(bought_rows(desk_runtime.engine, shipment.id)) == 1


def test_shipments_purchase_of_another_rate_is_refused(desk: LocalShipments) -> None:
    shipment = quoted(desk)
    bought = desk.purchase(shipment.id, Purchase(rate_id=rate_of(shipment, "usps")))
    for call in (
        lambda: desk.purchase(shipment.id, Purchase(rate_id=rate_of(shipment, "ups"))),
        lambda: desk.refresh(shipment.id, RefreshRequest()),
    ):
        with pytest.raises(Conflict) as caught:
            call()
        assert caught.value.code == "already_purchased"
    assert desk.retrieve(shipment.id).model_dump_json() == bought.model_dump_json()


def test_shipments_purchase_refuses_unknown_ids(desk: LocalShipments, desk_runtime: Runtime) -> None:
    shipment = quoted(desk)
    with pytest.raises(NotFound) as caught:
        desk.purchase(shipment.id, Purchase(rate_id="rate_abc123xyz"))
    assert (caught.value.code, caught.value.fields) == ("rate_not_found", ["rate_id"])
    with pytest.raises(NotFound) as caught:
        desk.purchase("ship_none", Purchase(rate_id="rate_abc123xyz"))
    assert (caught.value.code, caught.value.fields) == ("shipment_not_found", ["shipment_id"])
    assert nothing_bought(desk_runtime, shipment)


def test_shipments_purchase_refuses_expired_rates_until_they_are_refreshed(
    desk: LocalShipments, desk_runtime: Runtime
) -> None:
    shipment = quoted(desk)
    age(desk_runtime.engine, shipment, 15.01)
    shipment = desk.retrieve(shipment.id)
    with pytest.raises(Conflict) as caught:
        desk.purchase(shipment.id, Purchase(rate_id=rate_of(shipment, "usps")))
    assert (caught.value.code, caught.value.fields) == ("rates_expired", ["rate_id"])
    assert "Refresh" in caught.value.message
    assert nothing_bought(desk_runtime, shipment)
    fresh = desk.refresh(shipment.id, RefreshRequest())
    assert desk.purchase(shipment.id, Purchase(rate_id=rate_of(fresh, "usps"))).paid


def test_shipments_purchase_allows_rates_of_almost_fifteen_minutes(desk: LocalShipments, desk_runtime: Runtime) -> None:
    shipment = quoted(desk)
    age(desk_runtime.engine, shipment, 14.5)
    assert desk.purchase(shipment.id, Purchase(rate_id=rate_of(shipment, "usps"))).paid


def test_shipments_purchase_names_what_the_label_lacks(desk: LocalShipments, desk_runtime: Runtime) -> None:
    shipment = quoted(desk, sender={"address": "10018"}, recipient={"name": "Bob", "address": "11201"})
    with pytest.raises(InvalidRequest) as caught:
        desk.purchase(shipment.id, Purchase(rate_id=rate_of(shipment, "usps")))
    assert caught.value.fields == ["sender.name", "sender.address.line1", "recipient.address.line1"]
    assert caught.value.message == (
        "A label needs a name or business for the sender, a street for the sender, a street for the recipient."
    )
    assert nothing_bought(desk_runtime, shipment)


def test_shipments_purchase_by_twenty_at_once_is_one_purchase(desk: LocalShipments, desk_runtime: Runtime) -> None:
    shipment = quoted(desk)
    purchase = Purchase(rate_id=rate_of(shipment, "usps"))
    results = all_at_once([lambda: desk.purchase(shipment.id, purchase)] * AT_ONCE)
    kept = desk.retrieve(shipment.id)
    assert kept.paid
    assert [isinstance(result, Shipment) and result.model_dump_json() for result in results] == (
        [kept.model_dump_json()] * AT_ONCE
    )
    (row,) = bought_rows(desk_runtime.engine, shipment.id)
    assert row["tracking_number"] == kept.tracking_number
    assert desk_runtime.files.read(f"labels/{shipment.id}.pdf") == label_pdf(kept, "4x6")
    assert len(kept.tracking_updates) == 1
    assert [line.amount for line in lines_of(desk_runtime.engine, shipment.id)] == [kept.billed_amount]


def test_shipments_purchase_of_many_rates_at_once_buys_one(desk: LocalShipments, desk_runtime: Runtime) -> None:
    shipment = quoted(desk)
    rates = [shipment.rates[position % 4].id for position in range(AT_ONCE)]
    results = all_at_once([lambda rate=rate: desk.purchase(shipment.id, Purchase(rate_id=rate)) for rate in rates])
    kept = desk.retrieve(shipment.id)
    assert kept.purchased_rate is not None
    for rate, result in zip(rates, results, strict=True):
        if rate == kept.purchased_rate.id:
            assert isinstance(result, Shipment)
            assert result.tracking_number == kept.tracking_number
        else:
            assert isinstance(result, Conflict)
            assert result.code == "already_purchased"
    (row,) = bought_rows(desk_runtime.engine, shipment.id)
    assert (row["rate_id"], row["tracking_number"]) == (kept.purchased_rate.id, kept.tracking_number)


def test_shipments_purchase_and_refresh_at_once_never_mix(desk: LocalShipments, desk_runtime: Runtime) -> None:
    shipment = quoted(desk)
    purchase = Purchase(rate_id=rate_of(shipment, "usps"))
    calls = [lambda: desk.purchase(shipment.id, purchase), lambda: desk.refresh(shipment.id, RefreshRequest())] * 4
    all_at_once(calls)
    kept = desk.retrieve(shipment.id)
    rows = bought_rows(desk_runtime.engine, shipment.id)
    if kept.purchased_rate is None:
        assert rows == []
    else:
        assert kept.purchased_rate.id == purchase.rate_id == rows[0]["rate_id"]
        assert kept.purchased_rate in kept.rates


def test_shipments_purchase_that_fails_buys_nothing_and_can_be_tried_anew(
    desk: LocalShipments, desk_runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipment = quoted(desk)

    def full(_files: Files, _name: str, _content: bytes) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(Files, "write", full)
        with pytest.raises(DeskUnavailable) as caught:
            desk.purchase(shipment.id, Purchase(rate_id=rate_of(shipment, "usps")))
    assert "nothing was bought" in caught.value.message
    assert nothing_bought(desk_runtime, shipment)
    rate = shipment.rate(rate_of(shipment, "usps"))
    assert rate is not None
    lines = lines_of(desk_runtime.engine, shipment.id)
    assert [(line.kind, line.amount, line.payment_method_id) for line in lines] == [
        ("charge", rate.billed_amount, "pay_invoice"),
        ("reversal", -rate.billed_amount, "pay_invoice"),
    ]
    # The very same offer, without a refresh.
    again = desk.purchase(shipment.id, Purchase(rate_id=rate.id))
    assert (again.paid, again.purchased_rate) == (True, rate)
    *_, last = lines_of(desk_runtime.engine, shipment.id)
    assert (last.kind, last.amount, last.tracking_number) == ("charge", rate.billed_amount, again.tracking_number)


def test_shipments_purchase_that_failed_can_be_tried_at_another_rate(
    desk: LocalShipments, desk_runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipment = quoted(desk)

    with no_label_today(monkeypatch):
        for _ in range(2):
            with pytest.raises(DeskUnavailable, match="no label today"):
                desk.purchase(shipment.id, Purchase(rate_id=rate_of(shipment, "usps")))
    assert nothing_bought(desk_runtime, shipment)
    assert desk.purchase(shipment.id, Purchase(rate_id=rate_of(shipment, "ups"))).provider == "ups"
    kinds = sorted(line.kind for line in lines_of(desk_runtime.engine, shipment.id))
    assert kinds == ["charge", "charge", "charge", "reversal", "reversal"]


def test_a_purchase_taken_up_after_its_rates_expired_charges_nothing(
    desk: LocalShipments, desk_runtime: Runtime
) -> None:
    shipment = quoted(desk)
    age(desk_runtime.engine, shipment, 15.01)
    shipment = desk.retrieve(shipment.id)
    order = {
        "shipment_id": shipment.id,
        "rates_generated_at": shipment.model_dump(mode="json")["rates_generated_at"],
        "purchase": Purchase(rate_id=rate_of(shipment, "usps")).model_dump(mode="json"),
    }
    with pytest.raises(Conflict) as caught:
        purchase_workflow(order)
    assert caught.value.code == "rates_expired"
    assert nothing_bought(desk_runtime, shipment)
    assert lines_of(desk_runtime.engine, shipment.id) == []


def test_a_purchase_whose_reservation_was_taken_over_leaves_it_alone(
    desk: LocalShipments, desk_runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipment = quoted(desk)

    def taken_over_meanwhile(made: Shipment, size: LabelSize) -> bytes:
        with desk_runtime.engine.begin() as connection:
            row = purchases.c.shipment_id == made.id
            connection.execute(sa.update(purchases).where(row).values(tracking_number=f"PKGX-{made.id}"))
        return label_pdf(made, size)

    monkeypatch.setattr(purchase_module, "label_pdf", taken_over_meanwhile)
    with pytest.raises(DeskUnavailable):
        desk.purchase(shipment.id, Purchase(rate_id=rate_of(shipment, "usps")))
    (row,) = bought_rows(desk_runtime.engine, shipment.id)
    assert row["tracking_number"] == f"PKGX-{shipment.id}"
    assert desk.retrieve(shipment.id).model_dump_json() == shipment.model_dump_json()


def test_a_purchase_begun_with_rates_since_refreshed_is_refused(desk: LocalShipments, desk_runtime: Runtime) -> None:
    old = quoted(desk)
    fresh = desk.refresh(old.id, RefreshRequest())
    order = {
        "shipment_id": old.id,
        "rates_generated_at": old.model_dump(mode="json")["rates_generated_at"],
        "purchase": Purchase(rate_id=rate_of(old, "usps")).model_dump(mode="json"),
    }
    with pytest.raises(Conflict) as caught:
        purchase_workflow(order)
    assert caught.value.code == "rates_expired"
    assert nothing_bought(desk_runtime, fresh)


def test_a_reserved_shipment_is_not_refreshed_nor_bought_otherwise(desk: LocalShipments, desk_runtime: Runtime) -> None:
    shipment = quoted(desk)
    with desk_runtime.engine.begin() as connection:
        reserved = {"rate_id": rate_of(shipment, "usps"), "amount": 1, "purchased_at": shipment.created_at}
        connection.execute(
            sa.insert(purchases).values(shipment_id=shipment.id, tracking_number=f"PKGX-{shipment.id}", **reserved)
        )
    for call in (
        lambda: desk.refresh(shipment.id, RefreshRequest()),
        lambda: desk.purchase(shipment.id, Purchase(rate_id=rate_of(shipment, "ups"))),
    ):
        with pytest.raises(Conflict) as caught:
            call()
        assert caught.value.code == "already_purchased"
    bought = desk.purchase(shipment.id, Purchase(rate_id=rate_of(shipment, "usps")))
    assert bought.tracking_number == f"PKGX-{shipment.id}"


def test_rates_expire_right_after_fifteen_minutes(desk: LocalShipments) -> None:
    shipment = quoted(desk)
    rate_id, minutes = rate_of(shipment, "usps"), timedelta(minutes=15)
    assert buyable_rate(shipment, rate_id, shipment.rates_generated_at + minutes).id == rate_id
    with pytest.raises(Conflict) as caught:
        buyable_rate(shipment, rate_id, shipment.rates_generated_at + minutes + timedelta(milliseconds=1))
    assert caught.value.code == "rates_expired"
