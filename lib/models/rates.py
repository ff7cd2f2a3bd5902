"""Rates, the reason for each price, and what became of the question at every provider."""

from datetime import date
from typing import Literal

from pydantic import Field

from lib.models.base import UtcDateTime, WireModel
from lib.models.options import RateType


class Provider(WireModel):
    """Who carries the parcel."""

    id: str
    name: str
    logo_url: str | None = None
    support_phone: str | None = None
    support_email: str | None = None
    support_url: str | None = None
    marketplace: bool = False


class ServiceLevel(WireModel):
    """How it is carried. `days` is the most business days it takes, `min_days` the least."""

    id: str
    code: str
    name: str
    terms: str
    days: int | None = None
    min_days: int | None = None
    estimated_delivery: UtcDateTime | None = None
    earliest_delivery: UtcDateTime | None = None
    rate_type: RateType = "delivery"


# The lines of a price that only the customer's amount has; the others add up to the billed amount.
CUSTOMER_LINES = frozenset({"upcharge", "discount"})


class BillableParcel(WireModel):
    """How the weight that is charged came about, in pounds; `dimensional` is None where it plays no part."""

    actual: float
    dimensional: float | None = None
    billable: float
    divisor: int | None = None
    rule: str


class PriceLine(WireModel):
    """One line of a price, in cents. `estimate` marks a figure that no carrier's document confirms."""

    code: str
    label: str
    amount: int
    rule: str
    estimate: bool = False
    parcel: int | None = None


class Breakdown(WireModel):
    """The reason for a price: its lines sum exactly to `total`, the rate's `amount` (cents).

    Lines of CUSTOMER_LINES come last: amount = billed amount + up-charge - discount.
    """

    price_list: str
    effective: date
    until: date | None = None
    in_period: bool = True
    zone: str
    zone_source: Literal["chart", "distance", "none"]
    parcels: list[BillableParcel]
    lines: list[PriceLine]
    notes: list[str] = Field(default_factory=list)
    total: int

    @property
    def billed(self) -> int:
        """What the team pays: the lines without those for the customer alone."""
        return sum(line.amount for line in self.lines if line.code not in CUSTOMER_LINES)

    @property
    def is_estimate(self) -> bool:
        """Whether any part of the price is an estimate."""
        return any(line.estimate for line in self.lines) or self.zone_source == "distance"


class Rate(WireModel):
    """One offer. Amounts in cents: `amount` the customer pays, `billed_amount` the team pays."""

    object: Literal["rate"] = "rate"
    id: str
    type: RateType = "delivery"
    created_at: UtcDateTime
    amount: int
    billed_amount: int
    retail_amount: int | None = None
    currency: str = "usd"
    provider: Provider
    service_level: ServiceLevel
    pickup_at: UtcDateTime | None = None
    carrier_account: str | None = None
    offline_delivery: bool = False
    test_label: bool = True
    breakdown: Breakdown | None = None


class ProviderOutcome(WireModel):
    """What came of asking one provider: how many rates, or in words why none."""

    provider: str
    name: str
    status: Literal["rates", "filtered", "not_served", "timed_out", "error"]
    rates: int = 0
    reason: str | None = None
