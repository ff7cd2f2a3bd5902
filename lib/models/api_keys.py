"""Keys that open the API."""

from lib.models.base import UtcDateTime, WireModel


class ApiKey(WireModel):
    """A key as listed: its start for recognising it, never the secret."""

    id: str
    name: str
    starts_with: str
    created_at: UtcDateTime
    revoked_at: UtcDateTime | None = None


class NewApiKey(ApiKey):
    """A key just made, with the secret that is shown this once."""

    secret: str
