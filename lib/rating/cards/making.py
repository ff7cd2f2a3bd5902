"""From stored cards to the book that the engine prices by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from lib.models.rate_cards import BandRow, ChangeRow, GridRow, RateCardWithRows
from lib.rating.cards.book import (
    Band,
    CardBook,
    CardHead,
    Change,
    ChangeCard,
    CourierCard,
    NegotiatedCard,
    newness,
)
from lib.rating.cards.cells import ALL_ZONES
from lib.rating.tariffs import NO_PRICE, GridKey, PriceGrid, Tariff

_BPS_PER_PERCENT = 100


@dataclass(frozen=True, slots=True)
class CardParts:
    """What one card puts into the book; made once per card, which never changes."""

    head: CardHead
    couriers: tuple[CourierCard, ...] = ()
    negotiated: tuple[NegotiatedCard, ...] = ()
    changes: tuple[ChangeCard, ...] = ()
    published: tuple[Tariff, ...] = ()


def card_parts(card: RateCardWithRows) -> CardParts:
    """The card as the engine uses it."""
    return CardParts(
        head=_head(card),
        couriers=tuple(_couriers(card)),
        negotiated=tuple(_negotiated(card)) if card.kind == "negotiated" else (),
        changes=tuple(_changes(card)),
        published=tuple(tariffs_of(card)) if card.kind == "published" else (),
    )


def make_book(parts: Iterable[CardParts]) -> CardBook:
    """The book of these cards; the empty one when there are none."""
    newest = sorted(parts, key=lambda each: newness(each.head), reverse=True)
    if not newest:
        return CardBook.empty()
    return CardBook(
        couriers=tuple(found for each in newest for found in each.couriers),
        negotiated=tuple(found for each in newest for found in each.negotiated),
        changes=tuple(found for each in newest for found in each.changes),
        published=tuple(found for each in newest for found in each.published),
    )


def _head(card: RateCardWithRows) -> CardHead:
    return CardHead(card.id, card.name, card.effective, card.until, card.created_at)


def _couriers(card: RateCardWithRows) -> list[CourierCard]:
    rows: dict[tuple[str, str, str], list[BandRow]] = {}
    for row in card.rows:
        if isinstance(row, BandRow):
            rows.setdefault((row.provider, row.courier, row.service_level), []).append(row)
    return [
        CourierCard(
            head=_head(card),
            provider=found[0].provider,
            courier=found[0].courier,
            service_level=found[0].service_level,
            bands=tuple(
                Band(row.max_weight_lb, row.max_miles, row.price)
                for row in sorted(found, key=lambda row: (row.price, row.max_miles, row.max_weight_lb))
            ),
        )
        for found in rows.values()
    ]


def _negotiated(card: RateCardWithRows) -> list[NegotiatedCard]:
    rows = [row for row in card.rows if isinstance(row, GridRow)]
    providers = dict.fromkeys(row.provider for row in rows)
    return [
        NegotiatedCard(_head(card), provider, _grids(row for row in rows if row.provider == provider))
        for provider in providers
    ]


def _changes(card: RateCardWithRows) -> list[ChangeCard]:
    rows = [row for row in card.rows if isinstance(row, ChangeRow)]
    if not rows or card.kind not in ("adjustment", "upcharge"):
        return []
    changes = [Change(row.provider, row.service, round(row.percent * _BPS_PER_PERCENT), row.amount) for row in rows]
    return [ChangeCard(_head(card), card.kind, tuple(sorted(changes, key=lambda each: -each.precision)))]


def tariffs_of(card: RateCardWithRows) -> list[Tariff]:
    """The price lists in a published card, one per carrier and list."""
    rows = [row for row in card.rows if isinstance(row, GridRow)]
    lists = dict.fromkeys((row.provider, row.price_list or "") for row in rows)
    return [
        Tariff(
            carrier=carrier,
            code=code,
            name=card.name,
            effective=card.effective,
            until=card.until,
            source=f"rate card {card.id}",
            note="",
            grids=_grids(row for row in rows if (row.provider, row.price_list or "") == (carrier, code)),
        )
        for carrier, code in lists
    ]


def _grids(rows: Iterable[GridRow]) -> dict[GridKey, PriceGrid]:
    found: dict[GridKey, list[GridRow]] = {}
    for row in rows:
        found.setdefault((row.service, row.package), []).append(row)
    return {key: _grid(key, group) for key, group in found.items()}


def _grid(key: GridKey, rows: Sequence[GridRow]) -> PriceGrid:
    names = {name for row in rows for name in row.prices}
    zones = sorted(0 if name == ALL_ZONES else int(name) for name in names)
    cents = np.full((len(rows), len(zones)), NO_PRICE, np.int32)
    for index, row in enumerate(rows):
        for column, zone in enumerate(zones):
            cents[index, column] = row.prices.get(str(zone) if zone else ALL_ZONES, NO_PRICE)
    weights = np.array([inf if row.max_weight_lb is None else row.max_weight_lb for row in rows], np.float64)
    return PriceGrid(key[0], key[1], weights, tuple(zones), cents)
