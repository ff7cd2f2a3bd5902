import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.address.distance import miles_between

POINTS = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def test_miles_between_cities():
    # JFK (40.639722, -73.778889) to LAX (33.942500, -118.408056): 2,475 statute miles in airline tables.
    assert miles_between((40.639722, -73.778889), (33.9425, -118.408056)) == pytest.approx(2475, abs=10)


def test_miles_between_zips():
    # Manhattan to Beverly Hills is about 2,450 miles by air.
    assert miles_between("10018", "90210-1234") == pytest.approx(2450, abs=30)
    assert miles_between("10018", (40.7547, -73.9925)) == pytest.approx(0, abs=0.01)


def test_one_degree_of_a_meridian():
    # 60 nautical miles of 1.15078 statute miles.
    assert miles_between((0, 0), (1, 0)) == pytest.approx(69.05, abs=0.1)


@pytest.mark.parametrize("zip_code", ["00000", "09012", "", "nowhere"])
def test_no_distance_to_a_place_off_the_map(zip_code):
    assert miles_between("10018", zip_code) is None


@given(POINTS, POINTS)
def test_distance_is_symmetric_and_bounded_by_half_the_earth(one, other):
    there = miles_between(one, other)

    assert there == pytest.approx(miles_between(other, one), abs=1e-6)
    assert 0 <= there <= 12_437
    assert miles_between(one, one) == pytest.approx(0, abs=1e-6)
