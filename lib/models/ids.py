"""Identifiers in the API's spelling: a prefix that tells the kind, then a random part."""

import os
import re

_ID = re.compile(r"[a-z]+_[0-9A-Za-z_]{1,99}")


def new_id(prefix: str) -> str:
    """A fresh identifier such as `ship_3f2a…`, with 128 random bits."""
    return f"{prefix}_{os.urandom(16).hex()}"


def looks_like_id(text: str, prefix: str) -> bool:
    """Whether `text` is spelled like an identifier of that kind, such as `loc_…`."""
    return text.startswith(f"{prefix}_") and _ID.fullmatch(text) is not None
