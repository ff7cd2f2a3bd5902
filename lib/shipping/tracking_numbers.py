"""The making of tracking numbers. Whether a number is free is for the table of purchases to say."""

import hashlib
import secrets

from lib.tracking.own_numbers import (
    DELIVERED_BLOCK,
    OWN_BLOCK,
    OWN_PREFIX,
    OWN_SIGNS,
    PICKED_UP_BLOCK,
    TEST_BLOCK,
    TEST_PREFIX,
    TEST_SIGNS,
    check_sign,
)


def new_tracking_number(*, own_courier: bool) -> str:
    """A random number: real for an own courier, else a test number."""
    return tracking_number_from(secrets.token_hex(16), own_courier=own_courier)


def tracking_number_from(seed: str, *, own_courier: bool) -> str:
    """The number that belongs to a text, always the same one."""
    value = int.from_bytes(hashlib.sha256(seed.encode()).digest(), "big")
    if own_courier:
        body = _spell(value, OWN_SIGNS, 2 * OWN_BLOCK - 1)
        body += check_sign(body)
        return f"{OWN_PREFIX}{body[:OWN_BLOCK]}-{body[OWN_BLOCK:]}"
    blocks = _spell(value, TEST_SIGNS, 2 * TEST_BLOCK)
    if blocks.startswith((DELIVERED_BLOCK, PICKED_UP_BLOCK)):
        return tracking_number_from(f"{seed} again", own_courier=own_courier)
    return f"{TEST_PREFIX}{blocks[:TEST_BLOCK]}-{blocks[TEST_BLOCK:]}"


def parcel_numbers(shipment_number: str, count: int) -> list[str]:
    """One number per parcel, all told by the shipment's, which is the first parcel's."""
    own_courier = shipment_number.startswith(OWN_PREFIX)
    further = (f"{shipment_number} parcel {position}" for position in range(2, count + 1))
    return [shipment_number, *(tracking_number_from(seed, own_courier=own_courier) for seed in further)]


def _spell(value: int, signs: str, width: int) -> str:
    spelled = []
    for _ in range(width):
        value, sign = divmod(value, len(signs))
        spelled.append(signs[sign])
    return "".join(spelled)
