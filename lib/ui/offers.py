"""The rates worth pointing at, by the words on the screen."""

from collections.abc import Mapping, Sequence

from lib.models.rates import Rate
from lib.rating.selection import BEST_VALUE_RULE, Badge, badges
from lib.rating.services import BOOKS_ONLY

__all__ = ["BEST_VALUE_RULE", "badge_words", "best_offers", "remarks"]

_WORDS: dict[Badge, str] = {"cheapest": "Cheapest", "fastest": "Fastest", "best_value": "Best value"}


def badge_words(rates: Sequence[Rate]) -> dict[str, list[str]]:
    """Rate id to the words written at it."""
    return {rate_id: [_WORDS[badge] for badge in found] for rate_id, found in badges(rates).items()}


def best_offers(rates: Sequence[Rate]) -> Mapping[str, Rate]:
    """`Cheapest`, `Fastest` and `Best value` with their rates; one that no rate can be is left out."""
    by_id = {rate.id: rate for rate in rates}
    found = {word: by_id[rate_id] for rate_id, words in badge_words(rates).items() for word in words}
    return {word: found[word] for word in _WORDS.values() if word in found}


def remarks(rates: Sequence[Rate]) -> dict[str, list[str]]:
    """Rate id to what a table says beside it: its badges, and that it is for books and media only."""
    words = badge_words(rates)
    for rate in rates:
        if rate.service_level.id in BOOKS_ONLY:
            words.setdefault(rate.id, []).append("Books and media only")
    return words
