import pytest

from lib.address.formatting import formatted_line, textarea_lines, timezone
from lib.address.parsing import ParsedAddress

OFFICE = ParsedAddress("500 7th ave", "Floor 10", "New York", "NY", "10018")


def test_formatted_line():
    assert formatted_line(OFFICE) == "500 7th ave, Floor 10, New York, NY 10018"


@pytest.mark.parametrize(
    ("address", "line"),
    [
        (ParsedAddress(postal_code="10018"), "10018"),
        (ParsedAddress(city="tempe", state_code="AZ"), "tempe, AZ"),
        (ParsedAddress("1 Sussex Dr", "", "Ottawa", "ON", "K1A 0A1", "CA"), "1 Sussex Dr, Ottawa ON K1A 0A1, Canada"),
        (ParsedAddress(), ""),
    ],
)
def test_formatted_line_leaves_out_what_is_empty(address, line):
    assert formatted_line(address) == line


def test_textarea_lines():
    assert textarea_lines(OFFICE) == ["500 7th ave", "Floor 10", "New York, NY 10018"]
    assert textarea_lines(OFFICE, with_line2=False) == ["500 7th ave", "New York, NY 10018"]


@pytest.mark.parametrize(
    ("address", "zone"),
    [
        (OFFICE, "America/New_York"),
        (ParsedAddress(postal_code="85282-1234"), "America/Phoenix"),
        (ParsedAddress(postal_code="09012"), None),
        (ParsedAddress(postal_code="00000"), None),
        (ParsedAddress(postal_code="10018", country_code="DE"), None),
    ],
)
def test_timezone(address, zone):
    assert timezone(address) == zone
