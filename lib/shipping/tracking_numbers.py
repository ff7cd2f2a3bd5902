"""Tracking numbers that Shipdesk hands out itself.

Test labels carry `PKGX-<7>-<7>`, the form of PackageX' sandbox; own couriers carry `OWN-<5>-<5>`, whose last
sign is a check digit. Whether a number is free is for the table of purchases to say.
"""

import hashlib
import secrets

_TEST_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_TEST_BLOCK = 7
# Numbers that begin so move by themselves through a made-up course.
_RESERVED_BLOCKS = ("AAAAAAA", "BBBBBBB")
# Crockford's base 32: no I, L, O or U to be misread on a label.
_OWN_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_OWN_BLOCK = 5
_OWN_PREFIX = "OWN-"


def new_tracking_number(*, own_courier: bool) -> str:
    """A random number: real for an own courier, else a test number."""
    return tracking_number_from(secrets.token_hex(16), own_courier=own_courier)


def tracking_number_from(seed: str, *, own_courier: bool) -> str:
    """The number that belongs to a text, always the same one."""
    value = int.from_bytes(hashlib.sha256(seed.encode()).digest(), "big")
    if own_courier:
        body = _spell(value, _OWN_SIGNS, 2 * _OWN_BLOCK - 1)
        body += check_sign(body)
        return f"{_OWN_PREFIX}{body[:_OWN_BLOCK]}-{body[_OWN_BLOCK:]}"
    blocks = _spell(value, _TEST_SIGNS, 2 * _TEST_BLOCK)
    if blocks.startswith(_RESERVED_BLOCKS):
        return tracking_number_from(f"{seed} again", own_courier=own_courier)
    return f"PKGX-{blocks[:_TEST_BLOCK]}-{blocks[_TEST_BLOCK:]}"


def parcel_numbers(shipment_number: str, count: int) -> list[str]:
    """One number per parcel, all told by the shipment's, which is the first parcel's."""
    own_courier = shipment_number.startswith(_OWN_PREFIX)
    further = (f"{shipment_number} parcel {position}" for position in range(2, count + 1))
    return [shipment_number, *(tracking_number_from(seed, own_courier=own_courier) for seed in further)]


def check_sign(body: str) -> str:
    """The check digit of an own courier's number by the Luhn mod 32 rule; catches one wrong or two swapped signs."""
    total = 0
    for position, sign in enumerate(reversed(body)):
        doubled = _OWN_SIGNS.index(sign) * (2 - position % 2)
        total += doubled // len(_OWN_SIGNS) + doubled % len(_OWN_SIGNS)
    return _OWN_SIGNS[-total % len(_OWN_SIGNS)]


def _spell(value: int, signs: str, width: int) -> str:
    spelled = []
    for _ in range(width):
        value, sign = divmod(value, len(signs))
        spelled.append(signs[sign])
    return "".join(spelled)
