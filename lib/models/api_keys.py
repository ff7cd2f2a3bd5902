"""Keys that open the API, and how much of it."""

from typing import Literal, get_args

from lib.models.base import UtcDateTime, WireModel

Scope = Literal["read", "ship", "export", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
EVERYTHING: tuple[Scope, ...] = ("admin",)
USUAL_SCOPES: tuple[Scope, ...] = ("read", "ship", "export")


class Grant(WireModel):
    """What a key that was shown opens."""

    key_id: str
    scopes: tuple[Scope, ...]

    def allows(self, scope: Scope) -> bool:
        """Whether the key may do what needs this scope; `admin` is every scope."""
        return scope in self.scopes or "admin" in self.scopes


class ApiKey(WireModel):
    """A key as listed: its start for recognising it and what it opens, never the secret."""

    id: str
    name: str
    starts_with: str
    scopes: tuple[Scope, ...]
    created_at: UtcDateTime
    revoked_at: UtcDateTime | None = None


class NewApiKey(ApiKey):
    """A key just made, with the secret that is shown this once."""

    secret: str
