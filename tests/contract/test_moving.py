"""Test numbers that move by themselves: step by step, after a pause, and with two workers at once."""

import threading
from bisect import bisect
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from lib.models.base import utc_now
from lib.models.shipments import TrackingUpdateInput
from lib.models.trackers import Tracker, TrackerCreate
from lib.store.database import writing
from lib.store.shipments import SHIPMENTS
from lib.store.trackers import TRACKERS
from lib.tracking.moving import move_due
from lib.tracking.service import LocalTrackers
from tests.contract.tracked import events_of, followed, shipment_now, tracker_of

ENDS = {"AAAAAAA": ("out_for_delivery", "delivered"), "BBBBBBB": ("pickup_available", "picked_up")}
COMMON = ["created", "package_accepted", "in_transit", "in_transit", "in_transit"]
A_DAY = timedelta(days=1)


def sandbox(engine: sa.Engine, number: str) -> Tracker:
    return LocalTrackers(engine).create(TrackerCreate(tracking_number=number))


@pytest.mark.parametrize("block", ENDS)
def test_a_number_takes_every_step_at_its_moment(engine: sa.Engine, block: str) -> None:
    tracker = sandbox(engine, f"PKGX-{block}-1234567")
    assert tracker.estimated_delivery_at is not None
    seen = [tracker.status]
    while tracker.moves_at is not None:
        assert move_due(engine, tracker.moves_at - timedelta(milliseconds=1)) == 0
        assert move_due(engine, tracker.moves_at) == 1
        tracker, before = TRACKERS.get(engine, tracker.id), tracker
        assert tracker.tracking_updates[-1].created_at == tracker.updated_at == before.moves_at
        seen.append(tracker.status)
    assert seen == [*COMMON, *ENDS[block]]
    assert tracker.tracking_updates[-1].created_at == tracker.estimated_delivery_at
    assert move_due(engine, tracker.estimated_delivery_at + A_DAY) == 0
    assert events_of(engine, tracker.id) == ["tracker.created", *["tracker.updated"] * 6]


def test_after_a_pause_the_missed_steps_stand_at_their_own_moments(engine: sa.Engine) -> None:
    stepwise, paused = sandbox(engine, "PKGX-AAAAAAA-1234567"), sandbox(engine, "PKGX-AAAAAAA-7654321")
    while moves_at := TRACKERS.get(engine, stepwise.id).moves_at:
        with writing(engine).begin() as connection:
            still = TRACKERS.get_locked(connection, paused.id)
            TRACKERS.update(connection, still.model_copy(update={"moves_at": datetime(2100, 1, 1, tzinfo=UTC)}))
        move_due(engine, moves_at)
    assert len(TRACKERS.get(engine, paused.id).tracking_updates) == 1
    with writing(engine).begin() as connection:
        TRACKERS.update(connection, paused)
    later = utc_now() + A_DAY
    assert move_due(engine, later) == 1
    caught_up = TRACKERS.get(engine, paused.id)
    assert [update.status for update in caught_up.tracking_updates] == [*COMMON, *ENDS["AAAAAAA"]]
    times = [update.created_at for update in caught_up.tracking_updates]
    assert times == sorted(set(times))
    assert times[-1] == paused.estimated_delivery_at
    assert caught_up.updated_at == later
    assert caught_up.moves_at is None


def test_a_shipment_goes_with_its_number(engine: sa.Engine) -> None:
    shipment = followed(engine, "PKGX-AAAAAAA-1234567")
    assert move_due(engine, utc_now() + A_DAY) == 1
    moved, tracker = shipment_now(engine, shipment), tracker_of(engine, shipment)
    assert (moved.status, tracker.status) == ("delivered", "delivered")
    assert moved.tracking_updates == tracker.tracking_updates
    assert [(parcel.status, parcel.received) for parcel in moved.parcels] == [("outbound_transit", True)]
    # The example's parcel stays in Tempe, and goes by the next large city.
    assert [update.address for update in moved.tracking_updates][1:] == [
        "Tempe, AZ", "Tempe, AZ", "Phoenix, AZ", "Tempe, AZ", "Tempe, AZ", "Tempe, AZ",
    ]  # fmt: skip
    assert events_of(engine, shipment.id) == ["shipment.tracking_updated"]


def test_other_numbers_never_move(engine: sa.Engine) -> None:
    sandbox(engine, "PKGX-5LO98Q3-UR2VMEB")
    sandbox(engine, "1Z999AA10123456784")
    followed(engine, "PKGX-5LO98Q3-UR2VMEC")
    assert move_due(engine, utc_now() + A_DAY) == 0


def test_what_has_ended_otherwise_moves_no_more(engine: sa.Engine) -> None:
    tracker = sandbox(engine, "PKGX-AAAAAAA-1234567")
    ended = LocalTrackers(engine).add_update(tracker.id, TrackingUpdateInput(status="package_lost"))
    assert ended.moves_at is None
    assert move_due(engine, utc_now() + A_DAY) == 0


def test_a_report_on_the_way_is_kept_and_the_course_goes_on(engine: sa.Engine) -> None:
    tracker = sandbox(engine, "PKGX-AAAAAAA-1234567")
    assert tracker.moves_at is not None
    move_due(engine, tracker.moves_at)
    LocalTrackers(engine).add_update(tracker.id, TrackingUpdateInput(status="delayed"))
    move_due(engine, utc_now() + A_DAY)
    moved = TRACKERS.get(engine, tracker.id)
    assert moved.status == "delivered"
    assert sorted(update.status for update in moved.tracking_updates) == sorted([*COMMON, *ENDS["AAAAAAA"], "delayed"])


def test_three_workers_at_once_take_each_step_once(engine: sa.Engine) -> None:
    alone = [sandbox(engine, f"PKGX-AAAAAAA-{position:07d}").id for position in range(8)]
    carried = [followed(engine, f"PKGX-BBBBBBB-{position:07d}") for position in range(4)]
    moments = [utc_now() + timedelta(minutes=minutes) for minutes in (2, 4, 6, 8, 10, 13)]
    moved: list[int] = []
    together = threading.Barrier(3)

    def work() -> None:
        for moment in moments:
            together.wait()
            moved.append(move_due(engine, moment))

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    expected = 0
    for tracker_id in (*alone, *(shipment.tracker_id or "" for shipment in carried)):
        tracker = TRACKERS.get(engine, tracker_id)
        end = ENDS["BBBBBBB" if tracker.shipments else "AAAAAAA"]
        assert [update.status for update in tracker.tracking_updates] == [*COMMON, *end]
        # Of the three that came at a moment one had something to do, and only if a step was due since the one before.
        due = {bisect(moments, update.created_at) for update in tracker.tracking_updates[1:]}
        assert events_of(engine, tracker_id) == ["tracker.created", *["tracker.updated"] * len(due)]
        expected += len(due)
    assert sum(moved) == expected
    for shipment in carried:
        tracker, now = tracker_of(engine, shipment), shipment_now(engine, shipment)
        assert now.tracking_updates == tracker.tracking_updates


# SQLite has one writer at a time: there the second waits for the first.
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_somebody_else_is_at_work_on_is_left_for_the_next_time(engine: sa.Engine) -> None:
    shipment, free = followed(engine, "PKGX-AAAAAAA-1234567"), sandbox(engine, "PKGX-AAAAAAA-7654321")
    later = utc_now() + A_DAY
    with writing(engine).begin() as connection:
        SHIPMENTS.get_locked(connection, shipment.id)
        assert move_due(engine, later) == 1
    assert TRACKERS.get(engine, free.id).status == "delivered"
    assert shipment_now(engine, shipment).status == "created"
    assert move_due(engine, later) == 1
    assert shipment_now(engine, shipment).status == "delivered"
