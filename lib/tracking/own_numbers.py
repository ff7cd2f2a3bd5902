"""The forms of the numbers that Shipdesk hands out itself.

Test labels carry `PKGX-<7>-<7>`, the form of PackageX' sandbox; own couriers carry `OWN-<5>-<5>`, whose last sign is
a check digit.
"""

import re

TEST_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
TEST_PREFIX = "PKGX-"
TEST_BLOCK = 7
# Crockford's base 32: no I, L, O or U to be misread on a label.
OWN_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
OWN_PREFIX = "OWN-"
OWN_BLOCK = 5
# First blocks of test numbers that move by themselves, and what becomes of them.
DELIVERED_BLOCK, PICKED_UP_BLOCK = "AAAAAAA", "BBBBBBB"

_TEST_NUMBER = re.compile(rf"{TEST_PREFIX}[A-Z0-9]{{{TEST_BLOCK}}}-[A-Z0-9]{{{TEST_BLOCK}}}")
_OWN_NUMBER = re.compile(rf"{OWN_PREFIX}([{OWN_SIGNS}]{{{OWN_BLOCK}}})-([{OWN_SIGNS}]{{{OWN_BLOCK}}})")


def is_test_number(number: str) -> bool:
    """Whether it has the form of a test label's number."""
    return _TEST_NUMBER.fullmatch(number) is not None


def has_own_form(number: str) -> bool:
    """Whether it has the form of an own courier's number, its check digit right or wrong."""
    return _OWN_NUMBER.fullmatch(number) is not None


def is_own_number(number: str) -> bool:
    """Whether it is an own courier's number with the right check digit."""
    found = _OWN_NUMBER.fullmatch(number)
    return found is not None and check_sign(f"{found[1]}{found[2][:-1]}") == found[2][-1]


def check_sign(body: str) -> str:
    """The check digit of an own courier's number by the Luhn mod 32 rule; catches one wrong or two swapped signs."""
    total = 0
    for position, sign in enumerate(reversed(body)):
        doubled = OWN_SIGNS.index(sign) * (2 - position % 2)
        total += doubled // len(OWN_SIGNS) + doubled % len(OWN_SIGNS)
    return OWN_SIGNS[-total % len(OWN_SIGNS)]
