"""Values one by one, for the few documents and lists that are not found by a skeleton."""

from collections.abc import Iterator
from typing import Any

import msgspec

from lib.exports.rows.skeleton import Path

# The values at the end of paths, as JSON.
Leaves = tuple[tuple[Path, bytes], ...]

FAULTS = (UnicodeDecodeError, msgspec.DecodeError)
# Numbers stay as they are spelled.
_decode = msgspec.json.Decoder(float_hook=lambda spelled: msgspec.Raw(spelled.encode())).decode
_whole = msgspec.json.Decoder(dict[str, Any]).decode
_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def read(document: bytes | memoryview) -> dict[str, Any]:
    """The JSON object that a document is. Raises one of FAULTS when it is none."""
    str(document, "utf-8")
    return _whole(document)


def fault(document: bytes | memoryview) -> str | None:
    """What is wrong with a document that is no JSON object, None when it is one."""
    try:
        read(document)
    except FAULTS as error:
        return str(error)
    return None


def merged_leaves(document: bytes | memoryview) -> Leaves:
    """The fields of a document."""
    return tuple(((name,), bytes(value)) for name, value in _fields(document).items() if value != b"null")


def flattened_leaves(document: bytes | memoryview) -> Leaves:
    """All plain values of a document."""
    return tuple(_spread((), _decode(document)))


def list_leaves(values: bytes) -> Leaves:
    """All plain values of a list."""
    return tuple(_spread((), _decode(values)))


def _spread(path: Path, value: Any) -> Iterator[tuple[Path, bytes]]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _spread((*path, name), part)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _spread((*path, index), item)
    elif value is not None:
        yield path, msgspec.json.encode(value)
