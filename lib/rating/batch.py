"""Rating many shipments at once, by the same code that rates one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from lib.address.zips import split_zip
from lib.models.options import PROVIDERS
from lib.models.team import TeamSettings
from lib.rating.cards.book import CardBook
from lib.rating.cards.pricing import with_cards
from lib.rating.delivery import transit
from lib.rating.lots import OWN_BOX, UNKNOWN_ZIP, Bools, Floats, Ints, Lot, make_lot
from lib.rating.providers import REGISTRY

# Few enough that the columns of a service stay in the processor's cache: 100,000 at once took half as long again.
_CHUNK = 8_192

Days = NDArray[np.int16]
# Of one service: the first row, the column, and what stands there. Nothing else of a chunk is kept.
_Part = tuple[int, int, Ints, Days]


@dataclass(frozen=True, slots=True)
class RateTable:
    """Prices of shipments [S] by service [K].

    `cents` [S, K] is NO_PRICE (-1) where a service is not offered; `min_days` and `max_days` [S, K] are business days,
    -1 where none are published.
    """

    services: tuple[str, ...]
    cents: Ints
    min_days: Days
    max_days: Days

    @property
    def rates(self) -> int:
        """How many prices there are in the table."""
        return int(np.count_nonzero(self.cents >= 0))


def rate_many(
    *,
    origin_zip: Ints,
    destination_zip: Ints,
    weight: Floats,
    sides: Floats,
    residential: Bools,
    on: date,
    team: TeamSettings,
    package: Ints | None = None,
    owner: Ints | None = None,
    nonstandard: Bools | None = None,
    providers: Sequence[str] = PROVIDERS,
    cards: CardBook = CardBook.EMPTY,
) -> RateTable:
    """Price shipments that leave on one day with every service of the providers.

    By shipment [S]: five-digit ZIPs as numbers (see `zip_numbers`) and whether the recipient is a residence. By
    parcel [P]: pounds, sides [P, 3] in inches, package (`lots.package_index`; all own boxes when left out), owner,
    the row of its shipment, ascending from 0 (one parcel each when left out), and whether it is no closed cardboard
    box (`Lot.nonstandard`). Weights and sizes that are none have no price; `cards` are the team's rate cards.

    Raises ValueError when `owner` skips a shipment.
    """
    packages = np.full(len(weight), OWN_BOX, np.int64) if package is None else package
    owners = np.arange(len(origin_zip), dtype=np.int64) if owner is None else owner
    columns: dict[str, int] = {}
    parts: list[_Part] = []
    for first in range(0, len(origin_zip), _CHUNK):
        last = min(first + _CHUNK, len(origin_zip))
        low, high = np.searchsorted(owners, [first, last])
        lot = make_lot(
            on=on,
            team=team,
            origin_zip=origin_zip[first:last],
            destination_zip=destination_zip[first:last],
            residential=residential[first:last],
            weight=weight[low:high],
            sides=sides[low:high],
            package=packages[low:high],
            owner=None if owner is None else owners[low:high] - first,
            nonstandard=None if nonstandard is None else nonstandard[low:high],
            cards=cards,
        )
        for service, cents, days in _price(lot, providers):
            parts.append((first, columns.setdefault(service, len(columns)), cents, days))
    return _table(len(origin_zip), columns, parts)


def _price(lot: Lot, providers: Sequence[str]) -> Iterator[tuple[str, Ints, Days]]:
    for code in providers:
        for prices in with_cards(lot, REGISTRY[code].price(lot)).prices:
            yield prices.service.id, prices.total, transit(lot, prices).astype(np.int16)


def _table(shipments: int, columns: dict[str, int], parts: list[_Part]) -> RateTable:
    shape = shipments, len(columns)
    cents = np.full(shape, -1, np.int64, order="F")
    min_days = np.full(shape, -1, np.int16, order="F")
    max_days = np.full(shape, -1, np.int16, order="F")
    for first, column, total, days in parts:
        rows = slice(first, first + len(total))
        cents[rows, column] = total
        min_days[rows, column], max_days[rows, column] = days[:, 0], days[:, 1]
    return RateTable(tuple(columns), cents, min_days, max_days)


def zip_numbers(zips: Sequence[str]) -> Ints:
    """ZIPs or ZIP+4s as numbers; UNKNOWN_ZIP for text that is neither, which no carrier prices."""
    parts = [split_zip(text) for text in zips]
    return np.array([int(each[0]) if each else UNKNOWN_ZIP for each in parts], np.int64)
