"""What a service costs for every shipment of a lot: the columns every explanation is built from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import numpy as np

from lib.models.rates import Provider
from lib.rating.lots import Bools, Floats, Ints, Lot
from lib.rating.rules import DimRule
from lib.rating.services import Service
from lib.rating.tariffs import NO_PRICE, PriceGrid

_WEIGHT_TOLERANCE_LB = 1e-9
_MOST_ZONES = 128
_NO_ZONES = (0,)
_BPS = 10_000


@dataclass(frozen=True, slots=True)
class ListInfo:
    """Which price list a price is from, and whether it holds on the ship date."""

    name: str
    effective: date
    until: date | None
    in_period: bool
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Zones:
    """Zone per shipment [S] (0 = none), whether it is the chart's, and where it is from otherwise."""

    zone: Ints
    from_chart: Bools
    by_distance: Bools
    stand_in_label: str = ""


@dataclass(frozen=True, slots=True)
class Billing:
    """Weights in pounds per parcel [P]; `dimensional` is 0 where it plays no part.

    `rule` made the dimensional weight from `sizes` [P, 3], the sides as the carrier rounds them. `floor` is the
    least weight that is billed, with the reason in `floor_rules[floor_case]`.
    """

    actual: Floats
    dimensional: Floats
    billable: Floats
    rule: DimRule | None
    sizes: Floats
    floor: Floats | None = None
    floor_case: Ints | None = None
    floor_rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surcharge:
    """One fee per parcel [P] in cents, 0 where it is not due.

    `rules` is the reason in words; where there are several, `case` [P] says which one holds.
    """

    code: str
    label: str
    cents: Ints
    rules: tuple[str, ...]
    estimate: bool
    case: Ints | None = None

    def rule(self, parcel: int) -> str:
        """The reason for the fee on that parcel."""
        return self.rules[0 if self.case is None else int(self.case[parcel])]


@dataclass(frozen=True, slots=True)
class FuelRate:
    """Fuel surcharge in hundredths of a percent of base and surcharges."""

    bps: int
    rule: str
    estimate: bool


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A line of a price list and the weights [P] it was read with; `flat` lines do not ask the weight."""

    label: str
    flat: bool
    grid: PriceGrid
    weight: Floats

    def bound(self, parcel: int) -> float:
        """Upper weight of the line that parcel falls on, in pounds; infinite where there is none."""
        weights = self.grid.weights
        return float(
            weights[min(int(weights.searchsorted(self.weight[parcel] - _WEIGHT_TOLERANCE_LB)), len(weights) - 1)]
        )


@dataclass(slots=True)
class Base:
    """Base price per parcel [P] in cents, NO_PRICE where the list has none; `row` [P] indexes `rows`."""

    cents: Ints
    row: Ints
    rows: list[PriceRow] = field(default_factory=list)

    @classmethod
    def empty(cls, lot: Lot) -> "Base":
        """No price for any parcel of the lot yet."""
        return cls(*_nothing_yet(len(lot.owner)))

    def read(self, row: PriceRow, zone: Ints, where: Bools | None = None) -> None:
        """Take prices from one line for parcels [P] that have none yet, only those of `where`."""
        prices = _read(row.grid, row.weight, zone)
        if where is None and not self.rows:
            self.cents = prices
            self.rows.append(row)
        else:
            self.put(prices, row, (self.cents < 0) if where is None else where & (self.cents < 0))

    def put(self, prices: Ints, row: PriceRow, where: Bools) -> None:
        """Set the prices of the parcels of `where`."""
        self.cents = np.where(where, prices, self.cents)
        self.row = np.where(where, len(self.rows), self.row)
        self.rows.append(row)


@lru_cache(maxsize=8)
def _nothing_yet(parcels: int) -> tuple[Ints, Ints]:
    """Columns of no price and of row 0, which every service of a lot starts from; never written to."""
    cents, row = np.full(parcels, NO_PRICE, np.int64), np.zeros(parcels, np.int64)
    cents.flags.writeable = row.flags.writeable = False
    return cents, row


# Every grid spread over all zones once, with a last row of NO_PRICE for weights above the list (and for those that
# are no number): one look-up instead of a dozen array operations, which is most of what a single quote costs.
# Held by identity, together with the grid so that the identity stays its own.
_SPREAD: dict[int, tuple[PriceGrid, Ints]] = {}


def _read(grid: PriceGrid, weight: Floats, zone: Ints) -> Ints:
    """`grid.cents_for`, for weights above zero (or not a number) and zones from 0 to _MOST_ZONES - 1."""
    return spread(grid)[grid.weights.searchsorted(weight - _WEIGHT_TOLERANCE_LB), zone]


def spread(grid: PriceGrid) -> Ints:
    """The grid as [weights + 1, _MOST_ZONES], made on first use and then kept."""
    known = _SPREAD.get(id(grid))
    if known is None:
        table = np.full((len(grid.weights) + 1, _MOST_ZONES), NO_PRICE, np.int64)
        table[:-1, slice(None) if grid.zones == _NO_ZONES else list(grid.zones)] = grid.cents
        known = _SPREAD[id(grid)] = grid, table
    return known[1]


@dataclass(frozen=True, slots=True)
class UpCharge:
    """What the team puts on a price for its customers, by shipment [S] in cents, with the reason in words."""

    cents: Ints
    rule: str


@dataclass(frozen=True, slots=True)
class ServicePrices:
    """One service for the whole lot: `total` [S] in cents, NO_PRICE where it is not offered.

    `total` is what the team pays, `upcharge` what its customers pay on top. `carried_by` says who carries it where a
    provider stands for several couriers; `offline_delivery` marks what a customer must not be shown by accident,
    `estimate` a list that no document of the carrier confirms. `retail` is the published total where `total` is not.
    `days` are business days that the price list itself names.
    """

    service: Service
    price_list: ListInfo
    zones: Zones | None
    base: Base
    billing: Billing
    surcharges: tuple[Surcharge, ...]
    fuel: FuelRate | None
    fuel_cents: Ints
    total: Ints
    notes: tuple[str, ...] = ()
    upcharge: UpCharge | None = None
    carried_by: Provider | None = None
    offline_delivery: bool = False
    estimate: bool = False
    retail: Ints | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Shipments [S] that a provider does not take, and why."""

    shipments: Bools
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider says to a lot: prices by service, and in words what it does not take."""

    prices: tuple[ServicePrices, ...] = ()
    refusals: tuple[Refusal, ...] = field(default=())

    def reasons(self, shipment: int) -> list[str]:
        """Why that shipment is not taken, most telling first."""
        return [each.reason for each in self.refusals if each.shipments[shipment]]


def add_up(
    lot: Lot,
    *,
    service: Service,
    price_list: ListInfo,
    zones: Zones | None,
    base: Base,
    billing: Billing,
    surcharges: Sequence[Surcharge] = (),
    fuel: FuelRate | None = None,
    offered: Bools | None = None,
    notes: tuple[str, ...] = (),
    days: int | None = None,
) -> ServicePrices:
    """Sum base and surcharges per shipment, then fuel once on that sum, rounded half up to the cent.

    A shipment is priced only when every parcel has a base price and `offered` [S] holds.
    """
    parcel_cents = base.cents
    for surcharge in surcharges:
        parcel_cents = parcel_cents + surcharge.cents
    subtotal = lot.sums(parcel_cents)
    fuel_cents = (subtotal * fuel.bps + _BPS // 2) // _BPS if fuel else np.zeros(len(subtotal), np.int64)
    priced = lot.every(base.cents >= 0)
    if offered is not None:
        priced = priced & offered
    return ServicePrices(
        service=service,
        price_list=price_list,
        zones=zones,
        base=base,
        billing=billing,
        surcharges=tuple(surcharges),
        fuel=fuel,
        fuel_cents=fuel_cents,
        total=np.where(priced, subtotal + fuel_cents, NO_PRICE),
        notes=notes,
        days=days,
    )
