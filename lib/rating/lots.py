"""Shipments to price, as arrays: one row per shipment, one row per parcel."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from lib.models.team import TeamSettings
from lib.rating.cards.book import CardBook
from lib.rating.packages import PACKAGES, Package
from lib.rating.zones import MILITARY

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_Number = TypeVar("_Number", np.int64, np.bool_)

OWN_BOX = -1
UNKNOWN_ZIP = -1
# Parcel rows look packages up by index; the row after the last one is a box of the sender's own (index -1).
PACKAGE_LIST: tuple[Package, ...] = tuple({package.code: package for package in PACKAGES.values()}.values())
_INDEX = {package.code: index for index, package in enumerate(PACKAGE_LIST)}
_FOLD_TOLERANCE = 1e-9
_LAST_ZIP = 99_999
_FIRST = np.ones(1, np.bool_)
# An unknown prefix (-1) reads the last row.
_IS_MILITARY = np.isin(np.arange(1001), sorted(MILITARY))
# Beyond these nothing is carried, and products of sides stay finite.
_MOST_LB, _MOST_IN = 1e6, 1e5


@dataclass(frozen=True, slots=True)
class Lot:
    """Shipments that leave on one day for one team.

    By shipment [S]: five-digit ZIPs as numbers (UNKNOWN_ZIP where there is none), their three-digit prefixes (negative
    where there is none), whether one of them is military, whether the recipient is a residence, and `starts`, the
    first of its parcels, of which it has at least one.

    By parcel [P], in the order of the shipments: `owner` (row of its shipment), weight in pounds, `sides` [P, 3] in
    inches, longest first, and `package` (index into PACKAGE_LIST, or OWN_BOX; `packages` are those that occur).
    `nonstandard` marks packaging of the sender's own that is no closed box of corrugated cardboard, such as tubes,
    cans, tires and wooden or metal cases; None where no parcel has such.

    `leaves_at` is the moment of the pickup in the sender's time zone, None where only the day is known;
    `cards` are the team's rate cards.
    """

    on: date
    team: TeamSettings
    origin_zip: Ints
    destination_zip: Ints
    origin_zip3: Ints
    destination_zip3: Ints
    military: Bools
    residential: Bools
    owner: Ints
    starts: Ints
    weight: Floats
    sides: Floats
    package: Ints
    packages: tuple[int, ...]
    nonstandard: Bools | None = None
    leaves_at: datetime | None = None
    cards: CardBook = CardBook.EMPTY

    @property
    def _single(self) -> bool:
        return len(self.starts) == len(self.owner)

    def by_parcel(self, values: NDArray[_Number]) -> NDArray[_Number]:
        """[S] spread to [P]."""
        return values if self._single else values[self.owner]

    def sums(self, values: Ints) -> Ints:
        """[P] added up to [S]."""
        return values if self._single else np.add.reduceat(values, self.starts)

    def packed_in(self, indexes: frozenset[int]) -> Bools | None:
        """[P] whether a parcel is packed in one of these, None when all of them are."""
        inside = [index for index in self.packages if index in indexes]
        if len(inside) == len(self.packages):
            return None
        found = np.zeros(len(self.package), np.bool_)
        for index in inside:
            found |= self.package == index
        return found

    def every(self, values: Bools) -> Bools:
        """[P] to [S]: whether it holds for every parcel."""
        return values if self._single else np.logical_and.reduceat(values, self.starts)

    def some(self, values: Bools) -> Bools:
        """[P] to [S]: whether it holds for some parcel."""
        return values if self._single else np.logical_or.reduceat(values, self.starts)


def package_index(code: str | None) -> int:
    """Index of a predefined package in PACKAGE_LIST, OWN_BOX for None. Raises KeyError."""
    return OWN_BOX if code is None else _INDEX[PACKAGES[code].code]


def make_lot(
    *,
    on: date,
    team: TeamSettings,
    origin_zip: Ints,
    destination_zip: Ints,
    residential: Bools,
    weight: Floats,
    sides: Floats,
    package: Ints,
    owner: Ints | None = None,
    nonstandard: Bools | None = None,
    leaves_at: datetime | None = None,
    cards: CardBook = CardBook.EMPTY,
) -> Lot:
    """A lot from plain arrays; without `owner` every parcel is a shipment of its own.

    Weights and sides that are not above zero (sides of predefined packages: below it) or beyond all measure become
    not-a-number, which no carrier prices.

    Raises ValueError when `owner` does not name every shipment in order.
    """
    shipments = len(origin_zip)
    if owner is None:
        owner = starts = np.arange(shipments, dtype=np.int64)
    else:
        starts = np.flatnonzero(np.concatenate([_FIRST, owner[1:] != owner[:-1]])).astype(np.int64)
    if len(owner) != len(weight) or len(starts) != shipments or not np.array_equal(owner[starts], np.arange(shipments)):
        raise ValueError("owner must number the shipments 0, 1, 2, … in order, one entry per parcel")
    bad = ~((sides >= 0) & (sides <= _MOST_IN)) | ((sides == 0) & (package == OWN_BOX)[:, None])
    weighed = (weight > 0) & (weight <= _MOST_LB) & ~bad.any(axis=1)
    origin_zip, destination_zip = _known_zips(origin_zip), _known_zips(destination_zip)
    origin_zip3, destination_zip3 = origin_zip // 100, destination_zip // 100
    return Lot(
        on=on,
        team=team,
        origin_zip=origin_zip,
        destination_zip=destination_zip,
        origin_zip3=origin_zip3,
        destination_zip3=destination_zip3,
        military=_IS_MILITARY[origin_zip3] | _IS_MILITARY[destination_zip3],
        residential=residential,
        owner=owner,
        starts=starts,
        weight=np.where(weighed, weight, np.nan),
        sides=longest_first(np.where(bad, np.nan, sides)),
        package=package,
        packages=tuple(int(index) for index in np.unique(package)),
        nonstandard=_nonstandard(nonstandard, package),
        leaves_at=leaves_at,
        cards=cards,
    )


def _known_zips(zips: Ints) -> Ints:
    return np.where((zips >= 0) & (zips <= _LAST_ZIP), zips, UNKNOWN_ZIP)


def _nonstandard(marked: Bools | None, package: Ints) -> Bools | None:
    if marked is None or not marked.any():
        return None
    found = marked & (_SENDERS_OWN[package] > 0)
    return found if found.any() else None


def longest_first(sides: Floats) -> Floats:
    """[P, 3] with each row sorted from the longest side down."""
    return np.sort(sides, axis=1)[:, ::-1]


def per_package(value: Callable[[Package], float], own_box: float) -> Floats:
    """A column by package that `lot.package` can index; `own_box` is what OWN_BOX reads."""
    return np.array([*(value(package) for package in PACKAGE_LIST), own_box], np.float64)


_SENDERS_OWN = per_package(lambda each: float(each.code.endswith("_custom_package")), 1.0)


def packages_where(test: Callable[[Package], bool], *, own_box: bool) -> frozenset[int]:
    """Indexes of the packages for which `test` holds, with a box of the sender's own or without."""
    found = {index for index, package in enumerate(PACKAGE_LIST) if test(package)}
    return frozenset(found | {OWN_BOX} if own_box else found)


def up(values: Floats) -> Floats:
    """Rounded up to whole numbers, where a hair above a whole number (float noise) is that number."""
    return np.ceil(values - _FOLD_TOLERANCE)
