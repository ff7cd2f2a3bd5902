from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lib.address.checking import complete
from lib.address.formatting import formatted_line
from lib.address.parsing import ParsedAddress, parse_line
from lib.address.problems import AddressProblem

PLACES = [
    ("New York", "NY", "10018"),
    ("Tempe", "AZ", "85282"),
    ("Tempe", "AZ", "85282-1234"),
    ("Boston", "MA", "02115"),
    ("Washington", "DC", "20500"),
    ("Kansas City", "MO", "64106"),
    ("St. Paul", "MN", "55101"),
    ("Salt Lake City", "UT", "84101"),
    ("San Juan", "PR", "00901"),
    ("APO", "AE", "09012"),
    ("Virginia", "MN", "55792"),
    ("West New York", "NJ", "07093"),
    ("Indiana", "PA", "15701"),
]
STREETS = [
    "Main St",
    "7th ave",
    "S Arizona Mills Cir",
    "Oak Ct",
    "MLK Jr Blvd",
    "Washington Ave",
    "Broadway",
    "Calle San Juan",
    "County Road 12",
]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("500 7th ave, New York, NY, 10018", ("500 7th ave", "", "New York", "NY", "10018")),
        ("500 7th ave, Floor 10, New York, NY 10018", ("500 7th ave", "Floor 10", "New York", "NY", "10018")),
        ("500 7th ave\nFloor 10\nNew York, NY 10018\nUSA", ("500 7th ave", "Floor 10", "New York", "NY", "10018")),
        ("500 7th Ave New York NY 10018 US", ("500 7th Ave", "", "New York", "NY", "10018")),
        (
            "5000 S Arizona Mills Cir Unit # 123 Tempe Arizona 85282-1234",
            ("5000 S Arizona Mills Cir", "Unit # 123", "Tempe", "AZ", "85282-1234"),
        ),
        ("100 Main St #5 Austin, Texas", ("100 Main St", "#5", "Austin", "TX", "")),
        ("123 MAIN ST TEMPE AZ 85282", ("123 MAIN ST", "", "TEMPE", "AZ", "85282")),
        ("10018", ("", "", "New York", "NY", "10018")),
        ("100181234", ("", "", "New York", "NY", "10018-1234")),
        ("Tempe 85282", ("", "", "Tempe", "AZ", "85282")),
        ("85282, Tempe", ("", "", "Tempe", "AZ", "85282")),
        ("tempe az 85282", ("", "", "tempe", "AZ", "85282")),
        ("Tempe, AZ", ("", "", "Tempe", "AZ", "")),
        ("500 7th ave, Floor 10, 10018", ("500 7th ave", "Floor 10", "New York", "NY", "10018")),
        ("500 7th ave, New York, NY 00000", ("500 7th ave", "", "New York", "NY", "00000")),
        ("Boston MA 2115", ("", "", "Boston", "MA", "2115")),
        ("PO Box 12345", ("PO Box 12345", "", "", "", "")),
        ("PO Box 12, Austin TX 78701", ("PO Box 12", "", "Austin", "TX", "78701")),
        ("PSC 4 Box 12, APO AE 09012", ("PSC 4 Box 12", "", "APO", "AE", "09012")),
        ("12 Oak Ct 06510", ("12 Oak Ct", "", "New Haven", "CT", "06510")),
        ("1600 Pennsylvania Ave NW Washington DC 20500", ("1600 Pennsylvania Ave NW", "", "Washington", "DC", "20500")),
        ("1600 Pennsylvania Ave NW, Washington, 20500", ("1600 Pennsylvania Ave NW", "", "Washington", "DC", "20500")),
        ("12 Main St Charleston West Virginia 25301", ("12 Main St", "", "Charleston", "WV", "25301")),
        ("Port Washington 11050", ("", "", "Port Washington", "NY", "11050")),
        ("12 Main St NE 68102", ("12 Main St NE", "", "Omaha", "NE", "68102")),
        ("12 Main St Lusk WY", ("12 Main St", "", "Lusk", "WY", "")),
        ("500 7th ave, New York, NY 1001", ("500 7th ave", "", "New York", "NY", "1001")),
        ("350 5th Ave, Springfield MA USA", ("350 5th Ave", "", "Springfield", "MA", "")),
        ("Nevada 64772", ("", "", "Nevada", "MO", "64772")),
        ("500 7th ave, Springfield, AZ 85282", ("500 7th ave", "", "Springfield", "AZ", "85282")),
        ("????", ("????", "", "", "", "")),
    ],
)
def test_parse_line(text, parts):
    assert parse_line(text) == ParsedAddress(*parts, country_code="US")


def test_parse_line_with_second_line_as_in_the_api():
    assert parse_line("500 7th ave, New York, NY, 10018", line2="Floor 10") == ParsedAddress(
        line1="500 7th ave", line2="Floor 10", city="New York", state_code="NY", postal_code="10018", country_code="US"
    )


@pytest.mark.parametrize("text", ["", "   ", ",,,", "\n\x00", "USA"])
def test_parse_line_of_nothing_says_what_to_type(text):
    with pytest.raises(AddressProblem) as caught:
        parse_line(text)
    assert caught.value.field == "address"
    assert "500 7th Ave, New York, NY 10018" in caught.value.message


WORDS = st.sampled_from(
    ["500", "10018", "NY", "New York", ",", "#", "Apt", "&", "(", "Ct", "USA", "\n", "-", "1", "St", "Box", "."]
)


@given(
    st.one_of(st.text(), st.text(st.characters(categories=["Cs", "Cc", "Lo", "Nd"])), st.lists(WORDS).map(" ".join)),
    st.text(max_size=20),
)
@example("\ud800", "")
@example("(#)", "")
@example("10018-", "")
@settings(deadline=None, max_examples=300)
def test_parse_line_raises_nothing_but_address_problem(text, line2):
    try:
        parsed = parse_line(text, line2)
    except AddressProblem:
        return
    complete(parsed)


ADDRESSES = st.builds(
    lambda number, street, unit, where: ParsedAddress(f"{number} {street}", unit, *where),
    st.integers(1, 99_999),
    st.sampled_from(STREETS),
    st.sampled_from(["", "Floor 10", "Apt 4B", "Unit # 123", "Suite 400", "Building C", "c/o Kyle"]),
    st.sampled_from(PLACES),
)


@given(ADDRESSES)
@settings(deadline=None, max_examples=400)
def test_formatted_address_parses_to_itself(address):
    assert parse_line(formatted_line(address)) == address


@given(ADDRESSES)
@settings(deadline=None)
def test_formatted_address_with_second_line_apart_parses_to_itself(address):
    line = formatted_line(ParsedAddress(address.line1, "", address.city, address.state_code, address.postal_code))
    assert parse_line(line, address.line2 or "Dock 1").line1 == address.line1


def test_parse_line_from_many_threads_is_the_same():
    texts = [
        "5000 S Arizona Mills Cir Unit # 123 Tempe Arizona 85282",
        "12 Main St Charleston West Virginia 25301",
    ] * 100
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(parse_line, texts)) == [parse_line(text) for text in texts]
