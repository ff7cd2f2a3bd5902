"""What every wire model shares: tolerant of unknown fields, strict about types, UTC in and out."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

# Epochs above this are milliseconds: as seconds it would be the year 5138.
_MILLISECONDS_FROM = 100_000_000_000


class WireModel(BaseModel):
    """A model of the API: unknown fields are ignored, as the API does."""

    model_config = ConfigDict(extra="ignore", validate_assignment=False)


class Document(WireModel):
    """A model that is kept under its id."""

    id: str


def utc_now() -> datetime:
    """The present moment, aware, in UTC, to the millisecond that the wire carries."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def parse_instant(value: Any) -> datetime:
    """An aware UTC datetime from ISO-8601, epoch seconds or epoch milliseconds.

    Raises ValueError for text that is none of them; a time without an offset is UTC.
    """
    if isinstance(value, bool):
        raise ValueError("a date-time was expected, such as 2026-01-31T09:30:00Z")
    try:
        if isinstance(value, int | float):
            seconds = value / 1000 if abs(value) >= _MILLISECONDS_FROM else value
            return datetime.fromtimestamp(seconds, UTC)
        if isinstance(value, str):
            value = datetime.fromisoformat(value.strip())
        if not isinstance(value, datetime):
            raise ValueError("a date-time was expected, such as 2026-01-31T09:30:00Z")
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    except (OverflowError, OSError) as error:
        raise ValueError("the date-time is outside of what a calendar holds") from error


def iso_instant(value: datetime) -> str:
    """The wire spelling of an instant: ISO-8601 in UTC with milliseconds and a `Z`."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


UtcDateTime = Annotated[datetime, BeforeValidator(parse_instant), PlainSerializer(iso_instant, when_used="json")]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Cents = Annotated[int, Field(strict=True)]
Text = Annotated[str, Field(strict=True, max_length=255)]
LongText = Annotated[str, Field(strict=True, max_length=2000)]
Flag = Annotated[bool, Field(strict=True)]
Metadata = dict[Annotated[str, Field(max_length=100)], Any]
