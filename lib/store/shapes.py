"""The shape of a document: what can be in it, but for the values.

Rows keep it beside their documents, so that whoever wants to know every field that a million documents have needs to
look at one document of each shape only.
"""

import hashlib
from itertools import groupby
from typing import Any

import msgspec

# What is put into these is free: nothing says beforehand whether a field there has parts.
FREE_FORM = frozenset({"metadata", "matches", "error_details"})
_BYTES = 8


def shape_of(document: str | bytes) -> int:
    """A number that two documents share when they have the same fields in the same order, in every item of lists too.

    No value counts as any other value, except in what is free.
    """
    structure = msgspec.json.encode(_structure(msgspec.json.decode(document), False))
    return int.from_bytes(hashlib.blake2b(structure, digest_size=_BYTES).digest(), signed=True)


def _structure(value: Any, free: bool) -> Any:
    if type(value) is dict:
        return {name: _structure(part, free or name in FREE_FORM) for name, part in value.items()}
    if type(value) is list:
        return [[len(list(same)), item] for item, same in groupby(_structure(item, free) for item in value)]
    return 1 if free and value is not None else 0
