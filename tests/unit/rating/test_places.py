"""The table of ZIP places against the address room's reading of the library that it was written from."""

import math

import numpy as np
import zipcodes
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.address.distance import miles_between
from lib.address.zips import place
from lib.rating.places import miles_apart, timezone_of

zip_numbers = st.integers(0, 99_999)


def test_every_zip_has_its_time_zone_and_no_other_has_one():
    known = {int(row["zip_code"]) for row in zipcodes.list_all()}
    assert len(known) == 42_789
    expected = {zip_code: getattr(place(f"{zip_code:05d}"), "timezone", None) for zip_code in range(100_000)}
    assert {zip_code: timezone_of(zip_code) for zip_code in range(100_000)} == expected
    assert sum(name is not None for name in expected.values()) == 41_960


def test_anchors():
    named = {10001: "America/New_York", 85001: "America/Phoenix", 99546: "America/Adak", 96799: "Pacific/Pago_Pago"}
    assert {zip_code: timezone_of(zip_code) for zip_code in named} == named
    assert [timezone_of(zip_code) for zip_code in (9012, 96303, 0, -1, 100_000, 10**9)] == [None] * 6
    # New York to Los Angeles is 2,450 miles give or take a city's width.
    assert abs(float(miles_apart(np.array([10001]), np.array([90001]))[0]) - 2450) < 15


@settings(max_examples=500, deadline=None)
@given(zip_numbers, zip_numbers)
def test_distances_are_those_of_the_address_room(origin, destination):
    expected = miles_between(f"{origin:05d}", f"{destination:05d}")
    (found,) = miles_apart(np.array([origin]), np.array([destination])).tolist()
    assert math.isnan(found) if expected is None else math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-4)


def test_distance_of_no_zip_is_not_a_number():
    assert np.isnan(miles_apart(np.array([-1, 100_000, 10001, 9012]), np.array([10001, 10001, -5, 10001]))).all()
