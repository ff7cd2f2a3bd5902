"""Surcharges and sizing rules, typed.

Source: ``tables/surcharges.json``.
Amounts are whole cents. ``status`` tells how sure a figure is: ``official`` was read from the
carrier's document, ``split`` has official bounds and a zone split from one source, ``multi`` and
``single`` come from secondary sources and are shown as estimates.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

TABLES = Path(__file__).parent / "tables"

Status = Literal["official", "split", "multi", "single"]
ParcelCarrier = Literal["ups", "fedex"]
Json = Mapping[str, Any]

_BAND_STARTS = np.array([3, 5, 7], np.int64)


@dataclass(frozen=True, slots=True)
class Amount:
    """One fee in cents and since when it is charged."""

    cents: int
    effective: date
    status: Status


@dataclass(frozen=True, slots=True)
class ZoneBands:
    """A fee in cents for zones 2, 3-4, 5-6, and 7 and up (Alaska and Hawaii included)."""

    cents: tuple[int, int, int, int]

    def for_zone(self, zone: NDArray[np.integer]) -> NDArray[np.int64]:
        """Fee per zone, in cents, in the shape of ``zone``."""
        return np.array(self.cents, np.int64)[np.searchsorted(_BAND_STARTS, zone, side="right")]


@dataclass(frozen=True, slots=True)
class Triggers:
    """Sizes in inches and weights in pounds above which a fee is due; None = not a trigger.

    ``weight_from`` and ``cubic_from`` are the first days on which those two count.
    """

    longest_over_in: float
    second_over_in: float | None
    length_plus_girth_over_in: float
    weight_over_lb: float
    weight_from: date | None
    cubic_over_in3: float | None
    cubic_from: date | None
    status: Status


@dataclass(frozen=True, slots=True)
class HandlingFee:
    """A fee by zone with its triggers and the weight that a parcel is billed for at least.

    ``cents`` keys: weight, dimensions, packaging (additional handling; only the highest is
    charged and the minimum holds for dimensions) or commercial, residential (oversize, which
    replaces additional handling).
    """

    effective: date
    status: Status
    cents: Mapping[str, ZoneBands]
    min_billable_lb: int
    triggers: Triggers


@dataclass(frozen=True, slots=True)
class Fuel:
    """Fuel surcharge in hundredths of a percent, from a day on."""

    effective: date
    ground_bps: int
    express_bps: int
    status: Status


@dataclass(frozen=True, slots=True)
class DeclaredValue:
    """Fee for a declared value: none up to ``free``, flat up to ``flat_to``, then per 100 USD."""

    effective: date
    status: Status
    free_to_cents: int
    flat_to_cents: int
    flat_cents: int
    per_100_cents: int


@dataclass(frozen=True, slots=True)
class DimRule:
    """Dimensional weight from a day on; ``rounding`` is per side, ``threshold`` in cubic inches."""

    effective: date
    divisor: int
    rounding: Literal["up", "nearest"]
    threshold_in3: int
    status: Status


@dataclass(frozen=True, slots=True)
class Limits:
    """What a service accepts at most, in pounds and inches; None = no such limit."""

    max_weight_lb: float
    max_length_in: float | None
    max_length_plus_girth_in: float


@dataclass(frozen=True, slots=True)
class ParcelRules:
    """Rules of UPS or FedEx. The keys ``ground`` and ``express`` (UPS: air) name service groups."""

    carrier: ParcelCarrier
    effective: date
    residential: Mapping[str, Amount]
    delivery_area: Mapping[str, Amount]
    additional_handling: HandlingFee
    oversize: HandlingFee
    over_maximum: Amount
    address_correction: Amount
    declared_value: DeclaredValue
    signature: Mapping[str, Amount]
    fuel: tuple[Fuel, ...]
    dim: DimRule
    limits: Mapping[str, Limits]

    def fuel_on(self, day: date) -> Fuel | None:
        """Newest fuel entry that began by that day, None before the first one."""
        return max(
            (entry for entry in self.fuel if entry.effective <= day),
            key=lambda entry: entry.effective,
            default=None,
        )


@dataclass(frozen=True, slots=True)
class UspsRules:
    """Rules of USPS. ``nonstandard`` holds (effective, kind, service) with kinds as in the table."""

    nonstandard: Mapping[tuple[date, str, str], Amount]
    dim: tuple[DimRule, ...]
    extras: Mapping[str, Amount]
    limits: Mapping[str, Limits]
    cubic_max_in3: Mapping[str, float]
    cubic_max_weight_lb: float
    cubic_max_side_in: float
    insurance_steps: tuple[tuple[int, int], ...]
    insurance_per_100_cents: int
    insurance_max_cents: int
    peak_from: date
    peak_to: date

    def dim_on(self, day: date) -> DimRule:
        """Dimensional weight rule of that day (the first one before any began)."""
        begun = [rule for rule in self.dim if rule.effective <= day]
        return begun[-1] if begun else self.dim[0]


@dataclass(frozen=True, slots=True)
class DoorDashRules:
    """Drive prices in cents and miles."""

    verified: date
    status: Status
    base_cents: int
    base_miles: float
    per_extra_mile_cents: int
    max_miles: float
    tip_passthrough_discount_cents: int
    return_percent: int
    classic_flat_cents: int


@cache
def _surcharges() -> Json:
    data: Json = json.loads((TABLES / "surcharges.json").read_text(encoding="utf-8"))
    return data


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _dated(data: Json) -> dict[str, Any]:
    return {**data, "effective": date.fromisoformat(data["effective"])}


def _amounts(data: Json) -> dict[str, Amount]:
    return {key: Amount(**_dated(value)) for key, value in data.items()}


def _handling(data: Json) -> HandlingFee:
    triggers = data["triggers"]
    dates = {key: _day(triggers[key]) for key in ("weight_from", "cubic_from")}
    return HandlingFee(
        effective=date.fromisoformat(data["effective"]),
        status=data["status"],
        cents={key: ZoneBands(tuple(value)) for key, value in data["cents"].items()},
        min_billable_lb=data["min_billable_lb"],
        triggers=Triggers(**{**triggers, **dates}),
    )


@cache
def parcel_rules(carrier: ParcelCarrier) -> ParcelRules:
    """Rules of UPS or FedEx (KeyError for another carrier)."""
    data = _surcharges()[carrier]
    effective = date.fromisoformat(data["effective"])
    return ParcelRules(
        carrier=carrier,
        effective=effective,
        residential=_amounts(data["residential"]),
        delivery_area=_amounts(data["delivery_area"]),
        additional_handling=_handling(data["additional_handling"]),
        oversize=_handling(data["oversize"]),
        over_maximum=Amount(**_dated(data["over_maximum"])),
        address_correction=Amount(**_dated(data["address_correction"])),
        declared_value=DeclaredValue(**_dated(data["declared_value"])),
        signature=_amounts(data["signature"]),
        fuel=tuple(Fuel(**_dated(entry)) for entry in data["fuel"]),
        dim=DimRule(**data["dim"], effective=effective, threshold_in3=0),
        limits={key: Limits(**data["limits"][key]) for key in ("ground", "express")},
    )


@cache
def usps_rules() -> UspsRules:
    """Rules of USPS."""
    data = _surcharges()["usps"]
    girth, cubic, insurance = data["limits"], data["cubic"], data["insurance"]
    usual = Limits(girth["max_weight_lb"], None, girth["max_length_plus_girth_in"])
    wide = Limits(girth["max_weight_lb"], None, girth["ground_advantage_max_length_plus_girth_in"])
    return UspsRules(
        nonstandard=_nonstandard(data["nonstandard"]),
        dim=tuple(DimRule(**_dated(rule)) for rule in data["dim"]),
        extras=_amounts(data["extras"]),
        limits={"usual": usual, "ground_advantage": wide},
        cubic_max_in3={key: cubic[f"{key}_max_ft3"] * 1728 for key in ("priority_mail", "ground_advantage")},
        cubic_max_weight_lb=cubic["max_weight_lb"],
        cubic_max_side_in=cubic["max_side_in"],
        insurance_steps=tuple((value, fee) for value, fee in insurance["steps"]),
        insurance_per_100_cents=insurance["over_steps_per_100_cents"],
        insurance_max_cents=insurance["max_cents"],
        peak_from=date.fromisoformat(data["peak"]["from"]),
        peak_to=date.fromisoformat(data["peak"]["to"]),
    )


@lru_cache(maxsize=1024)
def nonstandard_fee(kind: str, service: str, day: date) -> Amount | None:
    """Newest USPS fee of a kind (length_over_22, length_over_30, volume_over_3456, characteristic).

    None where none is published for the service; the oldest one before any began.
    """
    fees = [fee for (_, *key), fee in usps_rules().nonstandard.items() if key == [kind, service]]
    begun = [fee for fee in fees if fee.effective <= day]
    if begun:
        return max(begun, key=lambda fee: fee.effective)
    return min(fees, key=lambda fee: fee.effective, default=None)


def _nonstandard(blocks: list[Json]) -> dict[tuple[date, str, str], Amount]:
    fees = {}
    for block in blocks:
        effective = date.fromisoformat(block["effective"])
        for kind, by_service in block["cents"].items():
            for service, cents in by_service.items():
                fees[effective, kind, service] = Amount(cents, effective, block["status"])
    return fees


@cache
def doordash_rules() -> DoorDashRules:
    """Drive prices."""
    data = _surcharges()["doordash"]
    return DoorDashRules(**{**data, "verified": date.fromisoformat(data["verified"])})
