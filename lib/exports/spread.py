"""Spreading decoded documents over columns: the values of every leaf, for a batch of documents at once.

A place becomes the type that decodes it, which refuses what the place was not known to have; so nothing that came to
the documents later can be lost unnoticed.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from types import GenericAlias
from typing import Any, Protocol

import msgspec

from lib.exports.structure import Place

Values = Sequence[Any]
Scalar = str | int | float | bool | None
NULL = msgspec.Raw(b"null")
_NOTHING = (b"null", b"{}", b"[]")
_PLAIN = b""


class Outgrown(Exception):
    """Documents have something that the places they were to be spread over did not have."""


class Spread(Protocol):
    """How a place is decoded, and its values spread."""

    kind: Any

    def columns(self, values: Values) -> Iterator[Values]:
        """The values of each leaf, in the order of `Place.leaves`. Raises Outgrown."""
        ...


class _Leaf:
    kind: Any = Scalar

    def columns(self, values: Values) -> Iterator[Values]:
        yield values


class _Record:
    def __init__(self, place: Place) -> None:
        self._parts = [spread(part) for part in place.parts.values()]
        fields = [(f"f{index}", part.kind, _missing(part.kind)) for index, part in enumerate(self._parts)]
        names = {f"f{index}": name for index, name in enumerate(place.parts)}
        record = msgspec.defstruct("Record", fields, rename=names, gc=False, forbid_unknown_fields=True)
        self.kind: Any = record | None
        self._empty = record()

    def columns(self, values: Values) -> Iterator[Values]:
        records = [self._empty if value is None else value for value in values] if None in values else values
        columns = zip(*map(msgspec.structs.astuple, records), strict=True)
        for part, parts in zip(self._parts, columns, strict=True):
            yield from part.columns(parts)
        if not self._parts:
            yield [None] * len(values)


class _List:
    def __init__(self, place: Place) -> None:
        self._items, self._length = spread(place.items or Place()), place.length
        self.kind: Any = GenericAlias(list, (self._items.kind,)) | None

    def columns(self, values: Values) -> Iterator[Values]:
        missing = _missing(self._items.kind)
        columns = list(zip_longest(*(value or () for value in values), fillvalue=missing))
        if len(columns) > self._length:
            raise Outgrown
        columns += [(missing,) * len(values)] * (self._length - len(columns))
        for column in columns:
            yield from self._items.columns(column)
        if not self._length:
            yield [None] * len(values)


class _Mixed:
    """Where some documents have a plain value, others parts or a list: each is told by how its JSON begins."""

    kind: Any = msgspec.Raw

    def __init__(self, place: Place) -> None:
        forms: tuple[tuple[bool, bytes, Callable[[], Spread]], ...] = (
            (place.is_leaf, _PLAIN, _Leaf),
            (bool(place.parts), b"{", lambda: _Record(place)),
            (bool(place.length), b"[", lambda: _List(place)),
        )
        self._forms = {start: form() for known, start, form in forms if known}
        self._decoders = {start: msgspec.json.Decoder(form.kind).decode for start, form in self._forms.items()}

    def columns(self, values: Values) -> Iterator[Values]:
        texts = [bytes(value) for value in values]
        starts = [_start(text) for text in texts]
        if not self._forms.keys() >= set(starts) - {None}:
            raise Outgrown
        for wanted, form in self._forms.items():
            decode = self._decoders[wanted]
            found = [decode(text) if start == wanted else None for text, start in zip(texts, starts, strict=True)]
            yield from form.columns(found)


def spread(place: Place) -> Spread:
    """How that place is decoded and spread."""
    if place.has_value + place.has_record + place.has_list > 1:
        return _Mixed(place)
    if place.has_record:
        return _Record(place)
    return _List(place) if place.has_list else _Leaf()


def _start(text: bytes) -> bytes | None:
    """How a JSON value begins that is a record or a list, nothing for a plain value; None where there is none."""
    if text in _NOTHING:
        return None
    return text[:1] if text[:1] in (b"{", b"[") else _PLAIN


def _missing(kind: Any) -> Any:
    return NULL if kind is msgspec.Raw else None
