"""The reason for a price, told from the very columns that it was added up from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, inf, prod

from lib.models.rates import BillableParcel, Breakdown, PriceLine
from lib.rating.delivery import days_note
from lib.rating.lots import PACKAGE_LIST, Lot
from lib.rating.pricing import Billing, PriceRow, ServicePrices, Surcharge
from lib.rating.sizes import is_estimate

_NOT_ZONED = "Not zoned"
_NO_ZONES = (0,)


@dataclass(slots=True)
class Told:
    """What a provider's services have in common, told once: fees by identity, weights by identity and line."""

    fees: dict[int, list[PriceLine]] = field(default_factory=dict)
    weights: dict[tuple[int, int, bool, float], BillableParcel] = field(default_factory=dict)


def explain(
    lot: Lot, prices: ServicePrices, told: Told, *, added: Sequence[PriceLine] = (), notes: Sequence[str] = ()
) -> Breakdown:
    """The breakdown of one service's price for a lot of exactly one shipment that it is offered to.

    `told` belongs to one answer of one provider, and has to go with it. `added` are the lines of what was asked for
    beyond carriage and of the customer's price, `notes` what is to be said about them.
    """
    zones, info = prices.zones, prices.price_list
    rows = [prices.base.rows[row] for row in prices.base.row.tolist()]
    billed = [_billed(prices.billing, row, parcel) for parcel, row in enumerate(rows)]
    lines = [_base_line(prices, rows[parcel], billed[parcel], parcel) for parcel in _charged(prices)]
    lines += _fee_lines(prices, told)
    lines += added
    weights = []
    for parcel, row in enumerate(rows):
        key = id(prices.billing), parcel, row.flat, billed[parcel]
        if key not in told.weights:
            told.weights[key] = _billable(lot, prices, row, billed[parcel], parcel)
        weights.append(told.weights[key])
    flat = all(row.grid.zones == _NO_ZONES for row in rows)
    said = [*info.notes, *(note for note in prices.notes if note), *notes]
    source = "none"
    zone = _NOT_ZONED
    if zones is not None and not flat:
        zone = str(int(zones.zone[0]))
        source = "distance" if zones.by_distance[0] else "chart"
        if not zones.from_chart[0]:
            said.append(f"The carrier's chart leaves this pair of ZIP Codes open: {zones.stand_in_label}.")
    if zones is not None:
        days = days_note(prices.service.provider, prices.service.key, int(zones.zone[0]))
        said += [days] if days else []
    return Breakdown(
        price_list=info.name,
        effective=info.effective,
        until=info.until,
        in_period=info.in_period,
        zone=zone,
        zone_source=source,
        parcels=weights,
        lines=lines,
        notes=said,
        total=int(prices.total[0]) + sum(line.amount for line in added),
    )


def rate_name(lot: Lot, prices: ServicePrices) -> str:
    """What people call it; with the packaging where the price is for one packaging."""
    service = prices.service
    if service.variant == "flat_rate" and len(lot.packages) == 1:
        label = PACKAGE_LIST[lot.packages[0]].label
        return label if label.startswith(service.label) else f"{service.label} {label}"
    return service.name


def _fee_lines(prices: ServicePrices, told: Told) -> list[PriceLine]:
    lines: list[PriceLine] = []
    for surcharge in prices.surcharges:
        if id(surcharge) not in told.fees:
            told.fees[id(surcharge)] = _surcharge_lines(surcharge)
        lines += told.fees[id(surcharge)]
    if prices.fuel is not None and prices.fuel_cents[0]:
        cents = int(prices.fuel_cents[0])
        lines.append(
            PriceLine(code="fuel", label="Fuel", amount=cents, rule=prices.fuel.rule, estimate=prices.fuel.estimate)
        )
    return lines


def _surcharge_lines(surcharge: Surcharge) -> list[PriceLine]:
    several = len(surcharge.cents) > 1
    return [
        PriceLine(
            code=surcharge.code,
            label=surcharge.label,
            amount=cents,
            rule=surcharge.rule(parcel),
            estimate=surcharge.estimate,
            parcel=parcel if several else None,
        )
        for parcel, cents in enumerate(surcharge.cents.tolist())
        if cents
    ]


def _charged(prices: ServicePrices) -> list[int]:
    """The parcels that have a base price; all of them where everything is free."""
    cents = prices.base.cents.tolist()
    return [parcel for parcel, price in enumerate(cents) if price] or list(range(len(cents)))


def _base_line(prices: ServicePrices, row: PriceRow, billed: float, parcel: int) -> PriceLine:
    rule = prices.billing.rule
    by_size = rule is not None and not row.flat and prices.billing.dimensional[parcel] > prices.billing.actual[parcel]
    parts = [row.label] if row.flat or prices.zones is None else [pounds(billed), row.label]
    if prices.zones is not None and row.grid.zones != _NO_ZONES:
        parts.insert(0, f"zone {prices.zones.zone[0]}")
    return PriceLine(
        code="base",
        label="Base price",
        amount=int(prices.base.cents[parcel]),
        rule=f"{prices.price_list.name}: {', '.join(parts)}",
        estimate=prices.estimate or bool(by_size and rule is not None and is_estimate(rule.status)),
        parcel=parcel if len(prices.base.cents) > 1 else None,
    )


def _billed(billing: Billing, row: PriceRow, parcel: int) -> float:
    """The upper weight of the line that was read; where that is none, the weight itself."""
    bound = row.bound(parcel)
    return bound if bound != inf else float(billing.billable[parcel])


def _billable(lot: Lot, prices: ServicePrices, row: PriceRow, billed: float, parcel: int) -> BillableParcel:
    actual = float(lot.weight[parcel])
    if row.flat:
        return BillableParcel(actual=actual, billable=actual, rule="The price does not depend on the weight")
    billing = prices.billing
    dimensional = float(billing.dimensional[parcel])
    by_size = billing.rule is not None and dimensional > 0
    return BillableParcel(
        actual=actual,
        dimensional=dimensional if by_size else None,
        billable=billed if prices.zones is not None else actual,
        divisor=billing.rule.divisor if by_size and billing.rule is not None else None,
        rule=_weight_rule(billing, parcel, actual),
    )


def _weight_rule(billing: Billing, parcel: int, actual: float) -> str:
    dimensional = float(billing.dimensional[parcel])
    words = f"Actual {pounds(actual)}"
    if billing.rule is not None and dimensional > 0:
        sides = billing.sizes[parcel].tolist()
        full = ceil(prod(sides) / billing.rule.divisor)
        shown = " \N{MULTIPLICATION SIGN} ".join(f"{side:g}" for side in sides)
        rounding = "up" if billing.rule.rounding == "up" else "to the nearest inch"
        words += f"; sides rounded {rounding} {shown} in ÷ {billing.rule.divisor} = {full:g} lb"
        if full > dimensional:
            words += f", charged as {dimensional:g} lb"
    if billing.floor is not None and billing.floor_case is not None:
        floor = float(billing.floor[parcel])
        if floor > max(dimensional, float(billing.actual[parcel])):
            words += f"; at least {pounds(floor)} for {billing.floor_rules[int(billing.floor_case[parcel])]}"
    return words


def pounds(weight: float) -> str:
    """A weight as carriers write it: ounces below a pound."""
    return f"{weight * 16:.5g} oz" if weight < 1 else f"{weight:.6g} lb"
