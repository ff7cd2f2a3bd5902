"""Duplicates and returns, on both databases."""

import re
from typing import Any

import pytest
import sqlalchemy as sa

from lib.models.errors import InvalidRequest, NotFound
from lib.models.shipments import Purchase, QuoteRequest, ReturnRequest, Shipment, ShipmentUpdate
from lib.models.team import TeamSettings
from lib.runtime import Runtime
from lib.shipping.service import LocalShipments
from lib.store.tables import events
from tests.examples import QUOTABLE

ABOUT = {
    "order_number": "ORDER-12345",
    "purchase_order": "PO-1",
    "reference_number": "REF-1",
    "account_id": "acct_1",
    "notes": "Ring twice",
    "customs": {"contents_type": "merchandise", "items": [{"description": "Coffee", "value": 1250}]},
    "tags": ["priority"],
    "metadata": {"department": "Sales"},
}
LEFT_BEHIND = {"invoice_number": "INV-1", "rma_number": "RMA-1"}
# What happened to the original, and what it was called.
FRESH = {
    "status": "rates_generated",
    "purchased_rate": None,
    "provider": None,
    "amount": None,
    "billed_amount": None,
    "paid": False,
    "payment_reference": None,
    "payment_method": None,
    "tracking_number": None,
    "tracking_updates": [],
    "tracking_url": None,
    "label_url": None,
    "label_size": None,
    "test_label": None,
    "estimated_delivery_at": None,
    "pickup_at": None,
    "coordinates": None,
    "invoice_number": None,
    "refund_status": None,
    "tracker_id": None,
}
PLACE_OF_A_PARCEL = {
    "external_container_id": None,
    "container_number": None,
    "layout_id": None,
    "tracking_number": None,
    "label_url": None,
    "manifest_id": None,
    "fulfillment_id": None,
    "status": "in_storage",
    "received": False,
}


@pytest.fixture
def desk(desk_runtime: Runtime) -> LocalShipments:
    return LocalShipments(desk_runtime.engine, TeamSettings)


@pytest.fixture
def original(desk: LocalShipments) -> Shipment:
    """The example of the API page, with everything about it, bought and on its way."""
    shipment = desk.create(QuoteRequest.model_validate({**QUOTABLE, **ABOUT, **LEFT_BEHIND}))
    desk.purchase(shipment.id, Purchase(rate_id=shipment.rates[0].id, payment_reference="ORDER-12345"))
    changes = {"coordinates": {"latitude": 1, "longitude": 2}, "tracking_update": {"status": "in_transit"}}
    return desk.update(shipment.id, ShipmentUpdate.model_validate(changes))


def told_of(desk_runtime: Runtime, shipment: Shipment) -> list[str]:
    with desk_runtime.engine.connect() as connection:
        return list(connection.scalars(sa.select(events.c.event).where(events.c.resource_id == shipment.id)))


def without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_ids(part) for name, part in value.items() if name != "id"}
    return [without_ids(part) for part in value] if isinstance(value, list) else value


def is_fresh(copy: Shipment, original: Shipment, **changes: Any) -> bool:
    """Whether the copy has its own ids, parcels and rates and none of what happened to the original."""
    found, before = copy.model_dump(mode="json"), original.model_dump(mode="json")
    assert copy.id != original.id
    assert {name: found[name] for name in FRESH} == FRESH
    (parcel,), (parcel_before,) = found["parcels"], before["parcels"]
    assert parcel["id"] != parcel_before["id"]
    assert parcel["contents"][0]["id"] != parcel_before["contents"][0]["id"]
    assert without_ids(parcel) == without_ids({**parcel_before, **PLACE_OF_A_PARCEL})
    assert not {rate.id for rate in copy.rates} & {rate.id for rate in original.rates}
    assert copy.created_at == copy.updated_at == copy.rates_generated_at > original.created_at
    expected = {name: before[name] for name in ABOUT} | {"options": before["options"], **changes}
    assert {name: found[name] for name in expected} == expected
    return True


def test_shipments_duplicate(desk: LocalShipments, desk_runtime: Runtime, original: Shipment) -> None:
    copy = desk.duplicate(original.id)
    parties = {name: original.model_dump(mode="json")[name] for name in ("sender", "recipient", "type")}
    assert is_fresh(copy, original, **parties, rma_number=None, return_of=None)
    assert [rate.amount for rate in copy.rates] == [rate.amount for rate in original.rates]
    assert copy.recommended_rate in copy.rates
    assert desk.retrieve(copy.id).model_dump_json() == copy.model_dump_json()
    assert told_of(desk_runtime, copy) == ["shipment.rates_generated"]
    assert desk.retrieve(original.id).model_dump_json() == original.model_dump_json()


def test_shipments_duplicate_can_be_bought_beside_its_original(desk: LocalShipments, original: Shipment) -> None:
    copy = desk.duplicate(original.id)
    again = desk.purchase(copy.id, Purchase(rate_id=copy.rates[0].id))
    assert again.paid
    assert again.tracking_number != original.tracking_number


def test_shipments_return(desk: LocalShipments, desk_runtime: Runtime, original: Shipment) -> None:
    back = desk.return_shipment(original.id, ReturnRequest(rma_number="RMA-2026-1"))
    before = original.model_dump(mode="json")
    swapped = {"sender": before["recipient"], "recipient": before["sender"], "type": "inbound"}
    customs = {**before["customs"], "contents_type": "returned_goods"}
    assert is_fresh(back, original, **swapped, customs=customs, rma_number="RMA-2026-1", return_of=original.id)
    assert back.rates
    assert told_of(desk_runtime, back) == ["shipment.rates_generated"]
    assert desk.retrieve(back.id).model_dump_json() == back.model_dump_json()


def test_shipments_return_goes_from_the_recipient_to_the_sender(desk: LocalShipments) -> None:
    parties = {
        "sender": {"name": "A shop", "business": "A shop", "address": "500 7th ave, New York, NY, 10018"},
        "recipient": {"name": "A buyer", "address": "1 Main St, Tempe, AZ 85282"},
    }
    body = {**parties, "parcels": [{"length": 10, "width": 8, "height": 6, "weight": 5}]}
    shipment = desk.create(QuoteRequest.model_validate({**body, "options": {"providers": ["ups"]}}))
    desk.update(shipment.id, ShipmentUpdate(tracking_number="1Z999AA10123456784"))
    back = desk.return_shipment(shipment.id, ReturnRequest())
    assert (back.sender.address.city, back.recipient.address.city) == ("Tempe", "New York")
    # The way back leads to a business, which costs less than the way to a home.
    same = next(rate for rate in back.rates if rate.service_level.id == shipment.rates[0].service_level.id)
    assert same.amount < shipment.rates[0].amount


def test_shipments_return_makes_an_rma_number_where_none_is_given(desk: LocalShipments, original: Shipment) -> None:
    numbers = {desk.return_shipment(original.id, ReturnRequest()).rma_number or "" for _ in range(2)}
    assert len(numbers) == 2
    assert all(re.fullmatch(r"RMA-[0-9A-HJKMNP-TV-Z]{10}", number) for number in numbers)


def test_shipments_return_by_other_options(desk: LocalShipments, original: Shipment) -> None:
    back = desk.return_shipment(original.id, ReturnRequest(options={"providers": ["usps"]}))
    assert {rate.provider.id for rate in back.rates} == {"usps"}
    with pytest.raises(InvalidRequest) as caught:
        desk.return_shipment(original.id, ReturnRequest(options={"providers": ["dhl"]}))
    assert caught.value.fields == ["options.providers.0"]


def test_shipments_return_of_what_was_not_sent(desk: LocalShipments) -> None:
    shipment = desk.create(QuoteRequest.model_validate(QUOTABLE))
    with pytest.raises(InvalidRequest) as caught:
        desk.return_shipment(shipment.id, ReturnRequest())
    assert (caught.value.code, caught.value.fields) == ("not_shipped", ["shipment_id"])
    canceled = {"tracking_number": "1Z999AA10123456784", "tracking_update": {"status": "canceled"}}
    desk.update(shipment.id, ShipmentUpdate.model_validate(canceled))
    with pytest.raises(InvalidRequest):
        desk.return_shipment(shipment.id, ReturnRequest())


def test_shipments_copies_of_an_unknown_id(desk: LocalShipments) -> None:
    for call in (lambda: desk.duplicate("ship_none"), lambda: desk.return_shipment("ship_none", ReturnRequest())):
        with pytest.raises(NotFound) as caught:
            call()
        assert (caught.value.code, caught.value.fields) == ("shipment_not_found", ["shipment_id"])
