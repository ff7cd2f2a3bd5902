"""Locations: the places a team works from."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from lib.models.addresses import Address, AddressInput
from lib.models.base import LongText, Text, UtcDateTime, WireModel
from lib.models.hours import OperatingHours
from lib.models.kept import KeptDocument, KeptFields, Name, Named, OwnId, References
from lib.models.options import ServiceLevelCode

MAX_HOLIDAYS = 400


def _as_day(value: Any) -> Any:
    """A day as text only: a number would be read as seconds since 1970."""
    if isinstance(value, str):
        return date.fromisoformat(value)
    raise ValueError("a day such as 2026-12-25 was expected")


class Holiday(WireModel):
    """A day on which nobody is there."""

    date: Annotated[date, BeforeValidator(_as_day, json_schema_input_type=date)]
    name: Text | None = None


def _from_day(value: Any) -> Any:
    return {"date": value} if isinstance(value, str) else value


Holidays = Annotated[
    list[Annotated[Holiday, BeforeValidator(_from_day, json_schema_input_type=date | Holiday)]],
    Field(max_length=MAX_HOLIDAYS),
]


class LocationFields(KeptFields):
    """What can be said of a location beside its name.

    `address` is as for a contact. `holidays` are days, or objects with a `date` and a `name`. In an update the days
    of the week that `operating_hours` leaves out stay as they are. `users` are kept as given.
    """

    code: Text | None = None
    email: Text | None = None
    address: LongText | AddressInput | None = None
    address_line2: Text | None = None
    service_levels: list[ServiceLevelCode] = Field(default_factory=list)
    provider_instructions: LongText | None = None
    operating_hours: OperatingHours = Field(default_factory=OperatingHours)
    holidays: Holidays = Field(default_factory=list)
    users: References = Field(default_factory=list)
    groups: References = Field(default_factory=list)
    last_audited_at: UtcDateTime | None = None


class LocationCreate(LocationFields):
    """The body of `POST /v1/locations`: only `name` is required."""

    id: Annotated[OwnId, Field(pattern=r"^loc_[0-9A-Za-z_]+$")] | None = None
    name: Name


class LocationUpdate(LocationFields):
    """The body of `POST /v1/locations/{id}`: only what is given changes."""

    name: Name = Field(default_factory=str)


class Location(KeptDocument):
    """A location as kept."""

    object: Literal["location"] = "location"
    name: str
    code: str | None = None
    email: str | None = None
    address: Address | None = None
    service_levels: list[ServiceLevelCode] = Field(default_factory=list)
    provider_instructions: str | None = None
    operating_hours: OperatingHours = Field(default_factory=OperatingHours)
    holidays: list[Holiday] = Field(default_factory=list)
    users: list[Named] = Field(default_factory=list)
    groups: list[Named] = Field(default_factory=list)
    last_audited_at: UtcDateTime | None = None
