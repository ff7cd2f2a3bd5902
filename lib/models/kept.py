"""What the things of the directory share: how one refers to another, and what is known of every one."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints

from lib.models.base import Document, Metadata, Text, UtcDateTime, WireModel

MAX_REFERENCES = 1000

# An id chosen by whoever creates something; each kind adds its prefix.
OwnId = Annotated[str, Field(strict=True, max_length=100)]
Name = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=255)]


class Named(WireModel):
    """A reference to something kept under its id, with the name it has."""

    id: Text
    name: Text = ""


def _from_id(value: Any) -> Any:
    return {"id": value} if isinstance(value, str) else value


# On the way in an id alone says as much.
Reference = Annotated[Named, BeforeValidator(_from_id, json_schema_input_type=str | Named)]
References = Annotated[list[Reference], Field(max_length=MAX_REFERENCES)]


class KeptDocument(Document):
    """What is known of everything in the directory beside its own fields."""

    created_at: UtcDateTime
    updated_at: UtcDateTime
    updated_by: str | None = None
    organization_id: str | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)


class KeptFields(WireModel):
    """What may be said of everything in the directory; in an update a `null` in `metadata` removes its key."""

    metadata: Metadata = Field(default_factory=dict)
