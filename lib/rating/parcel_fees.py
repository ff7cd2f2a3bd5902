"""Rules that UPS and FedEx share: billable weight, handling and oversize fees, residential fee, fuel."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from lib.rating.lots import Bools, Floats, Ints, Lot, up
from lib.rating.price_lists import plain_date
from lib.rating.pricing import Billing, FuelRate, Surcharge
from lib.rating.rules import ParcelCarrier, ParcelRules, ZoneBands, parcel_rules
from lib.rating.services import Group
from lib.rating.sizes import (
    Size,
    dimensional_weight,
    is_estimate,
    over_size,
    over_weight,
    rounded,
    triggers_in_words,
)

_ADDITIONAL_HANDLING, _OVERSIZE, _PACKAGING = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Measured:
    """Parcels of a lot as the carrier measures them, by parcel [P]: sizes, weights, which fees are due."""

    size: Size
    billing: Billing
    heavy: Bools
    big: Bools
    oversize: Bools


@dataclass(frozen=True, slots=True)
class GroupTerms:
    """What all services of a group have in common: fees per parcel, fuel, and to which shipments [S] they are open."""

    surcharges: tuple[Surcharge, ...]
    fuel: FuelRate
    offered: Bools


def measure(lot: Lot, rules: ParcelRules, *, dimensional: Floats, least: Floats) -> Measured:
    """Weigh and measure every parcel.

    By package (indexed by `lot.package`): `dimensional` is 1 where size counts, 0 for the carrier's own paks
    and envelopes, `least` the least weight billed for the packaging, in pounds.
    """
    size = rounded(lot.sides, rules.dim)
    actual = np.maximum(up(lot.weight), 1.0)
    by_size = dimensional_weight(size, rules.dim) * dimensional[lot.package]
    handling, oversize = rules.additional_handling, rules.oversize
    heavy = over_weight(lot.weight, handling.triggers, lot.on)
    big = over_size(size, handling.triggers, lot.on)
    very_big = over_size(size, oversize.triggers, lot.on) | over_weight(lot.weight, oversize.triggers, lot.on)
    floor = least[lot.package]
    case = np.where(floor > 0, _PACKAGING, 0)
    for mask, pounds, number in (
        (big & ~very_big, handling.min_billable_lb, _ADDITIONAL_HANDLING),
        (very_big, oversize.min_billable_lb, _OVERSIZE),
    ):
        if mask.any():
            floor = np.where(mask, np.maximum(floor, pounds), floor)
            case = np.where(mask, number, case)
    billing = Billing(
        actual=actual,
        dimensional=by_size,
        billable=np.maximum(np.maximum(actual, by_size), floor),
        rule=rules.dim,
        sizes=size.sides,
        floor=floor,
        floor_case=case,
        floor_rules=("", "additional handling by size", "an oversize parcel", "this packaging"),
    )
    return Measured(size, billing, heavy, big, very_big)


def size_fees(lot: Lot, rules: ParcelRules, measured: Measured, zone: Ints, *, oversize_label: str) -> list[Surcharge]:
    """Additional handling (the highest of its fees) or, in its place, oversize. `zone` is by parcel [P]."""
    fees = []
    handling, oversize = rules.additional_handling, rules.oversize
    causes = [
        (np.where(due, handling.cents[cause].for_zone(zone), 0), rule)
        for cause, due, rule in (
            ("weight", measured.heavy, f"Over {handling.triggers.weight_over_lb:g} lb; by zone"),
            ("dimensions", measured.big, f"{triggers_in_words(handling.triggers, lot.on).capitalize()}; by zone"),
            ("packaging", lot.nonstandard, "Not wholly in a box of corrugated cardboard; by zone"),
        )
        if due is not None and due.any()
    ]
    if causes:
        by_cause = np.stack([cents for cents, _ in causes])
        fees.append(
            Surcharge(
                code="additional_handling",
                label="Additional handling",
                cents=np.where(measured.oversize, 0, by_cause.max(axis=0)),
                rules=tuple(rule for _, rule in causes),
                case=by_cause.argmax(axis=0),
                estimate=is_estimate(handling.status),
            )
        )
    if measured.oversize.any():
        home = lot.by_parcel(lot.residential)
        bands: dict[str, ZoneBands] = dict(oversize.cents)
        cents = np.where(home, bands["residential"].for_zone(zone), bands["commercial"].for_zone(zone))
        size, weight = triggers_in_words(oversize.triggers, lot.on), f"{oversize.triggers.weight_over_lb:g} lb"
        fees.append(
            Surcharge(
                code="oversize",
                label=oversize_label,
                cents=np.where(measured.oversize, cents, 0),
                rules=(f"{size.capitalize()}, or over {weight}; by zone, in place of additional handling",),
                estimate=is_estimate(oversize.status),
            )
        )
    return fees


def residential_fee(lot: Lot, rules: ParcelRules, group: Group) -> list[Surcharge]:
    """The fee for delivery to a home, per parcel; nothing when no shipment of the lot goes to one."""
    if not lot.residential.any():
        return []
    amount = rules.residential[group]
    return [
        Surcharge(
            code="residential",
            label="Residential delivery",
            cents=np.where(lot.by_parcel(lot.residential), amount.cents, 0),
            rules=(f"Per parcel to a home, since {plain_date(amount.effective)}",),
            estimate=is_estimate(amount.status),
        )
    ]


def fuel_rate(lot: Lot, rules: ParcelRules, group: Group) -> FuelRate:
    """The fuel surcharge on the ship date: the team's own percentage, else the newest known by then.

    The team's settings name it `ups_ground`, `ups_air`, `fedex_ground`, `fedex_express`.
    """
    own = lot.team.fuel_percent.get(_FUEL_SETTING[rules.carrier, group])
    if own is not None:
        bps = round(own * 100)
        return FuelRate(bps, f"{bps / 100:g} % of base and surcharges, as set by the team", estimate=False)
    return _known_fuel(rules.carrier, group, lot.on)


_FUEL_SETTING: dict[tuple[str, Group], str] = {
    ("ups", "ground"): "ups_ground", ("ups", "express"): "ups_air",
    ("fedex", "ground"): "fedex_ground", ("fedex", "express"): "fedex_express",
}  # fmt: skip
_NAMES: dict[str, str] = {"ups": "UPS", "fedex": "FedEx"}


@lru_cache(maxsize=4096)
def _known_fuel(carrier: ParcelCarrier, group: Group, on: date) -> FuelRate:
    rules = parcel_rules(carrier)
    known = rules.fuel_on(on) or min(rules.fuel, key=lambda entry: entry.effective)
    bps = known.ground_bps if group == "ground" else known.express_bps
    words = f"{bps / 100:g} % of base and surcharges, {_NAMES[carrier]} fuel since {plain_date(known.effective)}"
    return FuelRate(bps, words, estimate=is_estimate(known.status))
