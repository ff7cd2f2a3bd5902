"""Facets: what a list can be filtered by beyond the columns of its table, one row a value.

The words of a search are facets too: the index finds every word that begins as asked, alike on both databases.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

import sqlalchemy as sa

from lib.store.dates import EVER, Range
from lib.store.tables import facets

SEARCH = "search"
TAG = "tag"
METADATA_PREFIX = "metadata."
LONGEST = 255
_WORD = re.compile(r"[^\W_]+")
_LONGEST_WORD, _MOST_WORDS = 60, 80
_FEW_WORDS = 20
_ROWS_AT_ONCE = 500
# Sorts after every word that begins alike.
_LAST = "\U0010ffff"


class Facet(NamedTuple):
    """One value of one name, such as `tag` → `fragile`."""

    name: str
    value: str


class Owner(NamedTuple):
    """Whose facets they are. Their rows repeat when the owner was created, so that a list finds the newest first."""

    id: str
    created_at: datetime


class Scope(NamedTuple):
    """How the conditions of a list are to find its rows.

    Only those created within `window` are of interest. `each` tells to try row after row, instead of looking for all
    that have what is wanted: quick where many have it. `words` are what `words_begun` found.
    """

    window: Range = EVER
    each: bool = False
    words: Mapping[str, Sequence[str]] = MappingProxyType({})


ANYWHERE = Scope()


def metadata_facets(metadata: Mapping[str, Any]) -> Iterator[Facet]:
    """A facet for every plain value of a metadata object; nested values cannot be filtered by."""
    for key, value in metadata.items():
        if isinstance(value, str | int | float | bool):
            text = value if isinstance(value, str) else json.dumps(value)
            yield Facet(f"{METADATA_PREFIX}{key}"[:LONGEST], text[:LONGEST])


def search_facets(*texts: str | None) -> Iterator[Facet]:
    """A facet for every word of these texts."""
    words = dict.fromkeys(word for text in texts if text for word in search_words(text))
    for word in list(words)[:_MOST_WORDS]:
        yield Facet(SEARCH, word)


def search_words(text: str) -> list[str]:
    """The words of a text as they are searched for: without case, accents and punctuation."""
    return [word[:_LONGEST_WORD] for word in _WORD.findall(plain(text))]


def plain(text: str) -> str:
    """A text without case and accents, as it is searched for and sorted by."""
    signs = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in signs if not unicodedata.combining(sign)).casefold()


def write_facets(connection: sa.Connection, resource: str, owners: Mapping[Owner, Iterable[Facet]]) -> None:
    """Keep the facets of new owners."""
    rows = [
        {
            "resource": resource,
            "name": facet.name,
            "value": facet.value[:LONGEST],
            "created_at": owner.created_at,
            "owner_id": owner.id,
        }
        for owner, found in owners.items()
        for facet in dict.fromkeys(found)
    ]
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        connection.execute(sa.insert(facets), rows[start : start + _ROWS_AT_ONCE])


def replace_facets(connection: sa.Connection, resource: str, owner: Owner, found: Iterable[Facet]) -> None:
    """Make these the facets of an owner; only what differs is written."""
    wanted = {Facet(facet.name, facet.value[:LONGEST]) for facet in found}
    owned = sa.and_(facets.c.owner_id == owner.id, facets.c.resource == resource)
    kept = {Facet(*row) for row in connection.execute(sa.select(facets.c.name, facets.c.value).where(owned))}
    for name, value in kept - wanted:
        connection.execute(sa.delete(facets).where(owned, facets.c.name == name, facets.c.value == value))
    write_facets(connection, resource, {owner: wanted - kept})


def delete_facets(connection: sa.Connection, resource: str, owner: str) -> None:
    """Forget every facet of an owner."""
    connection.execute(sa.delete(facets).where(facets.c.owner_id == owner, facets.c.resource == resource))


def delete_facets_of(connection: sa.Connection, resource: str, owners: sa.Select[Any]) -> None:
    """Forget every facet of the owners whose ids a query finds."""
    connection.execute(sa.delete(facets).where(facets.c.resource == resource, facets.c.owner_id.in_(owners)))


def has_facet(
    table: sa.Table, resource: str, name: str, values: Iterable[str], scope: Scope = ANYWHERE
) -> sa.ColumnElement[bool]:
    """The condition that a row of `table` has one of these values under that name."""
    wanted = [value[:LONGEST] for value in values]
    return _owned(table, resource, name, facets.c.value.in_(wanted), scope)


def matches_search(table: sa.Table, resource: str, text: str, scope: Scope = ANYWHERE) -> sa.ColumnElement[bool]:
    """The condition that every word of `text` begins some word of the row."""
    words = search_words(text)
    if not words:
        return sa.false()
    return sa.and_(*(_owned(table, resource, SEARCH, _begins(word, scope), scope) for word in words))


def words_found(
    connection: sa.Connection, resource: str, text: str, owners: sa.Select[Any]
) -> Iterator[tuple[str, str]]:
    """Owner and word for every word, of the owners whose ids a query finds, that some word of `text` begins."""
    wanted = sa.select(facets.c.owner_id, facets.c.value).where(
        facets.c.resource == resource,
        facets.c.name == SEARCH,
        facets.c.owner_id.in_(owners),
        sa.or_(*(_begins(word, ANYWHERE) for word in search_words(text))),
    )
    return (tuple(row) for row in connection.execute(wanted))


def words_begun(connection: sa.Connection, resource: str, text: str) -> dict[str, Sequence[str]]:
    """By each word of a search the kept words that it begins, where those are few.

    With them the index leads to the rows of some weeks alone; by the beginning it leads to those of all times.
    """
    found = {word: connection.scalars(_kept_words(resource, word)).all() for word in search_words(text)}
    return {word: kept for word, kept in found.items() if len(kept) <= _FEW_WORDS}


def _kept_words(resource: str, beginning: str) -> sa.Select[str]:
    """The different words that begin so, one more than a few: each is one step in the index from the one before."""

    def next_after(after: sa.ColumnElement[bool]) -> sa.Select[str]:
        named = sa.and_(facets.c.resource == resource, facets.c.name == SEARCH)
        return sa.select(sa.func.min(facets.c.value)).where(named, after, facets.c.value < f"{beginning}{_LAST}")

    words = next_after(facets.c.value >= beginning).cte("words", recursive=True)
    word = words.c[0]
    step = sa.select(next_after(facets.c.value > word).correlate(words).scalar_subquery()).where(word.is_not(None))
    words = words.union_all(step)
    return sa.select(words.c[0]).where(words.c[0].is_not(None)).limit(_FEW_WORDS + 1)


def _begins(word: str, scope: Scope) -> sa.ColumnElement[bool]:
    if word in scope.words:
        return facets.c.value.in_(scope.words[word])
    return sa.and_(facets.c.value >= word, facets.c.value < f"{word}{_LAST}")


def _owned(
    table: sa.Table, resource: str, name: str, condition: sa.ColumnElement[bool], scope: Scope
) -> sa.ColumnElement[bool]:
    named = sa.and_(facets.c.resource == resource, facets.c.name == name, condition)
    if scope.each:
        own = sa.select(facets.c.owner_id).where(facets.c.owner_id == table.c.id, named).limit(1)
        # PostgreSQL would make a join of an EXISTS and read everyone who has it.
        return own.correlate(table).scalar_subquery().is_not(None)
    owners = sa.select(facets.c.owner_id).where(named, scope.window.holds(facets.c.created_at))
    return table.c.id.in_(owners)
