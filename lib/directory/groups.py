"""Groups on the embedded desk."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from lib.directory.linking import LinkedResource, filled, gather_members, kept_members, members_of, named
from lib.directory.lookup import Lookup
from lib.models.base import utc_now
from lib.models.contacts import Contact
from lib.models.errors import Conflict, InvalidRequest
from lib.models.groups import Group, GroupCreate, GroupFields, GroupUpdate
from lib.models.ids import new_id
from lib.models.kept import Named
from lib.models.locations import Location
from lib.store.directory import GROUPS, LOCATIONS


class LocalGroups(LinkedResource[Group, GroupCreate, GroupUpdate]):
    """Keeps groups; they and their members know each other."""

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__(engine, GROUPS)

    def _made(self, request: GroupCreate, at: datetime) -> Group:
        return Group(
            id=request.id or new_id("grp"), name=request.name, resource=request.resource, created_at=at, updated_at=at
        )

    def _linked(
        self, connection: sa.Connection, before: Group | None, after: Group, request: GroupCreate | GroupUpdate
    ) -> Group:
        _refuse_another_resource(after, request)
        group = _with_given(connection, after, request)
        _refuse_taken_name(connection, group)
        if before is None or (before.name, before.children) != (group.name, group.children):
            former = kept_members(connection, before) if before else {}
            gather_members(connection, group, former | _members(connection, group))
        return group

    def _unlinked(self, connection: sa.Connection, kept: Group) -> None:
        empty = kept.model_copy(update={"children": [], "updated_at": utc_now()})
        gather_members(connection, empty, kept_members(connection, kept))


def _with_given(connection: sa.Connection, group: Group, request: GroupFields) -> Group:
    """The group with what the request gives. Raises NotFound for members and locations that are not kept."""
    lookup = Lookup(connection)
    location = lookup.find(LOCATIONS, "location_id", request.location_id)
    joining = {
        f"{word}.{at}": identifier
        for word, ids in (("set", request.set or []), ("add", request.add))
        for at, identifier in enumerate(ids)
    }
    found = lookup.find_all(members_of(group), joining)
    lookup.refuse_missing()
    children = _changed_children(group, request, found)
    read = {"children": children, "children_count": len(children)}
    if "location_id" in request.model_fields_set:
        read["location"] = location and named(location)
    return filled(group, request, read)


def _changed_children(group: Group, request: GroupFields, found: Mapping[str, Contact | Location]) -> list[Named]:
    kept = group.children if request.set is None else [Named(id=identifier) for identifier in request.set]
    joining = [Named(id=identifier) for identifier in request.add]
    names = {child.id: child for child in group.children} | {key: named(member) for key, member in found.items()}
    wanted = dict.fromkeys(child.id for child in [*kept, *joining])
    return [names[identifier] for identifier in wanted if identifier not in request.remove]


def _members(connection: sa.Connection, group: Group) -> dict[str, Contact | Location]:
    documents = members_of(group)
    return documents.some(connection, documents.table.c.id.in_({child.id for child in group.children}))


def _refuse_another_resource(group: Group, request: GroupCreate | GroupUpdate) -> None:
    if request.resource is not None and request.resource != group.resource:
        raise InvalidRequest(
            f"Group {group.id} is of {group.resource}s and stays so; make another group for {request.resource}s.",
            fields=["resource"],
            code="resource_is_fixed",
        )


def _refuse_taken_name(connection: sa.Connection, group: Group) -> None:
    """Within a transaction that links nobody else can take the name meanwhile. Raises Conflict."""
    columns = GROUPS.table.c
    same = sa.and_(columns.name == group.name, columns.resource == group.resource, columns.id != group.id)
    taken = connection.scalar(sa.select(columns.id).where(same))
    if taken is not None:
        raise Conflict(
            f"There is a group of {group.resource}s called “{group.name}” already: {taken}.",
            fields=["name"],
            code="group_exists",
        )
