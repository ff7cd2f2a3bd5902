"""DoorDash Drive: by distance, on the same day, within opening hours."""

from dataclasses import replace
from datetime import datetime

import numpy as np

from lib.models.hours import OperatingHours
from lib.models.rates import Provider
from lib.models.team import TeamSettings
from lib.rating.lots import Floats, Lot, up
from lib.rating.price_lists import plain_date
from lib.rating.pricing import Answer, Base, Billing, ListInfo, PriceRow, Refusal, Surcharge, add_up
from lib.rating.providers.base import nothing, straight_miles
from lib.rating.rules import DoorDashRules, doordash_rules
from lib.rating.services import DOORDASH_DRIVE
from lib.rating.sizes import is_estimate
from lib.rating.tariffs import PriceGrid

_ANY_ZONE = (0,)
_NOT_LISTED = "DoorDash's limits of size and weight are not in the data: ask before sending a large parcel."


class DoorDash:
    """Drive, once the team switches it on: one delivery for all parcels, priced by miles in a straight line."""

    connected = False
    blocking = False

    def describe(self, team: TeamSettings) -> Provider:  # noqa: ARG002
        """DoorDash as shown with an outcome."""
        return Provider(id="doordash", name="DoorDash", support_url="https://help.doordash.com")

    def price(self, lot: Lot) -> Answer:
        """The published Drive price; a lot without a time of day is priced as if within opening hours."""
        settings, rules = lot.team.doordash, doordash_rules()
        if not settings.active:
            return nothing(
                lot,
                f"DoorDash is switched off in the settings; it delivers on the same day within {rules.max_miles:g} "
                "miles",
            )
        if lot.leaves_at is not None and not settings.hours.on(lot.leaves_at).holds(lot.leaves_at):
            return nothing(lot, _closed(settings.hours, lot.leaves_at))
        miles = straight_miles(lot)
        near = miles <= rules.max_miles
        priced = add_up(
            lot,
            service=DOORDASH_DRIVE,
            price_list=_list_info(rules, lot),
            zones=None,
            base=_base(lot, rules),
            billing=Billing(
                actual=lot.weight,
                dimensional=np.zeros_like(lot.weight),
                billable=lot.weight,
                rule=None,
                sizes=lot.sides,
            ),
            surcharges=_extra_miles(lot, rules, np.where(near, miles, 0.0)),
            offered=near & lot.every(np.isfinite(lot.weight)),
            notes=(_miles_note(miles), _NOT_LISTED),
        )
        return Answer((replace(priced, estimate=is_estimate(rules.status)),), _refusals(miles, rules))


def _base(lot: Lot, rules: DoorDashRules) -> Base:
    """The base fee on the first parcel of each shipment, the others ride along."""
    label = f"one delivery of all parcels, up to {rules.base_miles:g} miles"
    grid = PriceGrid("doordash", label, np.array([np.inf]), _ANY_ZONE, np.array([[rules.base_cents]], np.int32))
    base = Base.empty(lot)
    row = PriceRow(label, flat=True, grid=grid, weight=lot.weight)
    base.put(np.where(_first(lot), rules.base_cents, 0), row, np.ones(len(lot.owner), np.bool_))
    return base


def _extra_miles(lot: Lot, rules: DoorDashRules, miles: Floats) -> list[Surcharge]:
    extra = np.maximum(up(miles - rules.base_miles), 0).astype(np.int64)
    if not extra.any():
        return []
    price = f"{rules.per_extra_mile_cents / 100:.2f} USD a mile beyond {rules.base_miles:g}, a mile begun counts whole"
    by_parcel = np.where(_first(lot), lot.by_parcel(extra), 0)
    return [
        Surcharge(
            code="distance",
            label="Distance",
            cents=by_parcel * rules.per_extra_mile_cents,
            rules=tuple(f"{count} × {price}" for count in range(int(extra.max()) + 1)),  # noqa: RUF001
            case=by_parcel,
            estimate=is_estimate(rules.status),
        )
    ]


def _first(lot: Lot) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    first = np.zeros(len(lot.owner), np.bool_)
    first[lot.starts] = True
    return first


def _list_info(rules: DoorDashRules, lot: Lot) -> ListInfo:
    return ListInfo(
        name="DoorDash Drive",
        effective=rules.verified,
        until=None,
        in_period=lot.on >= rules.verified,
        notes=(f"DoorDash names no first day of its prices; they were read on {plain_date(rules.verified)}.",),
    )


def _miles_note(miles: Floats) -> str:
    if len(miles) != 1:
        return ""
    line = f"{miles[0]:.1f} miles in a straight line between the two ZIP Codes"
    return f"{line}; the road is longer, so the price is an estimate."


def _refusals(miles: Floats, rules: DoorDashRules) -> tuple[Refusal, ...]:
    far = f"{miles[0]:,.1f} miles in a straight line are" if len(miles) == 1 else "The distance is"
    return (
        Refusal(np.isnan(miles), "One of the ZIP Codes is not on the map, so there is no distance"),
        Refusal(miles > rules.max_miles, f"{far} more than the {rules.max_miles:g} that DoorDash drives"),
    )


def _closed(hours: OperatingHours, moment: datetime) -> str:
    day = hours.on(moment)
    open_then = f"from {day.open} to {day.close}" if day.active else "not at all"
    when = f"{moment:%A} {moment:%H:%M} ({moment.tzname()})"
    return f"Outside opening hours: it would leave on {when}, and DoorDash picks up on {moment:%A}s {open_then}"
