"""Tracking numbers: form, repeatability, check digit."""

import re

from hypothesis import given
from hypothesis import strategies as st

from lib.shipping.tracking_numbers import new_tracking_number, parcel_numbers, tracking_number_from
from lib.tracking.own_numbers import check_sign

TEST_FORM = re.compile(r"PKGX-(?!AAAAAAA|BBBBBBB)[A-Z0-9]{7}-[A-Z0-9]{7}")
OWN_FORM = re.compile(r"OWN-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}")


@given(st.text())
def test_number_has_its_form_and_belongs_to_its_seed(seed: str) -> None:
    for own_courier, form in ((False, TEST_FORM), (True, OWN_FORM)):
        number = tracking_number_from(seed, own_courier=own_courier)
        assert form.fullmatch(number)
        assert number == tracking_number_from(seed, own_courier=own_courier)


def test_numbers_of_a_seed_stay_what_they_were() -> None:
    assert tracking_number_from("a seed", own_courier=False) == "PKGX-E0USN6G-458S7OY"
    assert tracking_number_from("a seed", own_courier=True) == "OWN-CKHQ3-6BQ2Y"


def test_new_numbers_differ() -> None:
    assert len({new_tracking_number(own_courier=own) for own in (False, True) for _ in range(500)}) == 1000


def test_check_sign_of_a_worked_example() -> None:
    # From the right 3, 2, 1, with every other doubled: 3*2 + 2 + 1*2 = 10; 10 + 22 = 32, and 22 is P in Crockford's.
    assert check_sign("123") == "P"


@given(st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=9, max_size=9), st.integers(0, 8), st.integers(1, 31))
def test_check_sign_tells_one_wrong_sign(body: str, position: int, shift: int) -> None:
    signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    wrong = signs[(signs.index(body[position]) + shift) % 32]
    assert check_sign(body) != check_sign(body[:position] + wrong + body[position + 1 :])


@given(st.booleans(), st.integers(1, 200))
def test_every_parcel_has_its_own_number(own_courier: bool, count: int) -> None:
    first = tracking_number_from("shipment", own_courier=own_courier)
    numbers = parcel_numbers(first, count)
    assert numbers[0] == first
    assert len(set(numbers)) == len(numbers) == count
    assert all((OWN_FORM if own_courier else TEST_FORM).fullmatch(number) for number in numbers)
    assert numbers == parcel_numbers(first, count)
