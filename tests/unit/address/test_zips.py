import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lib.address.zips import example_zip, place, state_code, state_name

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("zip_code", "city", "state", "timezone"),
    [
        ("10018", "New York", "NY", "America/New_York"),
        ("85282", "Tempe", "AZ", "America/Phoenix"),
        ("90210", "Beverly Hills", "CA", "America/Los_Angeles"),
        ("00901", "San Juan", "PR", "America/Puerto_Rico"),
        ("20500", "Washington", "DC", "America/New_York"),
        ("99634", "Napakiak", "AK", "America/Anchorage"),
        ("96910", "Hagatna", "GU", "Pacific/Guam"),
    ],
)
def test_place_of_zip(zip_code, city, state, timezone):
    found = place(zip_code)

    assert found is not None
    assert (found.city, found.state_code, found.timezone) == (city, state, timezone)
    assert ZoneInfo(found.timezone)


def test_place_of_zip_plus_four_is_that_of_the_zip():
    assert place("10018-1234") is place("10018")
    assert place(" 100181234 ") is place("10018")


def test_place_has_coordinates_in_degrees():
    # Times Square, 40.758 N 73.985 W, lies beside 10018.
    assert place("10018").coordinates == pytest.approx((40.758, -73.985), abs=0.05)


@pytest.mark.parametrize(
    ("zip_code", "city", "state"),
    [("09012", "APO", "AE"), ("34002", "DPO", "AA"), ("96350", "FPO", "AP"), ("09905", "APO", "AE")],
)
def test_place_of_military_zip_is_off_the_map(zip_code, city, state):
    found = place(zip_code)

    assert (found.city, found.state_code, found.coordinates, found.timezone) == (city, state, None, None)


@pytest.mark.parametrize(
    "text", ["", "00000", "1001", "100181", "abcde", "10018-12", "١٠٠١٨", "10018\x00", "10018-1234-5"]
)
def test_place_of_no_zip_is_none(text):
    assert place(text) is None


@pytest.mark.parametrize("city", ["Saint Paul", "st. paul", "ST PAUL"])
def test_place_accepts_spellings(city):
    assert place("55101").accepts(city)


def test_place_knows_names_that_usps_does_not_accept():
    assert place("10018").knows("Manhattan")
    assert not place("10018").accepts("Manhattan")
    assert not place("10018").knows("Boston")


def test_import_warns_of_nothing_and_leaves_the_zip_table_closed():
    code = "import lib.address.checking, lib.address.zips as zips; assert zips._section.cache_info().currsize == 0"
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, cwd=ROOT)  # noqa: S603


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Arizona", "AZ"),
        ("arizona", "AZ"),
        ("az", "AZ"),
        ("N.Y.", "NY"),
        ("  new   york ", "NY"),
        ("District of Columbia", "DC"),
        ("D.C.", "DC"),
        ("Puerto Rico", "PR"),
        ("U.S. Virgin Islands", "VI"),
        ("Guam", "GU"),
        ("American Samoa", "AS"),
        ("Northern Mariana Islands", "MP"),
        ("AA", "AA"),
        ("ae", "AE"),
        ("Armed Forces Pacific", "AP"),
        ("Ontario", None),
        ("ZZ", None),
        ("", None),
    ],
)
def test_state_code(text, code):
    assert state_code(text) == code


def test_state_name():
    assert state_name("az") == "Arizona"
    assert state_name("West Virginia") == "West Virginia"
    assert state_name("ZZ") is None


def test_example_zip_is_one_of_the_city():
    assert example_zip("tempe", "Arizona") in {"85281", "85282", "85283", "85284"}
    assert example_zip("Atlantis", "AZ") is None
    assert example_zip("", "") is None
