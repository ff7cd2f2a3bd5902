"""The course of test numbers: always the same, in a legal order, onward in time, through real cities."""

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lib.models.addresses import Address
from lib.tracking.courses import arrives_at, course, moves_by_itself, route_of
from lib.tracking.updates import require_acceptable
from lib.tracking.words import place_in

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
NEW_YORK = Address(id="addr_1", line1="500 7th ave", city="New York", state_code="NY", postal_code="10018")
TEMPE = Address(id="addr_2", line1="5000 S Arizona Mills Cir", city="Tempe", state_code="AZ", postal_code="85282")
DELIVERED = ["package_accepted", "in_transit", "in_transit", "in_transit", "out_for_delivery", "delivered"]
PICKED_UP = [*DELIVERED[:4], "pickup_available", "picked_up"]

tails = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=7, max_size=7)
blocks = st.sampled_from(["AAAAAAA", "BBBBBBB"])


@given(block=blocks, tail=tails)
def test_every_course_is_legal_and_onward(block: str, tail: str) -> None:
    number = f"PKGX-{block}-{tail}"
    assert moves_by_itself(number)
    steps = course(number, AT, route_of(number, None, None))
    assert [step.status for step in steps] == (DELIVERED if block == "AAAAAAA" else PICKED_UP)
    times = [AT, *(step.created_at for step in steps)]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert all(timedelta(minutes=1) <= gap <= timedelta(minutes=2) for gap in gaps)
    assert arrives_at(number, AT) == times[-1]
    status = "created"
    for step in steps:
        require_acceptable(status, step.status)
        status = step.status
    assert len({step.id for step in steps}) == len(steps)
    assert steps == course(number, AT, route_of(number, None, None))
    cities = [step.address for step in steps]
    assert cities[0] == cities[1] != cities[2] != cities[3] == cities[5]
    # Every place is one that exists.
    assert all(place_in(city or "") == city for city in cities)


@given(tail=tails)
def test_numbers_go_different_ways(tail: str) -> None:
    other = "PKGX-AAAAAAA-0000000" if tail != "0000000" else "PKGX-AAAAAAA-0000001"
    first, second = (course(n, AT, route_of(n, None, None)) for n in (f"PKGX-AAAAAAA-{tail}", other))
    assert first != second


def test_course_of_a_shipment_goes_from_its_sender_over_the_middle_to_its_recipient() -> None:
    number = "PKGX-AAAAAAA-1234567"
    steps = course(number, AT, route_of(number, NEW_YORK, TEMPE))
    # The middle of New York and Phoenix lies in Missouri and Kansas; of the large cities Kansas City is next to it.
    assert [(step.status, step.message, step.address) for step in steps] == [
        ("package_accepted", "The carrier has the parcel.", "New York, NY"),
        ("in_transit", "Sorting facility, New York, NY.", "New York, NY"),
        ("in_transit", "Sorting facility, Kansas City, MO.", "Kansas City, MO"),
        ("in_transit", "Sorting facility, Tempe, AZ.", "Tempe, AZ"),
        ("out_for_delivery", "Out for delivery.", "Tempe, AZ"),
        ("delivered", "Delivered.", "Tempe, AZ"),
    ]


def test_within_one_city_it_passes_the_next_one() -> None:
    route = route_of("PKGX-AAAAAAA-1234567", TEMPE, TEMPE)
    assert (route.origin, route.hub, route.destination) == ("Tempe, AZ", "Phoenix, AZ", "Tempe, AZ")


def test_other_numbers_stay_where_they_are() -> None:
    for number in ("PKGX-5LO98Q3-UR2VMEB", "PKGX-AAAAAAB-1234567", "PKGX-AAAAAAA-123", "1Z999AA10123456784"):
        assert not moves_by_itself(number)
        assert arrives_at(number, AT) is None
