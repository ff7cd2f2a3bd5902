"""Identifiers in the API's spelling: a prefix that tells the kind, then a sortable random part."""

import re
import uuid

# Twenty-two letters and digits: 128 bits in base 62.
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_WIDTH = 22
_ID = re.compile(r"[a-z]+(?:_[a-z]+)?_[0-9A-Za-z]{1,64}")


def new_id(prefix: str) -> str:
    """A fresh identifier such as `ship_2bGk…`; never handed out twice."""
    number = uuid.uuid4().int
    digits = []
    for _ in range(_WIDTH):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return f"{prefix}_{''.join(reversed(digits))}"


def looks_like_id(text: str, prefix: str) -> bool:
    """Whether `text` is spelled like an identifier of that kind, such as `loc_…`."""
    return text.startswith(f"{prefix}_") and _ID.fullmatch(text) is not None
