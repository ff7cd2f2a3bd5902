"""What a request's options leave of the rates, and what comes back when they leave nothing."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from lib.models.options import RateType, ShipmentOptions
from lib.models.rates import Rate

DEFAULT_RATE_TYPES: tuple[RateType, ...] = ("delivery",)


def removed_by(rate: Rate, options: ShipmentOptions, *, today: date, destination: ZoneInfo) -> str | None:
    """The first option that takes the rate out, by its name in the API; None when it stays.

    `max_delivery_days` counts calendar days from today to the latest day of delivery at the destination; a rate
    without a delivery day does not meet it.
    """
    if rate.type not in (options.rate_types or DEFAULT_RATE_TYPES):
        return "rate_types"
    if options.service_levels is not None and rate.service_level.code not in options.service_levels:
        return "service_levels"
    if options.max_delivery_days is not None:
        latest = rate.service_level.estimated_delivery
        if latest is None or (latest.astimezone(destination).date() - today).days > options.max_delivery_days:
            return "max_delivery_days"
    return None


def fallback(rates: Sequence[Rate]) -> list[Rate]:
    """What is shown when the options take out everything: all but the rates a customer must not see by accident."""
    return [rate for rate in rates if not rate.offline_delivery]


def fallback_note(options: Sequence[str]) -> str:
    """Says that the options left nothing, and that all rates are shown instead."""
    return f"No rate meets {_listed(options)}, so all rates are shown."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
