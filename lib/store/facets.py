"""Facets: what a list can be filtered by beyond the columns of its table, one row a value.

The words of a search are facets too: the index finds every word that begins as asked, alike on both databases.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from lib.store.tables import facets

SEARCH = "search"
TAG = "tag"
METADATA_PREFIX = "metadata."
_LONGEST = 255
_WORD = re.compile(r"[^\W_]+")
_LONGEST_WORD, _MOST_WORDS = 60, 80
_ROWS_AT_ONCE = 500
# Sorts after every word that begins alike.
_LAST = "\U0010ffff"


class Facet(NamedTuple):
    """One value of one name, such as `tag` → `fragile`."""

    name: str
    value: str


def metadata_facets(metadata: Mapping[str, Any]) -> Iterator[Facet]:
    """A facet for every plain value of a metadata object; nested values cannot be filtered by."""
    for key, value in metadata.items():
        if isinstance(value, str | int | float | bool):
            text = value if isinstance(value, str) else json.dumps(value)
            yield Facet(f"{METADATA_PREFIX}{key}"[:_LONGEST], text[:_LONGEST])


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


def write_facets(connection: sa.Connection, resource: str, owners: Mapping[str, Iterable[Facet]]) -> None:
    """Keep the facets of new owners, by their id."""
    rows = [
        {"resource": resource, "name": facet.name, "value": facet.value[:_LONGEST], "owner_id": owner}
        for owner, found in owners.items()
        for facet in dict.fromkeys(found)
    ]
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        connection.execute(sa.insert(facets), rows[start : start + _ROWS_AT_ONCE])


def replace_facets(connection: sa.Connection, resource: str, owner: str, found: Iterable[Facet]) -> None:
    """Make these the facets of an owner; only what differs is written."""
    wanted = {Facet(facet.name, facet.value[:_LONGEST]) for facet in found}
    owned = sa.and_(facets.c.owner_id == owner, facets.c.resource == resource)
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


def has_facet(table: sa.Table, resource: str, name: str, values: Iterable[str]) -> sa.ColumnElement[bool]:
    """The condition that a row of `table` has one of these values under that name."""
    wanted = [value[:_LONGEST] for value in values]
    return _owned(table, resource, name, facets.c.value.in_(wanted))


def matches_search(table: sa.Table, resource: str, text: str) -> sa.ColumnElement[bool]:
    """The condition that every word of `text` begins some word of the row."""
    words = search_words(text)
    if not words:
        return sa.false()
    return sa.and_(*(_owned(table, resource, SEARCH, _begins(word)) for word in words))


def words_found(
    connection: sa.Connection, resource: str, text: str, owners: sa.Select[Any]
) -> Iterator[tuple[str, str]]:
    """Owner and word for every word, of the owners whose ids a query finds, that some word of `text` begins."""
    wanted = sa.select(facets.c.owner_id, facets.c.value).where(
        facets.c.resource == resource,
        facets.c.name == SEARCH,
        facets.c.owner_id.in_(owners),
        sa.or_(*(_begins(word) for word in search_words(text))),
    )
    return (tuple(row) for row in connection.execute(wanted))


def _begins(word: str) -> sa.ColumnElement[bool]:
    return sa.and_(facets.c.value >= word, facets.c.value < f"{word}{_LAST}")


def _owned(table: sa.Table, resource: str, name: str, condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    owners = sa.select(facets.c.owner_id).where(facets.c.resource == resource, facets.c.name == name, condition)
    return table.c.id.in_(owners)
