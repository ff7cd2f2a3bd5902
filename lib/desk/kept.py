"""What every resource of the Desk that is simply kept has in common."""

from typing import Protocol, TypeVar

from lib.models.lists import ListQuery, Page

Item = TypeVar("Item")
Create_contra = TypeVar("Create_contra", contravariant=True)
Update_contra = TypeVar("Update_contra", contravariant=True)


class Kept(Protocol[Item, Create_contra, Update_contra]):
    """A resource that is simply kept: contacts, groups, locations and their like."""

    def create(self, request: Create_contra, /) -> Item:
        """Keep a new one. Raises InvalidRequest, Conflict."""
        ...

    def retrieve(self, identifier: str, /) -> Item:
        """The one of that id. Raises NotFound."""
        ...

    def list(self, query: ListQuery, /) -> Page[Item]:
        """A page of them. Raises InvalidRequest."""
        ...

    def update(self, identifier: str, changes: Update_contra, /) -> Item:
        """Change what is given and leave the rest. Raises NotFound, InvalidRequest, Conflict."""
        ...

    def delete(self, identifier: str, /) -> Item:
        """Forget the one of that id; the one that was. Raises NotFound."""
        ...
