"""Groups, their members and locations know each other by id and name: what changes on one side follows on the other.

Everything happens in the transaction of the change. On PostgreSQL such transactions come one after the other, as all
do on SQLite, so that no two wait for each other's rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from lib.models.contacts import Contact
from lib.models.errors import InvalidRequest
from lib.models.groups import Group
from lib.models.kept import KeptDocument, KeptFields, Named
from lib.models.locations import Location
from lib.store.database import writing
from lib.store.directory import CONTACTS, GROUP_ID, GROUPS, LOCATION_ID, LOCATIONS
from lib.store.documents import Documents
from lib.store.events import record_event
from lib.store.facets import has_facet
from lib.store.resources import KeptResource, given

Item = TypeVar("Item", bound=KeptDocument)
Create = TypeVar("Create", bound=KeptFields)
Update = TypeVar("Update", bound=KeptFields)

# Any number that is always the same.
_LINKS_LOCK = 7_447_338


@contextmanager
def linking(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that may change both sides of a link."""
    with writing(engine).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LINKS_LOCK})
        yield connection


class LinkedResource(KeptResource[Item, Create, Update]):
    """A resource with links; what a request says of it is filled in once everything it names is looked up."""

    def _changed(self, kept: Item, changes: Update, at: datetime) -> Item:  # noqa: ARG002
        return kept.model_copy(update={"updated_at": at})

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with linking(self._engine) as connection:
            yield connection


def filled(item: Item, request: KeptFields, read: Mapping[str, Any]) -> Item:
    """The item with what the request gives, or what was `read` of it, in place of what was."""
    changes = {name: value for name, value in given(item, request).items() if name in type(item).model_fields}
    return item.model_copy(update={**changes, **read, "id": item.id})


def named(item: Contact | Group | Location) -> Named:
    """The reference to something, with its name."""
    return Named(id=item.id, name=item.name)


def named_once(references: Sequence[Named], found: Mapping[str, Contact | Group | Location]) -> list[Named]:
    """References with the names that what was found has, each once."""
    return [named(found[identifier]) for identifier in dict.fromkeys(reference.id for reference in references)]


def keep_in_groups(connection: sa.Connection, before: Contact | Location | None, after: Contact | Location) -> None:
    """Let a member's groups, and those it leaves, know it as it is after a change."""
    former = before.groups if before else []
    if before is None or (before.name, former) != (after.name, after.groups):
        _join(connection, after, _groups_of(connection, [*former, *after.groups]))


def leave_groups(connection: sa.Connection, member: Contact | Location, at: datetime) -> None:
    """Take a member that goes away out of its groups."""
    gone = member.model_copy(update={"groups": [], "updated_at": at})
    _join(connection, gone, _groups_of(connection, member.groups))


def refuse_other_groups(resource: str, references: Sequence[Named], groups: Mapping[str, Group]) -> None:
    """Raises InvalidRequest for references to groups of something else."""
    wrong = {
        f"groups.{position}": groups[reference.id]
        for position, reference in enumerate(references)
        if groups[reference.id].resource != resource
    }
    if wrong:
        told = ", ".join(f"{group.id} is a group of {group.resource}s" for group in wrong.values())
        raise InvalidRequest(f"A {resource} joins groups of {resource}s only; {told}.", fields=list(wrong))


def gather_members(connection: sa.Connection, group: Group, members: Mapping[str, Contact | Location]) -> None:
    """Let exactly those of `members` (by id) that are children of `group` name it, by the name it has now."""
    children = {child.id for child in group.children}
    for member in members.values():
        groups = _with(member.groups, named(group)) if member.id in children else _without(member.groups, group.id)
        if groups != member.groups:
            _follow(connection, members_of(group), member, group.updated_at, groups=groups)


def members_of(group: Group) -> Documents[Any]:
    """Where the members of a group are kept."""
    return CONTACTS if group.resource == "contact" else LOCATIONS


def kept_members(connection: sa.Connection, group: Group) -> dict[str, Contact | Location]:
    """Who names this group, by id."""
    documents = members_of(group)
    return documents.some(connection, has_facet(documents.table, documents.resource, GROUP_ID, [group.id]))


def rename_location(connection: sa.Connection, location: Location) -> None:
    """Let contacts and groups at a location know it by the name it has now."""
    for contact in _contacts_at(connection, location).values():
        locations = [named(location) if one.id == location.id else one for one in contact.locations]
        if locations != contact.locations:
            _follow(connection, CONTACTS, contact, location.updated_at, locations=locations)
    for group in _groups_at(connection, location).values():
        if group.location != named(location):
            _follow(connection, GROUPS, group, location.updated_at, location=named(location))


def forget_location(connection: sa.Connection, location: Location, at: datetime) -> None:
    """Let contacts and groups at a location that goes away forget it."""
    for contact in _contacts_at(connection, location).values():
        _follow(connection, CONTACTS, contact, at, locations=_without(contact.locations, location.id))
    for group in _groups_at(connection, location).values():
        _follow(connection, GROUPS, group, at, location=None)


def _join(connection: sa.Connection, member: Contact | Location, groups: Mapping[str, Group]) -> None:
    """Make `member` a child of exactly those of `groups` (by id) that it names, under the name it has now."""
    mine = {group.id for group in member.groups}
    for group in groups.values():
        children = _with(group.children, named(member)) if group.id in mine else _without(group.children, member.id)
        if children != group.children:
            _follow(connection, GROUPS, group, member.updated_at, children=children, children_count=len(children))


def _groups_of(connection: sa.Connection, references: Sequence[Named]) -> dict[str, Group]:
    return GROUPS.some(connection, GROUPS.table.c.id.in_({reference.id for reference in references}))


def _contacts_at(connection: sa.Connection, location: Location) -> dict[str, Contact]:
    return CONTACTS.some(connection, has_facet(CONTACTS.table, CONTACTS.resource, LOCATION_ID, [location.id]))


def _groups_at(connection: sa.Connection, location: Location) -> dict[str, Group]:
    return GROUPS.some(connection, GROUPS.table.c.location_id == location.id)


def _follow(connection: sa.Connection, documents: Documents[Item], item: Item, at: datetime, **changes: Any) -> None:
    """Keep what changed because something else did, with its event."""
    documents.update(connection, item.model_copy(update={**changes, "updated_at": at}))
    record_event(connection, f"{documents.resource}.updated", item.id)


def _with(references: Sequence[Named], one: Named) -> list[Named]:
    if any(reference.id == one.id for reference in references):
        return [one if reference.id == one.id else reference for reference in references]
    return [*references, one]


def _without(references: Sequence[Named], identifier: str) -> list[Named]:
    return [reference for reference in references if reference.id != identifier]
