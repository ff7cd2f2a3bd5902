"""The sender's own counter: rates for what the recipient collects there or takes along at once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from lib.models.ids import new_id
from lib.models.options import RateType, ShipmentOptions
from lib.models.rates import BillableParcel, Breakdown, PriceLine, Provider, Rate, ServiceLevel
from lib.models.team import CounterService, TeamSettings
from lib.rating.discounts import discount_line
from lib.rating.parcels import RatingParcel

_TERMS: dict[RateType, str] = {
    "pickup": "Collected at the sender's counter",
    "received": "Handed over at the sender's counter",
}
_MISSING: dict[RateType, str] = {
    "pickup": "Pickup rates were asked for, but in-store pickup is not switched on in the settings.",
    "received": "Received rates were asked for, but handing over at the counter is not switched on in the settings.",
}


def counter_rates(
    team: TeamSettings,
    options: ShipmentOptions,
    parcels: Sequence[RatingParcel],
    *,
    provider: Provider,
    leaves_at: datetime,
    created_at: datetime,
) -> list[Rate]:
    """The rates of what is switched on, at the team's own price for the whole shipment; `leaves_at` is aware."""
    services: tuple[tuple[RateType, CounterService], ...] = (("pickup", team.pickup), ("received", team.received))
    found = []
    for kind, service in services:
        if not service.active:
            continue
        ready_at = leaves_at.astimezone(UTC) + timedelta(minutes=service.ready_mins)
        breakdown = _breakdown(team, options, service, parcels, leaves_at)
        found.append(
            Rate(
                id=new_id("rate"),
                type=kind,
                created_at=created_at,
                amount=breakdown.total,
                billed_amount=service.price,
                provider=provider,
                service_level=ServiceLevel(
                    id=f"self_{kind}",
                    code=service.service_level,
                    name=service.name,
                    terms=_TERMS[kind],
                    days=0,
                    min_days=0,
                    estimated_delivery=ready_at,
                    earliest_delivery=ready_at,
                    rate_type=kind,
                ),
                pickup_at=ready_at,
                test_label=False,
                breakdown=breakdown,
            )
        )
    return found


def missing_notes(rate_types: Sequence[RateType], team: TeamSettings) -> list[str]:
    """Says of each kind of rate that was asked for and is not switched on that it is not."""
    active: dict[RateType, bool] = {"delivery": True, "pickup": team.pickup.active, "received": team.received.active}
    return [_MISSING[kind] for kind in rate_types if not active[kind]]


def _breakdown(
    team: TeamSettings,
    options: ShipmentOptions,
    service: CounterService,
    parcels: Sequence[RatingParcel],
    leaves_at: datetime,
) -> Breakdown:
    rule = "Your own price for the whole shipment, from the settings"
    lines = [PriceLine(code="base", label="Base price", amount=service.price, rule=rule)]
    discount = discount_line(
        team.discounts, checkout_total=options.checkout_total, provider="self", price=service.price
    )
    if discount:
        lines.append(discount)
    return Breakdown(
        price_list="Your settings",
        effective=leaves_at.date(),
        zone="Not zoned",
        zone_source="none",
        parcels=[
            BillableParcel(actual=parcel.weight, billable=parcel.weight, rule="The price does not depend on the weight")
            for parcel in parcels
        ],
        lines=lines,
        total=sum(line.amount for line in lines),
    )
