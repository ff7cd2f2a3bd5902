import pickle
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.address.checking import AddressProblem, check, check_email, complete, normalize_phone
from lib.address.parsing import ParsedAddress


def problems(**parts):
    return [(problem.field, problem.message) for problem in check(ParsedAddress(**parts))]


def test_check_finds_nothing_wrong_with_the_api_example():
    assert (
        problems(
            line1="5000 S Arizona Mills Cir",
            line2="Unit # 123",
            city="Tempe",
            state_code="Arizona",
            postal_code="85282",
        )
        == []
    )


@pytest.mark.parametrize("postal_code", ["10018", "10018-1234"])
def test_check_needs_only_a_zip(postal_code):
    assert problems(postal_code=postal_code) == []


def test_check_zip_unknown():
    assert problems(postal_code="00000") == [
        ("address.postal_code", "ZIP 00000 is not a US ZIP code. Use five digits such as 10018.")
    ]


def test_check_zip_that_lost_its_zero():
    assert problems(state_code="MA", postal_code="2115") == [
        (
            "address.postal_code",
            "ZIP 2115 is not a US ZIP code. Its leading zero may be missing: ZIP 02115 is in Boston, MA.",
        )
    ]


def test_check_zip_missing_names_one_of_the_city():
    assert problems(city="Beverly Hills", state_code="CA") in [
        [("address.postal_code", f"The ZIP code is missing. Use five digits such as {zip_code} for Beverly Hills.")]
        for zip_code in ("90210", "90211", "90212")
    ]


def test_check_state_unknown():
    assert problems(state_code="Ontario", postal_code="85282") == [
        ("address.state", '"Ontario" is not a US state. ZIP 85282 is in Tempe, AZ: use AZ.')
    ]


def test_check_state_that_is_not_the_zips_when_the_city_is():
    assert problems(city="Tempe", state_code="NY", postal_code="85282") == [
        ("address.state", "ZIP 85282 is in Tempe, AZ, not in NY. Use AZ as the state.")
    ]


def test_check_zip_that_is_not_the_states():
    assert problems(city="Yellow Springs", state_code="OH", postal_code="85282") == [
        (
            "address.postal_code",
            "ZIP 85282 is in Tempe, AZ, not in OH. Use a ZIP such as 45387, or AZ as the state.",
        )
    ]


def test_check_country():
    assert problems(country_code="usa", postal_code="10018") == []
    assert problems(country_code="Narnia") == [
        (
            "address.country_code",
            '"Narnia" is not a country. Use its code or English name, such as US or Canada.',
        )
    ]


def test_complete_normalises_without_a_word():
    typed = ParsedAddress(" 5000 S Arizona Mills Cir ", "Unit # 123", "tempe", "Arizona", "852821234", "usa")

    assert complete(typed) == (
        ParsedAddress("5000 S Arizona Mills Cir", "Unit # 123", "tempe", "AZ", "85282-1234", "US"),
        [],
        [],
    )


def test_complete_fills_from_the_zip():
    assert complete(ParsedAddress(line1="500 7th ave", postal_code="10018")) == (
        ParsedAddress("500 7th ave", "", "New York", "NY", "10018", "US"),
        [],
        ["City New York was filled in from ZIP 10018.", "State NY was filled in from ZIP 10018."],
    )


@pytest.mark.parametrize("city", ["Manhattan", "Boston"])
def test_complete_makes_the_city_the_zips(city):
    assert complete(ParsedAddress("500 7th ave", "", city, "NY", "10018")) == (
        ParsedAddress("500 7th ave", "", "New York", "NY", "10018", "US"),
        [f"City changed from {city} to New York: ZIP 10018 is in New York, NY."],
        [],
    )


@pytest.mark.parametrize(
    "address",
    [
        ParsedAddress("500 7th ave", "", "Boston", "MA", "10018"),
        ParsedAddress("500 7th ave", "", "New York", "NY", "00000"),
        ParsedAddress("1 Sussex Dr", "", "Ottawa", "ON", "K1A 0A1", "CA"),
        ParsedAddress("1 Sussex Dr", "", "Ottawa", "Nowhere", "12345", "CA"),
    ],
)
def test_complete_leaves_what_it_cannot_know(address):
    assert complete(address) == (address, [], [])


def test_complete_keeps_puerto_rico_domestic():
    done = complete(ParsedAddress("1 Calle Sol", "", "San Juan", "PR", "00901", "PR"))

    assert done.address.country_code == "US"


TEXT = st.one_of(st.text(max_size=12), st.sampled_from(["10018", "2115", "NY", "Arizona", "New York", "US", "PR", ""]))


@given(st.builds(ParsedAddress, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT))
@settings(deadline=None)
def test_complete_twice_changes_nothing_more_and_check_never_raises(address):
    done = complete(address).address

    assert complete(done) == (done, [], [])
    assert [problem.field for problem in check(done)] == [problem.field for problem in check(address)]


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("(212) 555-0100", "+12125550100"),
        ("1 212 555 0100 x12", "+12125550100"),
        ("+923066545454", "+923066545454"),
        ("+44 20 7946 0958", "+442079460958"),
        ("555-555-5555", "+15555555555"),
    ],
)
def test_normalize_phone(text, e164):
    assert normalize_phone(text) == e164


def test_normalize_phone_in_another_region():
    assert normalize_phone("020 7946 0958", region="GB") == "+442079460958"


@pytest.mark.parametrize("text", ["", "abc", "123", "555-0100", "0000000000", "+1 212 555 01000", "9" * 300, "\ud800"])
def test_normalize_phone_refuses(text):
    with pytest.raises(AddressProblem) as caught:
        normalize_phone(text)
    assert caught.value.field == "phone"
    assert "such as 212 555 0100" in caught.value.message


@given(st.text())
@settings(deadline=None)
def test_phone_and_email_raise_nothing_but_address_problem(text):
    for read in (normalize_phone, check_email):
        with suppress(AddressProblem):
            assert read(text)


def test_check_email():
    assert check_email(" kyle.grzybowski@PackageX.io ") == "kyle.grzybowski@packagex.io"


@pytest.mark.parametrize(
    "text", ["", "kyle", "kyle@", "@packagex.io", "kyle@packagex", "a b@packagex.io", "\ud800@packagex.io"]
)
def test_check_email_refuses(text):
    with pytest.raises(AddressProblem) as caught:
        check_email(text)
    assert caught.value.field == "email"
    assert caught.value.message.endswith("Use one such as name@example.com.")


def test_problem_survives_pickling():
    problem = pickle.loads(pickle.dumps(AddressProblem("phone", "No.")))  # noqa: S301

    assert (problem.field, problem.message, str(problem)) == ("phone", "No.", "No.")
