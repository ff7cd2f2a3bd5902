"""What a search found, ordered by how well it was found. Ranked in the process, so that both databases agree."""

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

import sqlalchemy as sa

from lib.models.base import Document
from lib.models.errors import InvalidRequest
from lib.models.lists import ListQuery, Page
from lib.store.documents import Documents
from lib.store.facets import SEARCH, plain, search_words, words_found
from lib.store.filters import compile_filters

Model = TypeVar("Model", bound=Document)

RELEVANCE, SIMILARITY = "_relevance", "_similarity"
RANKS = (RELEVANCE, SIMILARITY)


def ranked_page(engine: sa.Engine, documents: Documents[Model], query: ListQuery) -> Page[Model]:
    """A page of what the query's `search` found, the best first unless asked otherwise; ties by name, then by id.

    `_relevance` adds up, over the words searched for, how much of the nearest word that begins so was typed, from 0
    to 1. `_similarity` compares the search with the name as a whole, from 0 to 1. Raises InvalidRequest.
    """
    text = query.filters.get(SEARCH, "")
    if not search_words(text):
        raise InvalidRequest(
            f"order_by: {query.order_by} orders what a search found; give {SEARCH} too.",
            fields=["order_by"],
            code="invalid_order",
        )
    table = documents.table
    found = sa.select(table.c.id).where(*compile_filters(table, query.filters))
    best_first = -1 if query.direction != "asc" else 1
    with engine.connect() as connection:
        names = {row.id: row.name_key for row in connection.execute(found.add_columns(table.c.name_key))}
        if query.order_by == SIMILARITY:
            ranks = _similarity(text, names)
        else:
            ranks = _relevance(text, words_found(connection, documents.resource, text, found))
        ordered = sorted(
            (best_first * ranks.get(identifier, 0), name, identifier) for identifier, name in names.items()
        )
        wanted = [identifier for *_, identifier in ordered[(query.page - 1) * query.limit :][: query.limit]]
        kept = documents.some(connection, table.c.id.in_(wanted))
    items = [kept[identifier] for identifier in wanted if identifier in kept]
    return Page(items=items, page=query.page, limit=query.limit, total_count=len(ordered))


def _relevance(text: str, found: Iterable[tuple[str, str]]) -> dict[str, float]:
    words = dict.fromkeys(search_words(text))
    nearest: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(words, 0.0))
    for owner, word in found:
        for typed in words:
            if word.startswith(typed):
                nearest[owner][typed] = max(nearest[owner][typed], len(typed) / len(word))
    return {owner: sum(best.values()) for owner, best in nearest.items()}


def _similarity(text: str, names: Mapping[str, str]) -> dict[str, float]:
    compared = difflib.SequenceMatcher(b=plain(text).strip(), autojunk=False)
    ratios = {}
    for owner, name in names.items():
        compared.set_seq1(name)
        ratios[owner] = compared.ratio()
    return ratios
