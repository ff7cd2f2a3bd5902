"""Carriers' published price lists, one CSV per carrier and list under ``tables/``.

A list file opens with ``# key: value`` lines (carrier, code, name, effective, until, source, note)
and continues as CSV: ``service,package,weight_max_lb`` and one column per zone, whole cents, an
empty cell where the carrier publishes no price. The column ``all`` holds prices without zones and
is zone 0 here; an empty weight is a row without an upper limit. Users load their own newer list
from a file of the same layout with :func:`read_tariff`.
"""

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

NO_PRICE = -1
TABLES = Path(__file__).parent / "tables"

_CARRIER_PREFIXES = ("fedex_", "ups_", "usps_")
_ALL_ZONES = "all"
_WEIGHT_TOLERANCE_LB = 1e-9
_KEY_COLUMNS = ["service", "package", "weight_max_lb"]
_REQUIRED = ("carrier", "code", "name", "effective", "source")
_HIGHEST_ZONE = 127
_MOST_CENTS = 2**31 - 1

GridKey = tuple[str, str]


class TariffError(ValueError):
    """A price list file that cannot be read; the message names the line."""


@dataclass(frozen=True, slots=True)
class PriceGrid:
    """Prices of one service and package: weights down, zones across.

    ``weights`` float64[rows] are ascending upper bounds in pounds (inf = no limit), ``zones`` the
    column zones (0 = price without zones), ``cents`` int32[rows, columns] with NO_PRICE in gaps.
    """

    service: str
    package: str
    weights: NDArray[np.float64]
    zones: tuple[int, ...]
    cents: NDArray[np.int32]

    def cents_for(self, weight_lb: NDArray[np.float64], zone: NDArray[np.integer]) -> NDArray[np.int64]:
        """Price each (weight, zone) pair; both broadcast, the result has the common shape.

        Takes the first row whose bound reaches the weight. NO_PRICE where the weight is above the
        last row, not a number or not positive, or where the list has no such zone. A grid without
        zones ignores the zone.
        """
        weight, zones = np.broadcast_arrays(np.asarray(weight_lb, np.float64), np.asarray(zone))
        row = np.searchsorted(self.weights, weight - _WEIGHT_TOLERANCE_LB, side="left")
        column = self._columns(zones)
        known = (row < len(self.weights)) & (column >= 0) & (weight > 0)
        row, column = np.where(known, row, 0), np.where(known, column, 0)
        prices = self.cents[row, column].astype(np.int64)
        return np.where(known, prices, NO_PRICE).astype(np.int64, copy=False)

    def _columns(self, zone: NDArray[np.integer]) -> NDArray[np.int64]:
        """Column index per zone, -1 where the list has no such zone."""
        if self.zones == (0,):
            return np.zeros(zone.shape, np.int64)
        columns = np.full(_HIGHEST_ZONE + 1, -1, np.int64)
        columns[list(self.zones)] = np.arange(len(self.zones))
        inside = (zone >= 0) & (zone <= _HIGHEST_ZONE)
        return np.where(inside, columns[np.where(inside, zone, 0)], -1)


@dataclass(frozen=True, slots=True)
class Tariff:
    """One published price list. ``until`` is its last day, None while no end is published."""

    carrier: str
    code: str
    name: str
    effective: date
    until: date | None
    source: str
    note: str
    grids: Mapping[GridKey, PriceGrid]

    def covers(self, day: date) -> bool:
        """Tell whether the list is in effect on that day."""
        return self.effective <= day and (self.until is None or day <= self.until)

    def has_service(self, service: str) -> bool:
        """Tell whether the list prices the service at all."""
        return any(key[0] == service for key in self.grids)


def read_tariff(source: Path | str) -> Tariff:
    """Read one price list from a file, or from its text when given a string.

    Raises:
        TariffError: the header or a row does not fit the layout of this module.

    """
    text = source.read_text(encoding="utf-8") if isinstance(source, Path) else source
    lines = text.splitlines()
    start = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    header = _header(lines[:start])
    try:
        effective = date.fromisoformat(header["effective"])
        until_text = header.get("until", "null")
        until = None if until_text in {"null", ""} else date.fromisoformat(until_text)
    except ValueError as error:
        message = f"The dates in the header are not year-month-day: {error}"
        raise TariffError(message) from error
    return Tariff(
        carrier=header["carrier"],
        code=header["code"],
        name=header["name"],
        effective=effective,
        until=until,
        source=header["source"],
        note=header.get("note", ""),
        grids=_grids(lines[start:], start + 1),
    )


def _header(lines: Iterable[str]) -> dict[str, str]:
    pairs = (line.lstrip("# ").partition(":") for line in lines)
    header = {key.strip(): value.strip() for key, _, value in pairs}
    missing = [key for key in _REQUIRED if not header.get(key)]
    if missing:
        message = f"The header of the price list lacks: {', '.join(missing)}"
        raise TariffError(message)
    return header


def _grids(lines: list[str], first_line: int) -> dict[GridKey, PriceGrid]:
    table = csv.reader(lines)
    columns = next(table, [])
    if columns[:3] != _KEY_COLUMNS or len(columns) < len(_KEY_COLUMNS) + 1:
        message = f"Line {first_line} must name {', '.join(_KEY_COLUMNS)} and the zones"
        raise TariffError(message)
    zones = _zones(columns[3:], first_line)
    rows: dict[GridKey, list[int]] = {}
    weights: list[float] = []
    prices: list[list[int]] = []
    for number, cells in enumerate(table, first_line + 1):
        if not cells:
            continue
        if len(cells) != len(columns):
            message = f"Line {number} has {len(cells)} cells, the header {len(columns)}"
            raise TariffError(message)
        try:
            weight = float(cells[2]) if cells[2] else math.inf
            cents = [int(cell) if cell else NO_PRICE for cell in cells[3:]]
        except ValueError as error:
            message = f"Line {number} holds something that is not a number: {error}"
            raise TariffError(message) from error
        if math.isnan(weight) or min(cents) < NO_PRICE or max(cents) > _MOST_CENTS:
            message = f"Line {number} holds a price or weight out of range"
            raise TariffError(message)
        rows.setdefault((cells[0], cells[1]), []).append(len(prices))
        weights.append(weight)
        prices.append(cents)
    every_weight, every_price = np.array(weights, np.float64), np.array(prices, np.int32)
    return {key: _grid(key, zones, every_weight[group], every_price[group]) for key, group in rows.items()}


def _zones(cells: list[str], line: int) -> tuple[int, ...]:
    try:
        zones = tuple(0 if cell == _ALL_ZONES else int(cell) for cell in cells)
    except ValueError as error:
        message = f"Line {line} names a zone that is not a number: {error}"
        raise TariffError(message) from error
    if len(set(zones)) != len(zones) or min(zones) < 0 or max(zones) > _HIGHEST_ZONE:
        message = f"Line {line} repeats a zone or names one outside 0 to {_HIGHEST_ZONE}"
        raise TariffError(message)
    return zones


def _grid(key: GridKey, zones: tuple[int, ...], weights: NDArray[np.float64], cents: NDArray[np.int32]) -> PriceGrid:
    """Drop the columns in which the grid has no price at all."""
    if not np.all(weights[1:] > weights[:-1]):
        message = f"Weights of {key[0]}, {key[1]} must rise from row to row"
        raise TariffError(message)
    priced = np.flatnonzero((cents != NO_PRICE).any(axis=0))
    kept = tuple(zones[i] for i in priced.tolist())
    return PriceGrid(key[0], key[1], weights, kept, np.ascontiguousarray(cents[:, priced]))


@cache
def load_tariffs() -> tuple[Tariff, ...]:
    """Read every list under ``tables/``, by carrier, code and effective date."""
    paths = (path for path in TABLES.glob("*.csv") if path.name.startswith(_CARRIER_PREFIXES))
    lists = (read_tariff(path) for path in paths)
    return tuple(sorted(lists, key=lambda each: (each.carrier, each.code, each.effective)))


def tariff(
    carrier: str,
    code: str,
    on: date,
    *,
    service: str | None = None,
    package: str | None = None,
    lists: Iterable[Tariff] | None = None,
) -> Tariff | None:
    """Choose the list for a ship date: the newest one that began by then, else the oldest.

    With ``service`` (and ``package``) only lists that price it are considered, so a service that a
    newer list leaves out is found in the older one. The caller asks ``covers`` whether the day is
    inside the period of the list. ``lists`` replaces the published ones. None if nothing fits.
    """
    fitting = [
        each
        for each in (load_tariffs() if lists is None else lists)
        if each.carrier == carrier and each.code == code and _prices(each, service, package)
    ]
    if not fitting:
        return None
    begun = [each for each in fitting if each.effective <= on]
    if begun:
        return max(begun, key=lambda each: each.effective)
    return min(fitting, key=lambda each: each.effective)


def _prices(each: Tariff, service: str | None, package: str | None) -> bool:
    if service is None:
        return True
    return (service, package) in each.grids if package is not None else each.has_service(service)
