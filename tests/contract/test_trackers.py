"""Trackers made by number, changed, listed and forgotten, on both databases."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from lib.models.errors import Conflict, InvalidRequest, NotFound
from lib.models.lists import ListQuery
from lib.models.shipments import TrackingUpdateInput
from lib.models.trackers import Tracker, TrackerCreate, TrackerUpdate
from lib.tracking.service import LocalTrackers
from tests.contract.tracked import events_of, followed, shipment_now, tracker_of

UPS, FEDEX = "1Z999AA10123456784", "986578788855"


@pytest.fixture
def trackers(engine: sa.Engine) -> LocalTrackers:
    return LocalTrackers(engine)


def made(trackers: LocalTrackers, number: str = UPS, **fields: object) -> Tracker:
    return trackers.create(TrackerCreate.model_validate({"tracking_number": number, **fields}))


def test_trackers_create_by_a_foreign_number(trackers: LocalTrackers, engine: sa.Engine) -> None:
    tracker = made(trackers, "1z 999 AA1 01 2345 6784", tags=["priority"], metadata={"department": "Sales"})
    assert tracker.id.startswith("track_")
    updates = tracker.tracking_updates
    assert [(update.status, update.message) for update in updates] == [("created", "The number is followed.")]
    assert tracker.model_dump(exclude={"id", "tracking_updates", "created_at", "updated_at"}) == {
        "object": "tracker",
        "type": "outbound",
        "tags": ["priority"],
        "status": "created",
        "provider": "ups",
        "tracking_number": UPS,
        "tracking_url": f"/track/{tracker.id}",
        "carrier_url": f"https://wwwapps.ups.com/WebTracking/track?track=yes&trackNums={UPS}",
        "destination_address": None,
        "destination_layout": None,
        "destination_location": None,
        "destination_contact": None,
        "sender_contact": None,
        "chained_status": "package_at_waypoint",
        "auto_close_shipments_option": "on_provider_updates",
        "auto_close_shipments_status": "delivered",
        "location_id": None,
        "manifest_id": None,
        "estimated_delivery_at": None,
        "shipments": [],
        "current_shipment_id": None,
        "final_chained_shipment_id": None,
        "moves_at": None,
        "updated_by": None,
        "organization_id": None,
        "metadata": {"department": "Sales"},
    }
    assert trackers.retrieve(tracker.id) == tracker
    assert events_of(engine, tracker.id) == ["tracker.created"]


def test_trackers_create_under_an_id_of_ones_own(trackers: LocalTrackers) -> None:
    assert made(trackers, id="track_mine").tracking_url == "/track/track_mine"
    with pytest.raises(Conflict, match="There is a tracker track_mine already"):
        made(trackers, FEDEX, id="track_mine")


def test_trackers_create_asks_for_the_carrier_where_the_number_does_not_tell_it(trackers: LocalTrackers) -> None:
    with pytest.raises(InvalidRequest, match="No carrier is known by the form of SOMETHING1"):
        made(trackers, "SOMETHING1")
    assert made(trackers, "SOMETHING1", provider="marketplace").provider == "marketplace"
    with pytest.raises(InvalidRequest, match="check digit is wrong"):
        made(trackers, "1Z999AA10123456785", provider="ups")


def test_a_number_is_followed_once_for_each_provider(trackers: LocalTrackers) -> None:
    first = made(trackers)
    for provider in (None, "ups"):
        with pytest.raises(Conflict) as caught:
            made(trackers, provider=provider)
        assert (caught.value.code, caught.value.details) == ("tracker_exists", {"tracker_id": first.id})
    assert made(trackers, provider="usps").id != first.id


def test_a_test_number_needs_no_provider_and_is_followed_once(trackers: LocalTrackers) -> None:
    first = made(trackers, "PKGX-5LO98Q3-UR2VMEB")
    assert (first.provider, first.moves_at, first.status) == (None, None, "created")
    for provider in (None, "ups"):
        with pytest.raises(Conflict):
            made(trackers, "PKGX-5LO98Q3-UR2VMEB", provider=provider)


def test_trackers_add_update(trackers: LocalTrackers, engine: sa.Engine) -> None:
    tracker = made(trackers)
    tracker = trackers.add_update(tracker.id, TrackingUpdateInput(status="in_transit", address="Denver, CO"))
    tracker = trackers.update(
        tracker.id,
        TrackerUpdate(tracking_update=TrackingUpdateInput(status="delivered", comment="Front desk"), tags=["done"]),
    )
    assert trackers.retrieve(tracker.id) == tracker
    assert (tracker.status, tracker.tags) == ("delivered", ["done"])
    assert [(update.status, update.address, update.comment) for update in tracker.tracking_updates] == [
        ("created", None, None),
        ("in_transit", "Denver, CO", None),
        ("delivered", None, "Front desk"),
    ]
    assert events_of(engine, tracker.id) == ["tracker.created", *["tracker.updated"] * 3]
    with pytest.raises(Conflict, match="The status is delivered already"):
        trackers.add_update(tracker.id, TrackingUpdateInput(status="in_transit"))
    corrected = trackers.add_update(tracker.id, TrackingUpdateInput(status="return_to_sender"))
    assert corrected.status == "return_to_sender"
    with pytest.raises(NotFound, match="There is no tracker track_none"):
        trackers.add_update("track_none", TrackingUpdateInput(status="in_transit"))


def test_a_refused_update_changes_nothing(trackers: LocalTrackers, engine: sa.Engine) -> None:
    tracker = made(trackers)
    trackers.add_update(tracker.id, TrackingUpdateInput(status="canceled"))
    before = trackers.retrieve(tracker.id)
    with pytest.raises(Conflict, match="nothing follows"):
        trackers.update(
            tracker.id, TrackerUpdate(tracking_update=TrackingUpdateInput(status="delivered"), tags=["lost"])
        )
    assert trackers.retrieve(tracker.id) == before
    assert events_of(engine, tracker.id) == ["tracker.created", "tracker.updated"]


def test_trackers_update_changes_what_is_given(trackers: LocalTrackers) -> None:
    tracker = made(trackers, tags=["a"], metadata={"a": "1", "b": "2"}, location_id="loc_1")
    changed = trackers.update(
        tracker.id,
        TrackerUpdate(metadata={"a": None, "c": "3"}, auto_close_shipments_option="never", location_id=None),
    )
    assert (changed.tags, changed.metadata, changed.auto_close_shipments_option, changed.location_id) == (
        ["a"],
        {"b": "2", "c": "3"},
        "never",
        None,
    )
    assert changed.chained_status == "package_at_waypoint"
    assert trackers.retrieve(tracker.id) == changed


def test_trackers_list_by_what_the_reference_names(trackers: LocalTrackers) -> None:
    ups = made(trackers, location_id="loc_1", tags=["priority"], metadata={"department": "Sales"})
    fedex = made(trackers, FEDEX)
    dhl = made(trackers, "3318810025")
    trackers.add_update(fedex.id, TrackingUpdateInput(status="delivered"))

    def found(**filters: str) -> list[str]:
        return [tracker.id for tracker in trackers.list(ListQuery(filters=filters, direction="asc")).items]

    assert set(found()) == {ups.id, fedex.id, dhl.id}
    for filters, expected in (
        ({"provider": "ups"}, [ups]),
        ({"provider": "fedex,dhl"}, [fedex, dhl]),
        ({"status": "delivered"}, [fedex]),
        ({"statuses": "completed"}, [fedex]),
        ({"filter": "outstanding"}, [ups, dhl]),
        ({"location_id": "loc_1"}, [ups]),
        ({"tracking_number": FEDEX}, [fedex]),
        ({"tags": "priority"}, [ups]),
        ({"metadata.department": "Sales"}, [ups]),
        ({"search": "1z999"}, [ups]),
        ({"created_at": "gte:2020-01-01"}, [ups, fedex, dhl]),
        ({"created_at": "lt:2020-01-01"}, []),
    ):
        assert set(found(**filters)) == {tracker.id for tracker in expected}, filters
    with pytest.raises(InvalidRequest, match="did you mean “fedex”"):
        found(provider="fedx")


def test_trackers_delete_leaves_the_shipments(trackers: LocalTrackers, engine: sa.Engine) -> None:
    shipment = followed(engine)
    tracker = tracker_of(engine, shipment)
    assert trackers.delete(tracker.id) == tracker
    with pytest.raises(NotFound):
        trackers.retrieve(tracker.id)
    left = shipment_now(engine, shipment)
    assert (left.tracker_id, left.tracking_url, left.tracking_number) == (None, None, shipment.tracking_number)
    assert events_of(engine, tracker.id) == ["tracker.created", "tracker.deleted"]
    with pytest.raises(NotFound):
        trackers.delete(tracker.id)


def test_times_are_kept_in_the_order_of_what_happened(trackers: LocalTrackers) -> None:
    tracker = made(trackers)
    for status in ("package_accepted", "in_transit", "out_for_delivery"):
        tracker = trackers.add_update(tracker.id, TrackingUpdateInput.model_validate({"status": status}))
    times = [update.created_at for update in tracker.tracking_updates]
    assert times == sorted(times)
    assert times[-1] - times[0] < timedelta(minutes=1)
