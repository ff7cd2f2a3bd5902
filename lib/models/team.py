"""What a team sets once: price lists, fuel, its own courier, discounts, who else may carry for it."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from lib.models.base import Cents, Flag, Number, Text, WireModel
from lib.models.hours import OperatingHours
from lib.models.options import ProviderCode, ServiceLevelCode, ShipmentOptions

# Prices that hold for books and other media only: they undercut everything for a heavy parcel, so a team that
# sends other things must not be shown them by accident.
BooksOnlyService = Literal["media_mail", "library_mail"]


class CourierBand(WireModel):
    """One row of the own courier's card: up to this weight (pounds) and distance (miles), this price (cents)."""

    max_weight_lb: Annotated[Number, Field(gt=0, le=150)]
    max_miles: Annotated[Number, Field(gt=0, le=3000)]
    price: Annotated[Cents, Field(ge=0, le=10_000_00)]


class InternationalPrice(WireModel):
    """What the own courier asks for a parcel to a country (two-letter code): up to this weight (pounds), in cents.

    `days` are the business days it takes; rows with different days are different offers.
    """

    country_code: Annotated[str, Field(strict=True, pattern=r"^[A-Z]{2}$")]
    max_weight_lb: Annotated[Number, Field(gt=0, le=150)]
    price: Annotated[Cents, Field(ge=0, le=10_000_00)]
    days: Annotated[int, Field(strict=True, ge=0, le=90)]


def _default_bands() -> list[CourierBand]:
    return [
        CourierBand(max_weight_lb=weight, max_miles=miles, price=price)
        for weight, miles, price in (
            (10, 10, 900), (10, 25, 1400), (50, 10, 1500), (50, 25, 2200),
        )
    ]  # fmt: skip


class Courier(WireModel):
    """The team's own courier. The bands it starts with are an example to replace, and are off.

    `international` are its agreed prices abroad; they hold wherever there is a row, whether or not the bands are on.
    """

    active: Flag = False
    name: Annotated[Text, Field(min_length=1)] = "Own courier"
    service_level: ServiceLevelCode = "same_day"
    offline_delivery: Flag = False
    bands: list[CourierBand] = Field(default_factory=_default_bands, max_length=200)
    international: list[InternationalPrice] = Field(default_factory=list, max_length=500)

    @model_validator(mode="after")
    def _cheapest_first(self) -> "Courier":
        self.bands.sort(key=lambda band: (band.price, band.max_miles, band.max_weight_lb))
        return self


class Discount(WireModel):
    """What customers get off the shipping from a cart total on: a percentage of the price, or an amount in cents.

    It holds for the rates of `providers`, None for those of all.
    """

    min_checkout_total: Annotated[Cents, Field(gt=0)]
    percent: Annotated[Number, Field(gt=0, le=100)] | None = None
    amount: Annotated[Cents, Field(gt=0)] | None = None
    providers: list[ProviderCode] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "Discount":
        if (self.percent is None) == (self.amount is None):
            raise ValueError("give either percent or amount")
        return self


class CounterService(WireModel):
    """What the sender's own counter does: `price` in cents, ready that many minutes after the request."""

    active: Flag = False
    name: Annotated[Text, Field(min_length=1)] = "Counter"
    service_level: ServiceLevelCode = "same_day"
    price: Annotated[Cents, Field(ge=0, le=10_000_00)] = 0
    ready_mins: Annotated[int, Field(strict=True, ge=0, le=43_200)] = 0


class InStorePickup(CounterService):
    """The recipient collects it at the sender's counter."""

    name: Annotated[Text, Field(min_length=1)] = "In-store pickup"


class HandOver(CounterService):
    """The recipient is at the counter and takes it along."""

    name: Annotated[Text, Field(min_length=1)] = "Handed over at the counter"
    service_level: ServiceLevelCode = "on_demand"


class DoorDashSettings(WireModel):
    """Whether DoorDash may be quoted, and when it can pick up, in the sender's time."""

    active: Flag = False
    hours: OperatingHours = Field(default_factory=OperatingHours)


PickupPremium = Annotated[Cents, Field(ge=0, le=1_000_00)]


class TeamSettings(WireModel):
    """What the team has set; a fresh desk has these defaults.

    `pickup_premium` is what a provider charges the team for coming on demand, in cents; `default_options` hold where
    a request leaves an option out.
    """

    usps_price_list: Literal["retail", "commercial"] = "retail"
    books_only_services: list[BooksOnlyService] = Field(default_factory=list)
    fuel_percent: dict[str, Annotated[Number, Field(ge=0, le=100)]] = Field(default_factory=dict)
    cutoff_hour: Annotated[int, Field(strict=True, ge=0, le=23)] = 15
    courier: Courier = Field(default_factory=Courier)
    doordash: DoorDashSettings = Field(default_factory=DoorDashSettings)
    pickup: InStorePickup = Field(default_factory=InStorePickup)
    received: HandOver = Field(default_factory=HandOver)
    pickup_premium: dict[ProviderCode, PickupPremium] = Field(default_factory=dict)
    discounts: list[Discount] = Field(default_factory=list, max_length=100)
    default_options: ShipmentOptions = Field(default_factory=ShipmentOptions)
