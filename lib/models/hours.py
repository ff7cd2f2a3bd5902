"""When somebody is open, by day of the week, in the time of the place."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, model_validator

from lib.models.base import Flag, WireModel

ClockTime = Annotated[str, Field(strict=True, pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class DayHours(WireModel):
    """One day: open from `open` up to `close` (24-hour clock, `09:00`), or closed when not active."""

    active: Flag = True
    open: ClockTime = "09:00"
    close: ClockTime = "17:00"

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> "DayHours":
        if self.open >= self.close:
            raise ValueError("open must be before close")
        return self

    def holds(self, moment: datetime) -> bool:
        """Whether the day's hours include this local time."""
        return self.active and self.open <= f"{moment:%H:%M}" < self.close


def _closed() -> DayHours:
    return DayHours(active=False)


class OperatingHours(WireModel):
    """A week; unless said otherwise Monday to Friday, 09:00 to 17:00."""

    monday: DayHours = Field(default_factory=DayHours)
    tuesday: DayHours = Field(default_factory=DayHours)
    wednesday: DayHours = Field(default_factory=DayHours)
    thursday: DayHours = Field(default_factory=DayHours)
    friday: DayHours = Field(default_factory=DayHours)
    saturday: DayHours = Field(default_factory=_closed)
    sunday: DayHours = Field(default_factory=_closed)

    def on(self, moment: datetime) -> DayHours:
        """The hours of the day of a local time."""
        days = (self.monday, self.tuesday, self.wednesday, self.thursday, self.friday, self.saturday, self.sunday)
        return days[moment.weekday()]
