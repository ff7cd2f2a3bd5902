"""What may follow what, and what a status makes of the parcels."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lib.models.errors import Conflict, InvalidRequest
from lib.models.shipments import Shipment, TrackingUpdate
from lib.models.statuses import COMPLETED, STATUSES, ShipmentStatus
from lib.tracking.updates import in_order, require_acceptable, status_of, with_updates

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def shipment(**changes: Any) -> Shipment:
    party = {"name": "A name", "address": {"id": "addr_1"}}
    return Shipment.model_validate(
        {
            "id": "ship_1",
            "status": "created",
            "sender": party,
            "recipient": party,
            "parcels": [{"length": 1, "width": 1, "height": 1, "weight": 1}] * 2,
            "options": {},
            "rates_generated_at": AT,
            "created_at": AT,
            "updated_at": AT,
            **changes,
        }
    )


def update(status: ShipmentStatus, minutes: int = 0) -> TrackingUpdate:
    return TrackingUpdate(status=status, created_at=AT + timedelta(minutes=minutes))


def test_what_is_under_way_takes_every_update() -> None:
    under_way = [status for status in STATUSES if status not in COMPLETED]
    for status, after in itertools.product(under_way, STATUSES):
        if after != "rates_generated":
            require_acceptable(status, after)  # type: ignore[arg-type]


def test_an_end_takes_only_another_end_and_canceled_takes_none() -> None:
    for status, after in itertools.product(COMPLETED, STATUSES):
        if status != "canceled" and after in COMPLETED and after != "canceled":
            require_acceptable(status, after)  # type: ignore[arg-type]
        elif after != "rates_generated":
            with pytest.raises(Conflict, match=f"The status is {status} already") as caught:
                require_acceptable(status, after)  # type: ignore[arg-type]
            assert (caught.value.code, caught.value.fields) == ("tracking_completed", ["tracking_update.status"])


def test_rates_generated_is_no_update() -> None:
    with pytest.raises(InvalidRequest, match="rates_generated is no tracking update"):
        require_acceptable("created", "rates_generated")


def test_order_is_by_time_and_each_counts_once() -> None:
    late, early, same = update("delivered", 9), update("in_transit", 1), update("out_for_delivery", 1)
    assert in_order([late, early, same, early]) == [early, same, late]


def test_status_is_the_carriers_last_word_even_when_the_label_was_made_later() -> None:
    assert status_of([update("in_transit", 1), update("created", 2)]) == "in_transit"
    assert status_of([update("created", 1), update("in_transit", 2)]) == "in_transit"
    assert status_of([update("created", 1)]) == "created"


def test_late_news_changes_the_history_and_not_the_status() -> None:
    changed = with_updates(shipment(), [update("out_for_delivery", 9)], AT)
    changed = with_updates(changed, [update("in_transit", 2)], AT + timedelta(minutes=10))
    assert changed.status == "out_for_delivery"
    assert [kept.status for kept in changed.tracking_updates] == ["in_transit", "out_for_delivery"]
    assert changed.updated_at == AT + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("kind", "status", "expected"),
    [
        ("outbound", "package_accepted", {"status": "outbound_transit"}),
        ("inbound", "in_transit", {"status": "inbound_transit"}),
        ("outbound", "delayed", {"status": "outbound_transit"}),
        ("outbound", "delivered", {"status": "in_storage", "received": True, "missing": False}),
        ("inbound", "picked_up", {"status": "in_storage", "received": True, "missing": False}),
        ("outbound", "return_to_sender", {"status": "inbound_transit"}),
        ("inbound", "return_to_sender", {"status": "outbound_transit"}),
        ("outbound", "package_lost", {"missing": True}),
        ("outbound", "package_damaged", {"defective": True}),
        ("outbound", "address_issue", {"status": "in_storage", "received": False, "missing": False}),
        ("outbound", "canceled", {"status": "in_storage", "received": False, "missing": False}),
    ],
)
def test_parcels_follow(kind: str, status: ShipmentStatus, expected: dict[str, Any]) -> None:
    changed = with_updates(shipment(type=kind), [update(status)], AT)
    for parcel in changed.parcels:
        assert {name: getattr(parcel, name) for name in expected} == expected


def test_delivered_inbound_parcel_is_in_storage_again() -> None:
    changed = with_updates(shipment(type="inbound"), [update("in_transit"), update("delivered", 1)], AT)
    assert [(parcel.status, parcel.received) for parcel in changed.parcels] == [("in_storage", True)] * 2
    outbound = with_updates(shipment(), [update("in_transit"), update("delivered", 1)], AT)
    assert [(parcel.status, parcel.received) for parcel in outbound.parcels] == [("outbound_transit", True)] * 2
