"""Which rates are worth a badge, and which one is recommended."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

from lib.models.rates import Rate

Badge = Literal["cheapest", "fastest", "best_value"]

MARGIN_DAYS = 2
BEST_VALUE_RULE = "Best value is the cheapest rate that takes at most two business days more than the fastest one."

_NEVER = datetime.max.replace(tzinfo=UTC)


def badges(rates: Sequence[Rate]) -> dict[str, list[Badge]]:
    """Badges by rate id: cheapest, fastest, best value (BEST_VALUE_RULE); rates without one are left out.

    Prices are billed amounts. Equal ones are told apart by the earlier delivery, equal deliveries by the lower price,
    and what is still equal by the customer's price and the names, so the same rates get the same badges in any order.
    """
    found: dict[str, list[Badge]] = {}
    if not rates:
        return found
    _add(found, cheapest(rates), "cheapest")
    timed = [rate for rate in rates if rate.service_level.days is not None]
    if timed:
        _add(found, min(timed, key=_fastest_first), "fastest")
        fewest = min(rate.service_level.days or 0 for rate in timed)
        soon = [rate for rate in timed if (rate.service_level.days or 0) <= fewest + MARGIN_DAYS]
        _add(found, cheapest(soon), "best_value")
    return found


def cheapest(rates: Sequence[Rate]) -> Rate:
    """The rate with the lowest `billed_amount`; ties as in `badges`. Raises ValueError when there is none."""
    return min(rates, key=cheapest_first)


def recommended(rates: Sequence[Rate]) -> Rate | None:
    """The rate with the lowest `billed_amount`, None where there is none."""
    return cheapest(rates) if rates else None


def cheapest_first(rate: Rate) -> tuple[int, datetime, int, str, str, str, str]:
    """Sorts rates by price."""
    return rate.billed_amount, rate.service_level.estimated_delivery or _NEVER, *_rest(rate)


def _fastest_first(rate: Rate) -> tuple[datetime, int, int, str, str, str, str]:
    return rate.service_level.estimated_delivery or _NEVER, rate.billed_amount, *_rest(rate)


def _rest(rate: Rate) -> tuple[int, str, str, str, str]:
    """What tells rates of one price and day apart: what the customer pays, then the names."""
    provider, level = rate.provider, rate.service_level
    return rate.amount, provider.id, level.id, provider.name, level.name


def _add(found: dict[str, list[Badge]], rate: Rate, badge: Badge) -> None:
    found.setdefault(rate.id, []).append(badge)
