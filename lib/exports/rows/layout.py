"""How documents become rows: the columns that a file has, and the parts that it is made of."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Protocol

import polars as pl

from lib.exports.rows.documents import Documents


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the file: its name in the header, whether its texts are instants, its JSON lists of names."""

    name: str
    is_instant: bool = False
    is_names: bool = False


def unique_names(fields: Sequence[Field]) -> list[str]:
    """The names of the fields; where leaves that differ are spelled alike, such as `a.b` and `b` of `a`, numbered."""
    names: dict[str, None] = {}
    for each in fields:
        spelled = chain([each.name], (f"{each.name} ({number})" for number in count(2)))
        names[next(name for name in spelled if name not in names)] = None
    return list(names)


@dataclass(frozen=True, slots=True)
class Part:
    """A batch taken apart: `rows` are those of `ids`; `faults` says by the ids of the others why they have none.

    `rows` has one column of text per field, null where there is no value. Instants are as they are stored. The columns
    named in `json` have JSON as it is spelled; of them those in `mixed` texts too, in their quotes. Those in `may_run`
    have a text that begins as a formula does, those in `empty` have nothing.
    """

    ids: Sequence[str]
    rows: pl.DataFrame
    json: AbstractSet[str] = frozenset()
    mixed: AbstractSet[str] = frozenset()
    may_run: AbstractSet[str] = frozenset()
    empty: AbstractSet[str] = frozenset()
    faults: dict[str, str] = field(default_factory=dict)


def column_name(index: int) -> str:
    """The name of the column of rows that a field has."""
    return f"c{index}"


class Layout(Protocol):
    """How documents become rows."""

    @property
    def fields(self) -> Sequence[Field]: ...

    def parts(self, batches: Iterable[Documents]) -> Iterator[Part]:
        """The part of the file that each batch is. Raises Outgrown for documents with what no field is for."""
        ...
