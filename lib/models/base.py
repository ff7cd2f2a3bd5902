"""What every wire model shares: tolerant of unknown fields, strict about types, UTC in and out."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer
from pydantic_core import to_json

from lib.models.errors import InvalidRequest

# Epochs above this are milliseconds: as seconds it would be the year 5138.
_MILLISECONDS_FROM = 100_000_000_000
# A billion dollars.
MAX_CENTS = 100_000_000_000
MAX_TAGS = 50
MAX_METADATA_KEYS = 50
MAX_METADATA_VALUE = 2000


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
        raise ValueError("a date-time was expected in the years 1 to 9999") from error


def iso_instant(value: datetime) -> str:
    """The wire spelling of an instant: ISO-8601 in UTC with milliseconds and a `Z`."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


UtcDateTime = Annotated[datetime, BeforeValidator(parse_instant), PlainSerializer(iso_instant, when_used="json")]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Cents = Annotated[int, Field(strict=True, le=MAX_CENTS)]
Quantity = Annotated[int, Field(strict=True, gt=0, le=1_000_000)]
Text = Annotated[str, Field(strict=True, max_length=255)]
LongText = Annotated[str, Field(strict=True, max_length=2000)]
Flag = Annotated[bool, Field(strict=True)]
Tags = Annotated[list[Text], Field(max_length=MAX_TAGS)]


def _short(value: Any) -> Any:
    if len(to_json(value)) > MAX_METADATA_VALUE:
        raise ValueError(f"must have at most {MAX_METADATA_VALUE} bytes as JSON")
    return value


Metadata = Annotated[
    dict[Annotated[str, Field(max_length=100)], Annotated[Any, AfterValidator(_short)]],
    Field(max_length=MAX_METADATA_KEYS),
]


def merged_metadata(kept: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept with the changes over it; a null removes its key. Raises InvalidRequest when it gets too much."""
    merged = {key: value for key, value in {**kept, **changes}.items() if value is not None}
    if len(merged) > MAX_METADATA_KEYS:
        raise InvalidRequest(
            f"metadata: would have {len(merged)} keys, must hold at most {MAX_METADATA_KEYS}", fields=["metadata"]
        )
    return merged
