"""Updating a shipment: every field of the reference, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from lib.models.base import utc_now
from lib.models.errors import Conflict, NotFound
from lib.models.lists import ListQuery
from lib.models.shipments import Purchase, QuoteRequest, Shipment, ShipmentUpdate
from lib.models.team import TeamSettings
from lib.runtime import Runtime
from lib.shipping.service import LocalShipments
from lib.store.database import writing
from lib.store.tables import purchases
from lib.store.trackers import TRACKERS
from tests.contract.tracked import events_of

PARTIES = {
    "sender": {"name": "A shop", "address": "500 7th ave, New York, NY, 10018"},
    "recipient": {"name": "A buyer", "address": "5000 S Arizona Mills Cir, Tempe, AZ 85282"},
    "parcels": [{"length": 10, "width": 8, "height": 6, "weight": 5}],
    "options": {"providers": ["usps"]},
}
CUSTOMS = {
    "incoterm": "DDU",
    "signer": "A shop",
    "certify": True,
    "contents_type": "gift",
    "restriction_type": "none",
    "non_delivery_option": "abandon",
    "eel": "NOEEI 30.37(a)",
    "items": [
        {
            "description": "Coffee",
            "quantity": 2,
            "value": 1250,
            "weight": 0.5,
            "sku": "C-1",
            "origin_country": "CO",
            "harmonized_code": "0901.21",
        }
    ],
}
# Every field that the reference lists but the tracking update, which has a test of its own.
EVERYTHING: dict[str, Any] = {
    "type": "inbound",
    "coordinates": {"latitude": 33.3917, "longitude": -111.9249},
    "estimated_delivery_at": "2026-12-24T18:00:00.000Z",
    "pickup_at": "2026-12-20T09:30:00.000Z",
    "rma_number": "RMA-1",
    "invoice_number": "INV-1",
    "order_number": "ORDER-12345",
    "purchase_order": "PO-1",
    "reference_number": "REF-1",
    "account_id": "acct_1",
    "tracking_number": "1Z999AA10123456784",
    "notes": "n" * 255,
    "tags": ["priority", "fragile"],
    "metadata": {"department": "Sales", "project": "Q1 Launch"},
    "customs": CUSTOMS,
}


@pytest.fixture
def desk(desk_runtime: Runtime) -> LocalShipments:
    return LocalShipments(desk_runtime.engine, TeamSettings)


def quoted(desk: LocalShipments, **changes: Any) -> Shipment:
    return desk.create(QuoteRequest.model_validate({**PARTIES, **changes}))


def bought(desk: LocalShipments) -> Shipment:
    shipment = quoted(desk)
    return desk.purchase(shipment.id, Purchase(rate_id=shipment.rates[0].id))


def update(desk: LocalShipments, shipment: Shipment, **changes: Any) -> Shipment:
    return desk.update(shipment.id, ShipmentUpdate.model_validate(changes))


def test_shipments_update_of_everything(desk: LocalShipments, desk_runtime: Runtime) -> None:
    shipment = quoted(desk, metadata={"department": "Lab", "kept": 1})
    changed = update(desk, shipment, **EVERYTHING)
    before, after = (each.model_dump(mode="json") for each in (shipment, changed))
    metadata = {"department": "Sales", "kept": 1, "project": "Q1 Launch"}
    tracker = TRACKERS.get(desk_runtime.engine, changed.tracker_id or "")
    assert (tracker.tracking_number, [link.id for link in tracker.shipments]) == (
        changed.tracking_number,
        [shipment.id],
    )
    followed = {"tracker_id": tracker.id, "tracking_url": f"/track/{tracker.id}"}
    assert after == {**before, **EVERYTHING, **followed, "metadata": metadata, "updated_at": after["updated_at"]}
    assert changed.updated_at > shipment.updated_at
    assert desk.retrieve(shipment.id).model_dump_json() == changed.model_dump_json()
    assert events_of(desk_runtime.engine, shipment.id) == [
        "shipment.rates_generated",
        "shipment.coordinates_updated",
        "shipment.updated",
    ]


def test_shipments_update_is_found_by_what_it_is_now(desk: LocalShipments) -> None:
    shipment = quoted(desk, order_number="BEFORE", tags=["before"], metadata={"dept": "before"})
    update(desk, shipment, order_number="AFTER", tags=["after"], metadata={"dept": "after"})

    def found(**filters: str) -> list[str]:
        return [item.id for item in desk.list(ListQuery(filters=filters)).items]

    for name in ("order_number", "search"):
        assert (found(**{name: "AFTER"}), found(**{name: "BEFORE"})) == ([shipment.id], [])
    assert (found(tags="after"), found(tags="before")) == ([shipment.id], [])
    assert (found(**{"metadata.dept": "after"}), found(**{"metadata.dept": "before"})) == ([shipment.id], [])


def test_shipments_update_empties_by_null_what_can_be_empty(desk: LocalShipments) -> None:
    shipment = update(desk, quoted(desk), **EVERYTHING)
    kept = {"type", "tags", "metadata"}
    changed = update(desk, shipment, **dict.fromkeys(EVERYTHING), tracking_update=None)
    assert {name: getattr(changed, name) for name in EVERYTHING if name not in kept} == dict.fromkeys(
        EVERYTHING.keys() - kept
    )
    assert [getattr(changed, name) for name in sorted(kept)] == [getattr(shipment, name) for name in sorted(kept)]


def test_shipments_update_removes_a_key_of_metadata_by_null(desk: LocalShipments) -> None:
    shipment = quoted(desk, metadata={"department": "Sales", "project": "Q1 Launch"})
    assert update(desk, shipment, metadata={"project": None, "new": {"a": None}, "gone": None}).metadata == {
        "department": "Sales",
        "new": {"a": None},
    }


def test_shipments_update_of_nothing_changes_nothing(desk: LocalShipments, desk_runtime: Runtime) -> None:
    shipment = quoted(desk)
    for nothing in ({}, {"colour": "red"}, {"type": None, "tags": None}):
        assert update(desk, shipment, **nothing).model_dump_json() == shipment.model_dump_json()
    assert events_of(desk_runtime.engine, shipment.id) == ["shipment.rates_generated"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"coordinates": {"latitude": 1, "longitude": 2}}, ["shipment.coordinates_updated"]),
        ({"notes": "Ring twice"}, ["shipment.updated"]),
        ({"tracking_update": {"status": "delayed"}}, ["shipment.tracking_updated"]),
        (
            {"tracking_update": {"status": "delayed"}, "notes": "late", "coordinates": None},
            ["shipment.coordinates_updated", "shipment.updated", "shipment.tracking_updated"],
        ),
    ],
)
def test_shipments_update_tells_what_happened(
    desk: LocalShipments, desk_runtime: Runtime, changes: dict[str, Any], told: list[str]
) -> None:
    shipment = quoted(desk)
    update(desk, shipment, **changes)
    assert events_of(desk_runtime.engine, shipment.id) == ["shipment.rates_generated", *told]


def test_shipments_update_adds_a_tracking_update(desk: LocalShipments) -> None:
    shipment = bought(desk)
    changed = update(
        desk,
        shipment,
        tracking_update={
            "status": "package_at_waypoint",
            "message": "At the hub",
            "comment": "A dent in one corner",
            "address": "Memphis, TN 38118",
            "location_id": "loc_hub",
            "images": ["https://example.com/dent.png"],
        },
    )
    created, added = changed.tracking_updates
    assert created == shipment.tracking_updates[0]
    assert added.id.startswith("upd_")
    assert added.model_dump(exclude={"id", "updated_by"}) == {
        "status": "package_at_waypoint",
        "message": "At the hub",
        "comment": "A dent in one corner",
        "address": "Memphis, TN 38118",
        "location_id": "loc_hub",
        "images": ["https://example.com/dent.png"],
        "created_at": changed.updated_at,
    }
    assert changed.status == "package_at_waypoint"
    assert [item.id for item in desk.list(ListQuery(filters={"status": "package_at_waypoint"})).items] == [shipment.id]


@pytest.mark.parametrize("number", ["1Z999AA10123456784", None])
def test_shipments_update_keeps_the_number_of_a_bought_label(desk: LocalShipments, number: str | None) -> None:
    shipment = bought(desk)
    with pytest.raises(Conflict) as caught:
        update(desk, shipment, tracking_number=number, notes="lost")
    assert (caught.value.code, caught.value.fields) == ("tracking_number_fixed", ["tracking_number"])
    assert desk.retrieve(shipment.id).model_dump_json() == shipment.model_dump_json()
    assert update(desk, shipment, tracking_number=shipment.tracking_number, notes="kept").notes == "kept"


def test_shipments_update_keeps_the_number_of_a_label_being_bought(desk: LocalShipments, desk_runtime: Runtime) -> None:
    shipment = quoted(desk)
    reserved = {"shipment_id": shipment.id, "rate_id": shipment.rates[0].id, "amount": 1, "purchased_at": utc_now()}
    with writing(desk_runtime.engine).begin() as connection:
        connection.execute(sa.insert(purchases).values(**reserved, tracking_number=f"PKGX-{shipment.id}"))
    with pytest.raises(Conflict):
        update(desk, shipment, tracking_number="1Z999AA10123456784")


def test_shipments_update_of_an_unknown_id(desk: LocalShipments) -> None:
    with pytest.raises(NotFound) as caught:
        desk.update("ship_none", ShipmentUpdate(notes="nobody's"))
    assert (caught.value.code, caught.value.fields) == ("shipment_not_found", ["shipment_id"])


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"notes": "n" * 256}, ("notes",)),
        ({"type": "sideways"}, ("type",)),
        ({"coordinates": {"latitude": 91, "longitude": 0}}, ("coordinates", "latitude")),
        ({"coordinates": {"latitude": "33.4", "longitude": 0}}, ("coordinates", "latitude")),
        ({"pickup_at": "tomorrow"}, ("pickup_at",)),
        ({"pickup_at": 10**300}, ("pickup_at",)),
        ({"order_number": 12345}, ("order_number",)),
        ({"tags": "priority"}, ("tags",)),
        ({"tracking_update": {"message": "no status"}}, ("tracking_update", "status")),
        ({"tracking_update": {"status": "lost"}}, ("tracking_update", "status")),
        ({"customs": {"items": [{"description": "Coffee", "value": 12.5}]}}, ("customs", "items", 0, "value")),
    ],
)
def test_shipments_update_names_the_path_of_what_is_wrong(changes: dict[str, Any], path: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError) as caught:
        ShipmentUpdate.model_validate(changes)
    assert [error["loc"] for error in caught.value.errors()] == [path]


def test_shipments_update_reads_every_spelling_of_a_moment() -> None:
    for spelling in ("2026-12-24T18:00:00Z", 1798135200, 1798135200000, "2026-12-24T13:00:00-05:00"):
        found = ShipmentUpdate.model_validate({"estimated_delivery_at": spelling}).estimated_delivery_at
        assert found == datetime(2026, 12, 24, 18, tzinfo=UTC)


def test_shipments_updates_at_once_all_last(desk: LocalShipments) -> None:
    shipment = quoted(desk)
    keys = [f"key_{number}" for number in range(12)]
    with ThreadPoolExecutor(len(keys)) as threads:
        list(threads.map(lambda key: update(desk, shipment, metadata={key: True}), keys))
    assert desk.retrieve(shipment.id).metadata == dict.fromkeys(keys, True)
