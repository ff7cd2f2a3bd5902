"""The options of a quote. Left out, `null` and (but for switches) `false` mean: as the team's settings say."""

from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from lib.models.base import Cents, Flag, LongText, WireModel
from lib.models.statuses import CompletedStatus, OutstandingStatus

ServiceLevelCode = Literal[
    "on_demand", "same_day", "next_day_early", "next_day", "next_day_later", "two_day_early", "two_day", "three_day",
    "ground",
]  # fmt: skip
ProviderCode = Literal["self", "marketplace", "ups", "upssurepost", "usps", "fedex", "doordash"]
RateType = Literal["delivery", "pickup", "received"]
CloseOption = Literal["on_provider_updates", "on_shipment_chained", "never"]
Signature = Literal["none", "direct", "indirect", "adult"]

SERVICE_LEVELS: tuple[str, ...] = get_args(ServiceLevelCode)
PROVIDERS: tuple[str, ...] = get_args(ProviderCode)
SAME_DAY_LEVELS = frozenset({"on_demand", "same_day"})
MAX_DECLARED_VALUE = 50_000_00

_SWITCHES = frozenset({"request_provider_pickup", "return_other_rates", "verify_address", "verify_addresses"})


def _no_doubles(value: list[Any]) -> list[Any]:
    return list(dict.fromkeys(value))


_MAX_NAMED = Field(max_length=50)
_Once = AfterValidator(_no_doubles)


class ShipmentOptions(WireModel):
    """What may shape the rates of a shipment. Money in cents, times in minutes or milliseconds.

    `declared_value` (of each parcel) and `signature` are additions of Shipdesk to the options of the API.
    """

    providers: Annotated[list[ProviderCode], _MAX_NAMED, _Once] | None = None
    service_levels: Annotated[list[ServiceLevelCode], _MAX_NAMED, _Once] | None = None
    rate_types: Annotated[list[RateType], _MAX_NAMED, _Once] | None = None
    max_delivery_days: Annotated[int, Field(strict=True, ge=0, le=365)] | None = None
    lead_time_mins: Annotated[int, Field(strict=True, ge=0, le=525_600)] = 0
    checkout_total: Annotated[Cents, Field(ge=0)] = 0
    request_provider_pickup: Flag = False
    same_day_tip_amount: Annotated[Cents, Field(ge=0)] = 0
    declared_value: Annotated[
        Cents, Field(ge=0, le=MAX_DECLARED_VALUE, description="Cents, of each parcel. An addition of Shipdesk.")
    ] = 0
    signature: Annotated[Signature, Field(description="On delivery. An addition of Shipdesk.")] = "none"
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
        given = {name: value for name, value in data.items() if not _is_default(name, value)}
        if "verify_address" in given:
            given.setdefault("verify_addresses", given["verify_address"])
        return given

    def over(self, defaults: "ShipmentOptions") -> "ShipmentOptions":
        """The defaults with what was given here in their place."""
        return defaults.model_copy(update={name: getattr(self, name) for name in self.model_fields_set})

    def changed(self, changes: dict[str, Any], defaults: "ShipmentOptions") -> "ShipmentOptions":
        """These options with some changed; `null` (or `false` for what is no switch) puts one back to its default.

        Raises pydantic's ValidationError.
        """
        given = ShipmentOptions.model_validate(changes)
        named = {"verify_addresses" if name == "verify_address" else name for name in changes}
        back = (named & ShipmentOptions.model_fields.keys()) - given.model_fields_set
        return given.over(self.model_copy(update={name: getattr(defaults, name) for name in back}))


def _is_default(name: str, value: Any) -> bool:
    return value is None or value == [] or (value is False and name not in _SWITCHES)
