"""From what the team pays to what its customers pay: amount = billed amount + up-charge - discount."""

from collections.abc import Sequence

from lib.models.rates import PriceLine
from lib.models.team import Discount
from lib.rating.extras import dollars

_BPS = 10_000


def upcharge_line(cents: int, rule: str) -> PriceLine:
    """The line of an up-charge, in cents."""
    return PriceLine(code="upcharge", label="Up-charge", amount=cents, rule=rule)


def discount_line(discounts: Sequence[Discount], *, checkout_total: int, provider: str, price: int) -> PriceLine | None:
    """The one discount that takes the most off a price (cents, the tip left out), None where none applies.

    Discounts do not add up, and take off no more than the price. Percentages are rounded half up to the cent.
    """
    if not discounts:
        return None
    offers = [(_off(each, price), each) for each in discounts if _applies(each, checkout_total, provider)]
    if not offers or price <= 0:
        return None
    cents, best = max(offers, key=lambda offer: (offer[0], -offer[1].min_checkout_total))
    if not cents:
        return None
    much = f"{best.percent:g} %" if best.percent is not None else dollars(best.amount or 0)
    rule = f"{much} off from a checkout of {dollars(best.min_checkout_total)} on, by your settings"
    return PriceLine(code="discount", label="Discount", amount=-cents, rule=rule)


def _applies(discount: Discount, checkout_total: int, provider: str) -> bool:
    named = discount.providers is None or provider in discount.providers
    return named and checkout_total >= discount.min_checkout_total


def _off(discount: Discount, price: int) -> int:
    if discount.percent is None:
        return min(price, discount.amount or 0)
    return (price * round(discount.percent * 100) + _BPS // 2) // _BPS
