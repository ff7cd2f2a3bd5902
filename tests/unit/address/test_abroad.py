"""Addresses of other countries. The right ones are the public addresses of parliaments, presidents and post offices."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.address.checking import check, complete
from lib.address.countries import country_code, country_codes, country_name, only_timezone
from lib.address.formatting import formatted_line, lines_from_abroad, textarea_lines, timezone
from lib.address.lines_abroad import split_country
from lib.address.parsing import ParsedAddress, parse_line
from lib.address.resolving import resolve_address
from lib.address.rules import rules_of
from lib.models.addresses import AddressInput

# As typed; then line 1, line 2, city, state, postal code and country as completed.
LINES = [
    (
        "111 Wellington St, Ottawa, Ontario k1a0a9, Canada",
        ("111 Wellington St", "", "Ottawa", "ON", "K1A 0A9", "CA"),
    ),
    ("111 Wellington St, Ottawa ON K1A 0A9, CA", ("111 Wellington St", "", "Ottawa", "ON", "K1A 0A9", "CA")),
    ("1045 Rue des Parlementaires, Québec QC G1A 1A3, CANADA",
     ("1045 Rue des Parlementaires", "", "Québec", "QC", "G1A 1A3", "CA")),
    ("10 Downing Street, London SW1A2AA, UK", ("10 Downing Street", "", "London", "", "SW1A 2AA", "GB")),
    (
        "Platz der Republik 1, 11011 Berlin, Germany",
        ("Platz der Republik 1", "", "Berlin", "", "11011", "DE"),
    ),
    ("Platz der Republik 1, 11011 Berlin, DE", ("Platz der Republik 1", "", "Berlin", "", "11011", "DE")),
    (
        "1-7-1 Nagatacho, Chiyoda-ku, Tokyo 1008914, Japan",
        ("1-7-1 Nagatacho", "Chiyoda-ku", "", "Tokyo", "100-8914", "JP"),
    ),
    ("東京都千代田区永田町1-7-1, 〒100-8914, Japan", ("東京都千代田区永田町1-7-1", "", "", "東京都", "100-8914", "JP")),
    (
        "Plaza de la Constitución S/N, Centro, 06066 Ciudad de México, CDMX, Mexico",
        ("Plaza de la Constitución S/N", "Centro", "Ciudad de México", "CDMX", "06066", "MX"),
    ),
    (
        "Parliament Dr, Canberra ACT 2600, Australia",
        ("Parliament Dr", "", "Canberra", "ACT", "2600", "AU"),
    ),
    (
        "Rashtrapati Bhavan, New Delhi 110004, India",
        ("Rashtrapati Bhavan", "", "New Delhi", "Delhi", "110004", "IN"),
    ),
    (
        "55 Rue du Faubourg Saint-Honoré, 75008 Paris, France",
        ("55 Rue du Faubourg Saint-Honoré", "", "Paris", "", "75008", "FR"),
    ),
    (
        "Av. Paulista 1578, São Paulo-SP 01310200, Brazil",
        ("Av. Paulista 1578", "", "São Paulo", "SP", "01310-200", "BR"),
    ),
    ("1 Parliament Place, Singapore 178880", ("1 Parliament Place", "", "", "", "178880", "SG")),
    (
        "Piazza del Quirinale, 00187 Roma RM, Italy",
        ("Piazza del Quirinale", "", "Roma", "RM", "00187", "IT"),
    ),
    ("Carrera de San Jerónimo 1, 28014 Madrid, Spain",
     ("Carrera de San Jerónimo 1", "", "Madrid", "M", "28014", "ES")),
    ("Bundesplatz 3, CH-3003 Bern, Switzerland", ("Bundesplatz 3", "", "Bern", "", "3003", "CH")),
    (
        "Leinster House, Kildare Street, Dublin 2, D02XR20, Ireland",
        ("Leinster House", "Kildare Street", "Dublin 2", "", "D02 XR20", "IE"),
    ),
    ("9 Rustaveli Ave, Tbilisi 0118, Georgia", ("9 Rustaveli Ave", "", "Tbilisi", "", "0118", "GE")),
]  # fmt: skip
WHOLE = {
    "CA": ParsedAddress("111 Wellington St", "", "Ottawa", "ON", "K1A 0A9", "CA"),
    "GB": ParsedAddress("10 Downing Street", "", "London", "", "SW1A 2AA", "GB"),
    "DE": ParsedAddress("Platz der Republik 1", "", "Berlin", "", "11011", "DE"),
    "JP": ParsedAddress("1-7-1 Nagatacho", "", "", "Tokyo", "100-8914", "JP"),
    "MX": ParsedAddress("Plaza de la Constitución", "", "Ciudad de México", "CDMX", "06066", "MX"),
    "AU": ParsedAddress("Parliament Dr", "", "Canberra", "ACT", "2600", "AU"),
    "IN": ParsedAddress("Rashtrapati Bhavan", "", "New Delhi", "Delhi", "110004", "IN"),
    "BR": ParsedAddress("Av. Paulista 1578", "", "São Paulo", "SP", "01310-200", "BR"),
    "NL": ParsedAddress("Binnenhof 1", "", "Den Haag", "", "2513 AA", "NL"),
    "AE": ParsedAddress("Sheikh Zayed Rd", "", "", "Dubai", "", "AE"),
}
WRONG_CODES = [
    ("CA", "12345"), ("CA", "K1A 0A"), ("GB", "SW1A"), ("GB", "SW1A 2AAX"), ("DE", "1101"), ("DE", "110111"),
    ("JP", "100-891"), ("MX", "6066"), ("AU", "26000"), ("IN", "11000"), ("BR", "01310"), ("NL", "2513"),
]  # fmt: skip


def replaced(country: str, **parts: str) -> ParsedAddress:
    whole = WHOLE[country]
    return ParsedAddress(**{name: parts.get(name, getattr(whole, name)) for name in whole.__slots__})


def problems(address: ParsedAddress) -> list[tuple[str, str]]:
    return [(problem.field, problem.message) for problem in check(address)]


@pytest.mark.parametrize(("text", "parts"), LINES)
def test_line_is_read_by_the_rules_of_its_country(text: str, parts: tuple[str, ...]) -> None:
    done = complete(parse_line(text))
    assert done.address == ParsedAddress(*parts)
    assert problems(done.address) == []
    assert done.corrections == []


@pytest.mark.parametrize(
    "text",
    [
        "100 Peachtree St, Atlanta, Georgia",
        "123 Main St, Wilmington, DE",
        "123 Main St, Gary, IN",
        "1 Main St, Santa Fe, New Mexico",
        "Santa Fe New Mexico",
        "123 Main St, Mexico, MO 65265",
        "1 Main St, Jersey City, New Jersey",
        "1 Main St, Los Angeles, CA",
        "500 7th ave, New York, NY, 10018",
        "10018",
    ],
)
def test_line_without_a_foreign_country_stays_at_home(text: str) -> None:
    assert split_country(text) == (text, "")
    assert parse_line(text).country_code == "US"


@pytest.mark.parametrize("country", WHOLE)
def test_right_address_is_accepted_and_complete(country: str) -> None:
    assert problems(WHOLE[country]) == []
    assert complete(WHOLE[country]) == (WHOLE[country], [], [])


@pytest.mark.parametrize(("country", "code"), WRONG_CODES)
def test_wrong_postal_code_is_refused_with_one_that_would_be_right(country: str, code: str) -> None:
    ((field, message),) = problems(replaced(country, postal_code=code))
    assert field == "address.postal_code"
    assert f"{code} is not a postal code of {country_name(country)}. Use one such as " in message
    example = message.rpartition("such as ")[2].removesuffix(".")
    rules = rules_of(country)
    assert rules is not None
    assert rules.takes(example)


@pytest.mark.parametrize("country", [country for country, whole in WHOLE.items() if whole.postal_code])
def test_missing_postal_code_is_named(country: str) -> None:
    ((field, message),) = problems(replaced(country, postal_code=""))
    assert field == "address.postal_code"
    assert message.startswith("The postal code is missing. Use one such as ")


@pytest.mark.parametrize("country", ["CA", "GB", "DE", "MX", "AU", "IN", "BR", "NL"])
def test_missing_city_is_named(country: str) -> None:
    assert [field for field, _ in problems(replaced(country, city=""))] == ["address.city"]


def test_province_that_there_is_not() -> None:
    assert problems(replaced("CA", state_code="Texas")) == [
        ("address.state", '"Texas" is not a province of Canada. Use one such as ON or QC.')
    ]
    assert problems(replaced("AU", state_code="", postal_code="3000")) == [
        ("address.state", "The state is missing. Use VIC.")
    ]
    assert problems(replaced("AE", state_code="Mumbai"))[0][0] == "address.state"


def test_postal_code_of_another_province() -> None:
    assert problems(replaced("CA", state_code="BC", postal_code="M5V 3L9")) == [
        (
            "address.postal_code",
            (
                "M5V 3L9 is a postal code of Ontario, not of British Columbia. "
                "Use one such as V8X 3X4, or correct the province."
            ),
        )
    ]


@pytest.mark.parametrize(
    ("country", "typed", "written"),
    [
        ("CA", "british columbia", "BC"),
        ("CA", "Québec", "QC"),
        ("CA", "Quebec", "QC"),
        ("MX", "Jalisco", "Jal."),
        ("IN", "MH", "Maharashtra"),
        ("JP", "tokyo", "Tokyo"),
        ("JP", "東京都", "東京都"),
        ("CN", "Beijing", "Beijing Shi"),
        ("IE", "Dublin", "Co. Dublin"),
        ("BR", "Sao Paulo", "SP"),
    ],
)
def test_province_by_name_and_code(country: str, typed: str, written: str) -> None:
    assert complete(ParsedAddress(state_code=typed, country_code=country)).address.state_code == written


@pytest.mark.parametrize("typed", ["Columbia", "Wales", ""])
def test_part_of_a_name_is_no_province(typed: str) -> None:
    for country in ("CA", "AU"):
        rules = rules_of(country)
        assert rules is not None
        assert rules.area(typed) is None


def test_province_is_filled_from_a_postal_code_that_lies_in_one() -> None:
    assert complete(ParsedAddress("290 Bremner Blvd", "", "Toronto", "", "m5v3l9", "Canada")) == (
        ParsedAddress("290 Bremner Blvd", "", "Toronto", "ON", "M5V 3L9", "CA"),
        [],
        ["Province ON was filled in from postal code M5V 3L9."],
    )
    # K1A is in use on both sides of the river.
    assert complete(ParsedAddress(postal_code="K1A 0A9", country_code="CA")).address.state_code == ""


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Canada", "CA"), ("canada", "CA"), ("CAN", "CA"), ("UK", "GB"), ("United Kingdom", "GB"), ("UAE", "AE"),
        ("Türkiye", "TR"), ("Turkey", "TR"), ("Czech Republic", "CZ"), ("Hong Kong", "HK"), ("Finland", "FI"),
        ("Côte d'Ivoire", "CI"), ("St. Lucia", "LC"), ("The Netherlands", "NL"), ("USA", "US"), ("", "US"),
        ("U.S.A.", "US"), ("Mars", None), ("Channel Islands", None), ("the", None),
    ],
)  # fmt: skip
def test_country_by_code_and_name(name: str, code: str | None) -> None:
    assert country_code(name) == code


def test_every_country_has_a_name_that_leads_back_to_it_and_rules() -> None:
    for code in country_codes():
        assert country_code(code) == country_code(country_name(code)) == code
        assert rules_of(code) is not None
    assert len(country_codes()) > 240
    assert (country_name("CA"), country_name("Mars")) == ("Canada", "Mars")


def test_every_example_of_the_rules_is_a_postal_code_spelled_as_it_stands() -> None:
    for code in country_codes():
        rules = rules_of(code)
        assert rules is not None
        for example in rules.examples:
            assert rules.takes(rules.spelled(example))
            assert re.sub("[^0-9A-Z]", "", rules.spelled(example)) == re.sub("[^0-9A-Z]", "", example)


@pytest.mark.parametrize(
    ("country", "zone"),
    [("GB", "Europe/London"), ("JP", "Asia/Tokyo"), ("IN", "Asia/Kolkata"), ("CA", None), ("AU", None), ("DE", None)],
)
def test_time_zone_only_of_countries_with_one(country: str, zone: str | None) -> None:
    assert only_timezone(country) == zone
    assert timezone(WHOLE[country]) == zone


@pytest.mark.parametrize(
    ("country", "line"),
    [
        ("CA", "111 Wellington St, Ottawa ON K1A 0A9, Canada"),
        ("GB", "10 Downing Street, London, SW1A 2AA, United Kingdom"),
        ("DE", "Platz der Republik 1, 11011 Berlin, Germany"),
        ("JP", "1-7-1 Nagatacho, Tokyo, 100-8914, Japan"),
        ("MX", "Plaza de la Constitución, 06066 Ciudad de México, CDMX, Mexico"),
        ("BR", "Av. Paulista 1578, São Paulo-SP, 01310-200, Brazil"),
        ("IN", "Rashtrapati Bhavan, New Delhi 110004, Delhi, India"),
    ],
)
def test_written_in_the_order_of_the_country(country: str, line: str) -> None:
    assert formatted_line(WHOLE[country]) == line


def test_nothing_typed_is_left_out_of_the_lines() -> None:
    tokyo = ParsedAddress("1-7-1 Nagatacho", "Room 5", "Chiyoda-ku", "Tokyo", "100-8914", "JP")
    assert textarea_lines(tokyo) == ["1-7-1 Nagatacho", "Room 5, Tokyo", "Chiyoda-ku", "100-8914", "Japan"]
    assert textarea_lines(ParsedAddress("1 Raffles Place", "", "Singapore", "", "048616", "SG"))[-1] == "Singapore"


def test_lines_from_abroad_name_the_united_states_too() -> None:
    home = resolve_address("500 7th ave, Floor 10, New York, NY, 10018").address
    assert home is not None
    assert lines_from_abroad(home) == ["500 7th ave", "Floor 10", "New York, NY 10018", "United States"]


PARTS = st.one_of(st.text(max_size=12), st.sampled_from(["Tokyo", "ON", "K1A 0A9", "12345", "Co. Cork", "東京都", ""]))
COUNTRIES = st.sampled_from([*country_codes(), "Canada", "uk", "Mars", "PR"])


@given(st.builds(ParsedAddress, PARTS, PARTS, PARTS, PARTS, PARTS, COUNTRIES))
@settings(max_examples=300)
def test_completing_a_completed_address_changes_nothing(address: ParsedAddress) -> None:
    done = complete(address).address
    assert complete(done) == (done, [], [])
    assert [problem.field for problem in check(done)] == [problem.field for problem in check(address)] or (
        not address.state_code.strip() and done.state_code
    )
    textarea_lines(done)


@given(st.lists(st.one_of(PARTS, COUNTRIES.map(country_name)), max_size=5))
@settings(max_examples=300)
def test_any_line_is_read_and_what_was_read_is_kept(parts: list[str]) -> None:
    found = resolve_address(", ".join(parts))
    assert found.address is not None or [problem.field for problem in found.problems] == ["address"]
    if found.address is not None:
        kept = found.address.model_dump(exclude={"id"})
        again = resolve_address_of(kept)
        assert again == kept


def resolve_address_of(kept: dict[str, object]) -> dict[str, object]:
    """An address of an answer, given back as the input of another call."""
    found = resolve_address(AddressInput.model_validate(kept))
    assert found.address is not None
    return found.address.model_dump(exclude={"id"})
