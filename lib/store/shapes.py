"""The shape of a document: what can be in it, but for the values.

Rows keep it beside their documents, so that whoever wants to know every field that a million documents have needs to
look at one document of each shape only.
"""

import hashlib
from typing import Any

import msgspec

# What its owner puts into it is free: nothing says beforehand whether a field there has parts.
FREE_FORM = "metadata"
_BYTES = 8


def shape_of(document: str) -> int:
    """A number that two documents share when they have the same fields, and lists of the same lengths.

    What the items of a list have is taken together. No value counts as any other value, except in what is free.
    """
    structure = msgspec.json.encode(_structure(msgspec.json.decode(document), False))
    return int.from_bytes(hashlib.blake2b(structure, digest_size=_BYTES).digest(), signed=True)


def _structure(value: Any, free: bool) -> Any:
    if type(value) is dict:
        return {name: _structure(part, free or name == FREE_FORM) for name, part in value.items()}
    if type(value) is list:
        together: Any = None
        for item in value:
            together = _together(together, _structure(item, free))
        return [len(value), together]
    return 1 if free and value is not None else 0


def _together(one: Any, other: Any) -> Any:
    """Everything that either of two structures has; None is nothing yet."""
    if one is None or other is None or one == other:
        return other if one is None else one
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **{name: _together(one.get(name, part), part) for name, part in other.items()}}
    if _is_list(one) and _is_list(other):
        return [max(one[0], other[0]), _together(one[1], other[1])]
    return ["or", one, other]


def _is_list(structure: Any) -> bool:
    return isinstance(structure, list) and isinstance(structure[0], int)
