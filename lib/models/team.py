"""What a team sets once: price lists, fuel, its own courier."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from lib.models.base import Cents, Flag, Number, Text, WireModel
from lib.models.options import ServiceLevelCode

# Prices that hold for books and other media only: they undercut everything for a heavy parcel, so a team that
# sends other things must not be shown them by accident.
BooksOnlyService = Literal["media_mail", "library_mail"]


class CourierBand(WireModel):
    """One row of the own courier's card: up to this weight (pounds) and distance (miles), this price (cents)."""

    max_weight_lb: Annotated[Number, Field(gt=0, le=150)]
    max_miles: Annotated[Number, Field(gt=0, le=3000)]
    price: Annotated[Cents, Field(ge=0, le=10_000_00)]


def _default_bands() -> list[CourierBand]:
    return [
        CourierBand(max_weight_lb=weight, max_miles=miles, price=price)
        for weight, miles, price in (
            (10, 10, 900), (10, 25, 1400), (50, 10, 1500), (50, 25, 2200),
        )
    ]  # fmt: skip


class Courier(WireModel):
    """The team's own courier. The bands it starts with are an example to replace, and are off."""

    active: Flag = False
    name: Annotated[Text, Field(min_length=1)] = "Own courier"
    service_level: ServiceLevelCode = "same_day"
    offline_delivery: Flag = False
    bands: list[CourierBand] = Field(default_factory=_default_bands, max_length=200)

    @model_validator(mode="after")
    def _cheapest_first(self) -> "Courier":
        self.bands.sort(key=lambda band: (band.price, band.max_miles, band.max_weight_lb))
        return self


class TeamSettings(WireModel):
    """What the team has set; a fresh desk has these defaults."""

    usps_price_list: Literal["retail", "commercial"] = "retail"
    books_only_services: list[BooksOnlyService] = Field(default_factory=list)
    fuel_percent: dict[str, Annotated[Number, Field(ge=0, le=100)]] = Field(default_factory=dict)
    cutoff_hour: Annotated[int, Field(strict=True, ge=0, le=23)] = 15
    courier: Courier = Field(default_factory=Courier)
