"""Moments as people at a place write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_of(name: str | None) -> ZoneInfo:
    """The time zone of that IANA name; UTC when there is none or it is not known here."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def day(moment: datetime, timezone: str | None) -> str:
    """The day of a moment in a time zone: `Tue, Nov 24`, with the year when it is not this one."""
    local = moment.astimezone(zone_of(timezone))
    year = "" if local.year == datetime.now(UTC).year else f", {local.year}"
    return f"{local:%a, %b} {local.day}{year}"


def clock(moment: datetime, timezone: str | None) -> str:
    """The time of day of a moment in a time zone: `8 pm`, `10:30 am`."""
    local = moment.astimezone(zone_of(timezone))
    minutes = f":{local:%M}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes} {'am' if local.hour < 12 else 'pm'}"  # noqa: PLR2004


def arrival(moment: datetime | None, timezone: str | None) -> str:
    """When a parcel is there at the latest: `Tue, Nov 24, by 8 pm`."""
    if moment is None:
        return "No delivery date"
    return f"{day(moment, timezone)}, by {clock(moment, timezone)}"


def moment_words(moment: datetime, timezone: str | None) -> str:
    """A moment in full: `Tue, Nov 24, 3:05 pm`."""
    return f"{day(moment, timezone)}, {clock(moment, timezone)}"
