"""The rates worth pointing at, by the words on the screen."""

from collections.abc import Mapping, Sequence

from lib.address.countries import HOME_COUNTRY
from lib.address.local_time import arrival, moment_words
from lib.models.rates import Rate
from lib.models.shipments import Shipment
from lib.rating.selection import BEST_VALUE_RULE, Badge, badges
from lib.rating.services import BOOKS_ONLY
from lib.ui.formats import money, plain

__all__ = ["BEST_VALUE_RULE", "arrival_zone", "badge_words", "best_offers", "list_price", "remarks", "when"]

_AT_COUNTER = {"pickup": "Collected at your counter", "received": "Handed over at your counter"}
_WORDS: dict[Badge, str] = {"cheapest": "Cheapest", "fastest": "Fastest", "best_value": "Best value"}


def badge_words(rates: Sequence[Rate]) -> dict[str, list[str]]:
    """Rate id to the words written at it. Where any rate is delivered, those at the counter do not compete."""
    delivered = [rate for rate in rates if rate.type not in _AT_COUNTER]
    return {rate_id: [_WORDS[badge] for badge in found] for rate_id, found in badges(delivered or rates).items()}


def best_offers(rates: Sequence[Rate]) -> Mapping[str, Rate]:
    """`Cheapest`, `Fastest` and `Best value` with their rates; one that no rate can be is left out."""
    by_id = {rate.id: rate for rate in rates}
    found = {word: by_id[rate_id] for rate_id, words in badge_words(rates).items() for word in words}
    return {word: found[word] for word in _WORDS.values() if word in found}


def remarks(rates: Sequence[Rate]) -> dict[str, list[str]]:
    """Rate id to what a table says beside it: its badges, books and media only, no delivery to the door."""
    words = badge_words(rates)
    for rate in rates:
        if rate.service_level.id in BOOKS_ONLY:
            words.setdefault(rate.id, []).append("Books and media only")
        if rate.type in _AT_COUNTER:
            words.setdefault(rate.id, []).append(_AT_COUNTER[rate.type])
    return words


def when(rate: Rate, shipment: Shipment) -> str:
    """When it is there: `Tue, Nov 24, by 8 pm` at the recipient; when it can be had at the sender's counter."""
    moment = rate.service_level.estimated_delivery
    if rate.type not in _AT_COUNTER or moment is None:
        return arrival(moment, arrival_zone(shipment))
    return f"{_AT_COUNTER[rate.type]}, ready {moment_words(moment, shipment.sender.address.timezone)}"


def arrival_zone(shipment: Shipment) -> str | None:
    """The time zone in which a shipment arrives; abroad, where it may not be known, by the sender's clock."""
    recipient, sender = shipment.recipient.address, shipment.sender.address
    return recipient.timezone or (None if recipient.country_code == HOME_COUNTRY else sender.timezone)


def list_price(rate: Rate) -> str:
    """The published price as Markdown where the customer pays another one: struck through when that is less."""
    if rate.retail_amount is None or rate.retail_amount == rate.amount:
        return ""
    words = plain(money(rate.retail_amount))
    return f"list price ~~{words}~~" if rate.retail_amount > rate.amount else f"list price {words}"
