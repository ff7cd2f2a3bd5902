"""Groups of contacts, and groups of locations."""

from typing import Annotated, Literal

from pydantic import Field

from lib.models.base import Text
from lib.models.kept import KeptDocument, KeptFields, Name, Named, OwnId

MAX_MEMBERS_AT_ONCE = 5000

GroupResource = Literal["contact", "location"]
_Members = Annotated[list[Text], Field(max_length=MAX_MEMBERS_AT_ONCE)]


class GroupFields(KeptFields):
    """What can be said of a group beside its name; members are written by their ids.

    `set` puts these members in place of all, then `add` adds and `remove` takes away.
    """

    location_id: Text | None = None
    add: _Members = Field(default_factory=list)
    remove: _Members = Field(default_factory=list)
    set: _Members | None = None


class GroupCreate(GroupFields):
    """The body of `POST /v1/groups`: `name` and what it groups are required."""

    id: Annotated[OwnId, Field(pattern=r"^grp_[0-9A-Za-z_]+$")] | None = None
    name: Name
    resource: GroupResource


class GroupUpdate(GroupFields):
    """The body of `POST /v1/groups/{id}`: only what is given changes; what it groups never does."""

    name: Name = Field(default_factory=str)
    resource: GroupResource | None = None


class Group(KeptDocument):
    """A group as kept, with its members by name."""

    object: Literal["group"] = "group"
    name: str
    resource: GroupResource
    children: list[Named] = Field(default_factory=list)
    children_count: int = 0
    location: Named | None = None
