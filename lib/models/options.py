"""The options of a quote. Left out, `null` and `false` all mean: as the team's settings say."""

from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, model_validator

from lib.models.base import Cents, Flag, LongText, WireModel
from lib.models.statuses import CompletedStatus, OutstandingStatus

ServiceLevelCode = Literal[
    "on_demand", "same_day", "next_day_early", "next_day", "next_day_later", "two_day_early", "two_day", "three_day",
    "ground",
]  # fmt: skip
ProviderCode = Literal["self", "marketplace", "ups", "upssurepost", "usps", "fedex", "doordash"]
RateType = Literal["delivery", "pickup", "received"]
CloseOption = Literal["on_provider_updates", "on_shipment_chained", "never"]

SERVICE_LEVELS: tuple[str, ...] = get_args(ServiceLevelCode)
PROVIDERS: tuple[str, ...] = get_args(ProviderCode)


def _false_is_default(value: Any) -> Any:
    return None if value is False or value == [] else value


def _no_doubles(value: list[str] | None) -> list[str] | None:
    return None if value is None else list(dict.fromkeys(value))


class ShipmentOptions(WireModel):
    """What may shape the rates of a shipment. Money in cents, times in minutes or milliseconds."""

    providers: Annotated[list[ProviderCode] | None, BeforeValidator(_false_is_default)] = None
    service_levels: Annotated[list[ServiceLevelCode] | None, BeforeValidator(_false_is_default)] = None
    rate_types: Annotated[list[RateType] | None, BeforeValidator(_false_is_default)] = None
    max_delivery_days: Annotated[int, Field(strict=True, ge=0, le=365)] | None = None
    lead_time_mins: Annotated[int, Field(strict=True, ge=0, le=525_600)] = 0
    checkout_total: Annotated[Cents, Field(ge=0)] = 0
    request_provider_pickup: Flag = False
    same_day_tip_amount: Annotated[Cents, Field(ge=0)] = 0
    provider_instructions: LongText | None = None
    provider_timeout: Annotated[int, Field(strict=True, ge=500, le=20_000)] = 15_000
    return_other_rates: Flag = True
    verify_addresses: Flag = False
    tracker_chained_status: OutstandingStatus = "package_at_waypoint"
    tracker_auto_close_shipments_option: CloseOption = "on_provider_updates"
    tracker_auto_close_shipments_status: CompletedStatus = "delivered"

    @model_validator(mode="before")
    @classmethod
    def _spellings_of_the_same(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        given = {name: value for name, value in data.items() if value is not None}
        if "verify_address" in given:
            given.setdefault("verify_addresses", given["verify_address"])
        return given
