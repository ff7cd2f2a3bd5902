"""Shipments followed from the purchase on, chained on one number, closed and canceled, on both databases."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from lib.models.errors import Conflict, InvalidRequest, NotFound
from lib.models.shipments import Shipment, TrackingUpdateInput
from lib.models.statuses import ShipmentStatus
from lib.models.trackers import ChainedShipment, TrackerCreate, TrackerUpdate
from lib.store.database import writing
from lib.store.shipments import SHIPMENTS
from lib.store.trackers import TRACKERS
from lib.tracking.following import follow, stop_following
from lib.tracking.reporting import apply_update
from lib.tracking.service import LocalTrackers
from lib.tracking.updates import update_from, with_updates
from tests.contract.tracked import NUMBER, events_of, followed, shipment_now, tracker_of
from tests.examples import EXAMPLE


def report(engine: sa.Engine, shipment: Shipment, status: ShipmentStatus, **fields: Any) -> Shipment:
    with writing(engine).begin() as connection:
        return apply_update(connection, shipment.id, TrackingUpdateInput(status=status, **fields))


def statuses(engine: sa.Engine, *shipments: Shipment) -> list[str]:
    return [shipment_now(engine, shipment).status for shipment in shipments]


def chained(option: str, *, chained_status: str = "package_at_waypoint", close_status: str = "delivered") -> Any:
    return {
        "options": {
            **EXAMPLE["options"],
            "tracker_auto_close_shipments_option": option,
            "tracker_chained_status": chained_status,
            "tracker_auto_close_shipments_status": close_status,
        }
    }


def test_a_bought_shipment_gets_a_tracker(engine: sa.Engine) -> None:
    shipment = followed(engine, quote={"location_id": None, "tags": ["priority"]})
    tracker = tracker_of(engine, shipment)
    assert shipment.tracking_url == f"/track/{tracker.id}"
    parcel = EXAMPLE["parcel"]
    assert tracker.model_dump(exclude={"id", "created_at", "updated_at"}) == {
        "object": "tracker",
        "type": "outbound",
        "tags": ["priority"],
        "status": "created",
        "provider": "ups",
        "tracking_number": NUMBER,
        "tracking_url": f"/track/{tracker.id}",
        "carrier_url": None,
        "tracking_updates": [update.model_dump() for update in shipment.tracking_updates],
        "destination_address": shipment.recipient.address.model_dump(),
        "destination_layout": {"id": parcel["layout_id"]},
        "destination_location": None,
        "destination_contact": {
            "contact_id": None,
            "name": "Kyle Grzybowski",
            "business": "",
            "email": "kyle.grzybowski@packagex.io",
            "phone": "+923066545454",
        },
        "sender_contact": {
            "contact_id": None,
            "name": "Kyle Grzybowski",
            "business": "",
            "email": "kyle.grzybowski@packagex.io",
            "phone": "+923066545454",
        },
        "chained_status": "package_at_waypoint",
        "auto_close_shipments_option": "on_provider_updates",
        "auto_close_shipments_status": "delivered",
        "location_id": None,
        "manifest_id": parcel["manifest_id"],
        "estimated_delivery_at": shipment.estimated_delivery_at,
        "shipments": [{"id": shipment.id, "status": "created"}],
        "current_shipment_id": shipment.id,
        "final_chained_shipment_id": shipment.id,
        "moves_at": None,
        "updated_by": None,
        "organization_id": None,
        "metadata": {},
    }
    assert events_of(engine, tracker.id) == ["tracker.created"]


def test_followed_again_it_stays_as_it_is(engine: sa.Engine) -> None:
    shipment = followed(engine)
    before = tracker_of(engine, shipment)
    with writing(engine).begin() as connection:
        assert follow(connection, shipment_now(engine, shipment)) == shipment
    assert tracker_of(engine, shipment) == before
    assert events_of(engine, before.id) == ["tracker.created"]


def test_a_shipment_whose_number_is_gone_leaves_its_tracker(engine: sa.Engine) -> None:
    shipment = followed(engine).model_copy(update={"tracking_number": None})
    with writing(engine).begin() as connection:
        alone = follow(connection, shipment)
    assert (alone.tracker_id, alone.tracking_url) == (None, None)
    assert TRACKERS.get(engine, shipment.tracker_id or "").shipments == []


def test_an_update_reaches_the_shipment_its_parcels_and_the_tracker(engine: sa.Engine) -> None:
    shipment = followed(engine)
    changed = report(engine, shipment, "in_transit", message="Departed", address="Denver, CO")
    assert shipment_now(engine, shipment) == changed
    assert changed.status == "in_transit"
    assert [parcel.status for parcel in changed.parcels] == ["outbound_transit"]
    tracker = tracker_of(engine, shipment)
    assert tracker.status == "in_transit"
    assert tracker.tracking_updates == changed.tracking_updates
    last = tracker.tracking_updates[-1]
    assert (last.status, last.message, last.address) == ("in_transit", "Departed", "Denver, CO")
    assert tracker.shipments == [ChainedShipment(id=shipment.id, status="in_transit")]
    assert events_of(engine, shipment.id) == ["shipment.tracking_updated"]
    assert events_of(engine, tracker.id) == ["tracker.created", "tracker.updated"]


def test_an_update_through_the_tracker_is_the_same(engine: sa.Engine) -> None:
    shipment = followed(engine)
    tracker = tracker_of(engine, shipment)
    changed = LocalTrackers(engine).add_update(tracker.id, TrackingUpdateInput(status="out_for_delivery"))
    assert changed.status == "out_for_delivery"
    assert shipment_now(engine, shipment).tracking_updates == changed.tracking_updates
    assert statuses(engine, shipment) == ["out_for_delivery"]
    assert events_of(engine, shipment.id) == ["shipment.tracking_updated"]


def test_updates_that_cannot_be(engine: sa.Engine) -> None:
    shipment = followed(engine)
    report(engine, shipment, "delivered")
    with pytest.raises(Conflict, match="The status is delivered already"):
        report(engine, shipment, "in_transit")
    with pytest.raises(InvalidRequest, match="rates_generated is no tracking update"):
        report(engine, shipment, "rates_generated")
    assert statuses(engine, shipment) == ["delivered"]
    report(engine, shipment, "return_to_sender")
    assert statuses(engine, shipment) == ["return_to_sender"]
    assert tracker_of(engine, shipment).status == "return_to_sender"
    with writing(engine).begin() as connection, pytest.raises(NotFound, match="There is no shipment ship_none"):
        apply_update(connection, "ship_none", TrackingUpdateInput(status="delivered"))


def test_a_shipment_that_nobody_follows_takes_updates_too(engine: sa.Engine) -> None:
    shipment = followed(engine)
    LocalTrackers(engine).delete(tracker_of(engine, shipment).id)
    assert report(engine, shipment, "in_transit").status == "in_transit"


def test_the_next_shipment_of_a_number_is_chained(engine: sa.Engine) -> None:
    first = followed(engine)
    report(engine, first, "delivered")
    second = followed(engine)
    assert second.tracker_id == first.tracker_id
    tracker = tracker_of(engine, second)
    assert (tracker.status, tracker.current_shipment_id, tracker.final_chained_shipment_id) == (
        "package_at_waypoint",
        second.id,
        second.id,
    )
    # What ended is a stop on the way of the whole, and stays an end for the shipment itself.
    assert [update.status for update in tracker.tracking_updates] == [
        "created",
        "package_at_waypoint",
        "created",
    ]
    assert statuses(engine, first, second) == ["delivered", "created"]
    LocalTrackers(engine).add_update(tracker.id, TrackingUpdateInput(status="in_transit"))
    assert statuses(engine, first, second) == ["delivered", "in_transit"]
    report(engine, second, "delivered")
    assert tracker_of(engine, second).status == "delivered"
    assert events_of(engine, tracker.id) == ["tracker.created", *["tracker.updated"] * 4]


def test_a_chained_status_of_ones_own(engine: sa.Engine) -> None:
    first = followed(engine)
    report(engine, first, "delivered")
    second = followed(engine, quote=chained("never", chained_status="added_to_vehicle"))
    tracker = tracker_of(engine, second)
    assert (tracker.status, tracker.chained_status) == ("added_to_vehicle", "added_to_vehicle")
    changed = LocalTrackers(engine).update(tracker.id, TrackerUpdate(chained_status="in_transit"))
    assert changed.status == "in_transit"


def test_closed_on_the_carriers_report_on_the_next(engine: sa.Engine) -> None:
    first = followed(engine)
    report(engine, first, "in_transit")
    second = followed(engine)
    tracker = tracker_of(engine, second)
    assert statuses(engine, first, second) == ["in_transit", "created"]
    assert (tracker.status, tracker.current_shipment_id) == ("in_transit", first.id)
    report(engine, second, "package_accepted")
    assert statuses(engine, first, second) == ["delivered", "package_accepted"]
    closed = shipment_now(engine, first).tracking_updates[-1]
    assert (closed.status, closed.message) == ("delivered", "Closed: the parcel went on with the next shipment.")
    tracker = tracker_of(engine, second)
    assert (tracker.status, tracker.current_shipment_id) == ("package_accepted", second.id)
    assert "delivered" not in [update.status for update in tracker.tracking_updates]
    assert events_of(engine, first.id) == ["shipment.tracking_updated"] * 2


def test_a_label_that_is_canceled_is_no_report_that_closes(engine: sa.Engine) -> None:
    first, second = followed(engine), followed(engine)
    report(engine, first, "in_transit")
    report(engine, second, "canceled")
    assert statuses(engine, first, second) == ["in_transit", "canceled"]
    assert tracker_of(engine, first).status == "in_transit"


def test_closed_as_soon_as_the_next_is_chained(engine: sa.Engine) -> None:
    first = followed(engine)
    report(engine, first, "in_transit")
    second = followed(engine, quote=chained("on_shipment_chained", close_status="picked_up"))
    assert statuses(engine, first, second) == ["picked_up", "created"]
    tracker = tracker_of(engine, second)
    assert (tracker.status, tracker.current_shipment_id) == ("package_at_waypoint", second.id)


def test_never_closed(engine: sa.Engine) -> None:
    first = followed(engine)
    report(engine, first, "in_transit")
    second = followed(engine, quote=chained("never"))
    report(engine, second, "out_for_delivery")
    assert statuses(engine, first, second) == ["in_transit", "out_for_delivery"]
    assert tracker_of(engine, second).status == "out_for_delivery"


def canceled(engine: sa.Engine, shipment: Shipment) -> None:
    """What a refund does: it cancels the shipment itself and lets the tracker know."""
    with writing(engine).begin() as connection:
        kept = SHIPMENTS.get_locked(connection, shipment.id)
        update = update_from(TrackingUpdateInput(status="canceled"), kept.updated_at)
        gone = with_updates(kept, [update], kept.updated_at)
        SHIPMENTS.update(connection, gone)
        stop_following(connection, gone)


def test_a_refunded_shipment_ends_its_tracker(engine: sa.Engine) -> None:
    shipment = followed(engine, "PKGX-AAAAAAA-1234567")
    assert tracker_of(engine, shipment).moves_at is not None
    canceled(engine, shipment)
    tracker = tracker_of(engine, shipment)
    assert (tracker.status, tracker.moves_at) == ("canceled", None)
    assert [update.status for update in tracker.tracking_updates] == ["created", "canceled"]
    assert events_of(engine, tracker.id) == ["tracker.created", "tracker.updated"]


def test_a_refunded_shipment_leaves_the_chain_to_the_others(engine: sa.Engine) -> None:
    first, second = followed(engine), followed(engine)
    canceled(engine, first)
    tracker = tracker_of(engine, second)
    assert (tracker.status, tracker.current_shipment_id) == ("created", second.id)
    assert "canceled" not in [update.status for update in tracker.tracking_updates]


def test_a_shipment_whose_number_changes_leaves_its_tracker(engine: sa.Engine) -> None:
    shipment = followed(engine)
    former = tracker_of(engine, shipment)
    with writing(engine).begin() as connection:
        kept = SHIPMENTS.get_locked(connection, shipment.id)
        changed = follow(connection, kept.model_copy(update={"tracking_number": "1Z999AA10123456784"}))
        SHIPMENTS.update(connection, changed)
    tracker = tracker_of(engine, changed)
    assert tracker.id != former.id
    assert tracker.carrier_url == "https://wwwapps.ups.com/WebTracking/track?track=yes&trackNums=1Z999AA10123456784"
    left = tracker_of(engine, shipment)
    assert (left.shipments, left.current_shipment_id, left.status) == ([], None, "created")


def test_a_shipment_learns_what_its_number_was_known_for(engine: sa.Engine) -> None:
    trackers = LocalTrackers(engine)
    tracker = trackers.create(TrackerCreate(tracking_number=NUMBER))
    trackers.add_update(tracker.id, TrackingUpdateInput(status="in_transit", address="Denver, CO"))
    shipment = followed(engine)
    assert shipment.tracker_id == tracker.id
    assert shipment_now(engine, shipment).status == "in_transit"
    joined = tracker_of(engine, shipment)
    assert (joined.status, joined.provider, joined.current_shipment_id) == ("in_transit", "ups", shipment.id)
    assert joined.tracking_updates == shipment.tracking_updates
    assert sorted(update.status for update in joined.tracking_updates) == ["created", "created", "in_transit"]


def test_two_that_begin_to_follow_a_number_at_once_share_its_tracker(engine: sa.Engine) -> None:
    followed(engine, "PKGX-5LO98Q3-0000000")  # Reads the price lists, which takes longer than all that follows.
    together = threading.Barrier(2)

    def buy() -> Shipment:
        together.wait()
        return followed(engine)

    with ThreadPoolExecutor(2) as pool:
        first, second = (bought.result() for bought in [pool.submit(buy), pool.submit(buy)])
    assert first.tracker_id == second.tracker_id
    tracker = tracker_of(engine, first)
    assert {link.id for link in tracker.shipments} == {first.id, second.id}
    assert events_of(engine, tracker.id) == ["tracker.created", "tracker.updated"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_tracker_made_by_another_in_the_middle_is_joined(engine: sa.Engine) -> None:
    trackers, number = LocalTrackers(engine), "1Z999AA10123456784"
    shipment = followed(engine)
    asked = threading.Event()
    with ThreadPoolExecutor(1) as pool, writing(engine).begin() as slow:
        # Seen by nobody yet, the other's tracker holds the number in the unique index.
        TRACKERS.insert(slow, [trackers.retrieve(shipment.tracker_id or "").model_copy(
            update={"id": "track_other", "tracking_number": number, "shipments": []})])  # fmt: skip

        def join() -> Shipment:
            with writing(engine).begin() as connection:
                asked.set()
                return follow(connection, shipment.model_copy(update={"tracking_number": number}))

        joining = pool.submit(join)
        asked.wait()
        slow.commit()
        assert joining.result().tracker_id == "track_other"
