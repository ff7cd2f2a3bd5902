"""Groups on the embedded desk, and how they and their members know each other, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from lib.directory.contacts import LocalContacts
from lib.directory.groups import LocalGroups
from lib.directory.locations import LocalLocations
from lib.models.contacts import ContactCreate, ContactUpdate
from lib.models.errors import Conflict, InvalidRequest, NotFound
from lib.models.groups import Group, GroupCreate, GroupUpdate
from lib.models.lists import ListQuery
from lib.models.locations import LocationCreate, LocationUpdate
from tests.contract.test_contacts import happened

COLUMNS = {
    "id", "name", "resource", "children", "children_count", "location", "created_at", "updated_at", "updated_by",
    "organization_id", "metadata",
}  # fmt: skip


class Directory:
    """Contacts, groups and locations of one desk."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.contacts, self.groups, self.locations = (
            LocalContacts(engine),
            LocalGroups(engine),
            LocalLocations(engine),
        )

    def group(self, name: str = "Group A", **fields: Any) -> Group:
        return self.groups.create(GroupCreate.model_validate({"name": name, "resource": "contact", **fields}))

    def contact(self, identifier: str, **fields: Any) -> None:
        self.contacts.create(ContactCreate.model_validate({"id": identifier, "name": f"Name {identifier}", **fields}))

    def location(self, identifier: str, **fields: Any) -> None:
        self.locations.create(LocationCreate.model_validate({"id": identifier, "name": f"Name {identifier}", **fields}))

    def children(self, group_id: str) -> list[str]:
        """The ids of the group's children; that each is a member by the names both have now is seen to."""
        group = self.groups.retrieve(group_id)
        members = self.contacts if group.resource == "contact" else self.locations
        assert group.children_count == len(group.children)
        for child in group.children:
            member = members.retrieve(child.id)
            assert child.name == member.name
            assert [one.name for one in member.groups if one.id == group.id] == [group.name]
        if group.resource == "contact":
            found = self.contacts.list(ListQuery(limit=100, filters={"group_id": group_id}))
            assert {contact.id for contact in found.items} == {child.id for child in group.children}
        return [child.id for child in group.children]

    def groups_of(self, contact_id: str) -> list[str]:
        return [group.name for group in self.contacts.retrieve(contact_id).groups]


@pytest.fixture
def directory(emptied: sa.Engine) -> Directory:
    directory = Directory(emptied)
    for number in range(3):
        directory.contact(f"ctct_{number}")
        directory.location(f"loc_{number}")
    return directory


def test_groups_create(directory: Directory) -> None:
    group = directory.group(
        id="grp_one", location_id="loc_0", add=["ctct_0", "ctct_1", "ctct_0"], metadata={"department": "Sales"}
    )
    assert group.model_dump(exclude={"created_at", "updated_at"}) == {
        "object": "group",
        "id": "grp_one",
        "name": "Group A",
        "resource": "contact",
        "children": [{"id": "ctct_0", "name": "Name ctct_0"}, {"id": "ctct_1", "name": "Name ctct_1"}],
        "children_count": 2,
        "location": {"id": "loc_0", "name": "Name loc_0"},
        "updated_by": None,
        "organization_id": None,
        "metadata": {"department": "Sales"},
    }
    assert group.model_dump().keys() >= COLUMNS
    assert directory.groups.retrieve("grp_one") == group
    assert directory.children("grp_one") == ["ctct_0", "ctct_1"]
    assert happened(directory.engine, "ctct_0") == ["contact.created", "contact.updated"]
    assert happened(directory.engine, "ctct_2") == ["contact.created"]


def test_groups_are_named_once_for_each_resource(directory: Directory) -> None:
    first = directory.group()
    directory.group(resource="location")
    second = directory.group("Group B")
    with pytest.raises(Conflict) as caught:
        directory.group(name=" Group A ")
    assert (caught.value.fields, caught.value.code) == (["name"], "group_exists")
    assert caught.value.message == f"There is a group of contacts called “Group A” already: {first.id}."
    with pytest.raises(Conflict):
        directory.groups.update(second.id, GroupUpdate(name="Group A"))
    assert directory.groups.update(first.id, GroupUpdate(name="Group A")).name == "Group A"
    with pytest.raises(Conflict) as caught:
        directory.group("Group C", id=first.id)
    assert caught.value.fields == ["id"]


def test_groups_never_change_what_they_group(directory: Directory) -> None:
    group = directory.group()
    with pytest.raises(InvalidRequest) as caught:
        directory.groups.update(group.id, GroupUpdate(resource="location", name="Group B"))
    assert (caught.value.fields, caught.value.code) == (["resource"], "resource_is_fixed")
    assert directory.groups.retrieve(group.id) == group
    assert directory.groups.update(group.id, GroupUpdate(resource="contact", name="Group B")).name == "Group B"


def test_groups_update_members(directory: Directory) -> None:
    group = directory.group(add=["ctct_0"])
    change = directory.groups.update
    change(group.id, GroupUpdate(add=["ctct_1", "ctct_0"]))
    assert directory.children(group.id) == ["ctct_0", "ctct_1"]
    change(group.id, GroupUpdate(remove=["ctct_0", "ctct_unknown"], add=["ctct_2"]))
    assert directory.children(group.id) == ["ctct_1", "ctct_2"]
    assert directory.groups_of("ctct_0") == []
    change(group.id, GroupUpdate(set=["ctct_0"]))
    assert directory.children(group.id) == ["ctct_0"]
    assert directory.groups_of("ctct_2") == []
    change(group.id, GroupUpdate(metadata={"a": 1}))
    assert directory.children(group.id) == ["ctct_0"]
    change(group.id, GroupUpdate(set=[]))
    assert directory.children(group.id) == []


def test_groups_refuse_members_that_are_not_there(directory: Directory) -> None:
    group = directory.group(add=["ctct_0"])
    with pytest.raises(NotFound) as caught:
        directory.groups.update(
            group.id, GroupUpdate(name="Group B", add=["ctct_1", "loc_0"], set=["ctct_x"], location_id="loc_x")
        )
    assert caught.value.fields == ["location_id", "set.0", "add.1"]
    assert directory.groups.retrieve(group.id) == group
    assert directory.groups_of("ctct_1") == []


def test_groups_and_contacts_agree_whichever_side_is_changed(directory: Directory) -> None:
    first, second = directory.group(), directory.group("Group B")
    directory.contact("ctct_new", groups=[first.id, {"id": second.id}, first.id])
    assert directory.groups_of("ctct_new") == ["Group A", "Group B"]
    assert (directory.children(first.id), directory.children(second.id)) == (["ctct_new"], ["ctct_new"])
    directory.contacts.update("ctct_new", ContactUpdate.model_validate({"groups": [second.id]}))
    assert (directory.children(first.id), directory.children(second.id)) == ([], ["ctct_new"])
    directory.contacts.update("ctct_new", ContactUpdate(name="Another name"))
    assert directory.children(second.id) == ["ctct_new"]
    assert directory.groups.retrieve(second.id).children[0].name == "Another name"
    assert happened(directory.engine, second.id) == ["group.created", "group.updated", "group.updated"]


def test_groups_renamed_are_renamed_in_their_members(directory: Directory) -> None:
    group = directory.group(add=["ctct_0", "ctct_1"])
    other = directory.group("Group Z", add=["ctct_0"])
    directory.groups.update(group.id, GroupUpdate(name="Group B"))
    assert directory.groups_of("ctct_0") == ["Group B", "Group Z"]
    assert directory.children(group.id) == ["ctct_0", "ctct_1"]
    assert directory.children(other.id) == ["ctct_0"]


def test_groups_and_members_forget_what_is_deleted(directory: Directory) -> None:
    group = directory.group(add=["ctct_0", "ctct_1"])
    directory.contacts.delete("ctct_0")
    assert directory.children(group.id) == ["ctct_1"]
    assert directory.groups.delete(group.id).children_count == 1
    assert directory.groups_of("ctct_1") == []
    assert directory.contacts.list(ListQuery(filters={"group_id": group.id})).items == []
    with pytest.raises(NotFound):
        directory.groups.retrieve(group.id)


def test_groups_lose_no_member_that_joins_while_another_does(directory: Directory) -> None:
    group = directory.group(add=["ctct_0"])

    def change(number: int) -> None:
        if number % 4 == 0:
            directory.groups.update(group.id, GroupUpdate(name=f"Group {number}"))
        elif number % 4 == 1:
            directory.contacts.update("ctct_0", ContactUpdate(name=f"Name {number}"))
        else:
            directory.contact(f"ctct_new{number}", groups=[group.id])

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(change, range(40)))
    assert sorted(directory.children(group.id)) == sorted(
        ["ctct_0", *(f"ctct_new{number}" for number in range(40) if number % 4 > 1)]
    )


def test_groups_of_locations(directory: Directory) -> None:
    group = directory.group(resource="location", add=["loc_0"])
    directory.location("loc_new", groups=[group.id])
    assert directory.children(group.id) == ["loc_0", "loc_new"]
    directory.locations.update("loc_0", LocationUpdate(name="Another name"))
    assert directory.children(group.id) == ["loc_0", "loc_new"]
    directory.locations.delete("loc_0")
    assert directory.children(group.id) == ["loc_new"]
    with pytest.raises(InvalidRequest) as caught:
        directory.contact("ctct_new", groups=[directory.group().id, group.id])
    assert caught.value.fields == ["groups.1"]
    assert caught.value.message == f"A contact joins groups of contacts only; {group.id} is a group of locations."


def test_groups_and_contacts_follow_their_location(directory: Directory) -> None:
    group = directory.group(location_id="loc_0")
    directory.contact("ctct_new", locations=["loc_0", "loc_1"])
    directory.locations.update("loc_0", LocationUpdate(name="Another name"))
    kept = directory.groups.retrieve(group.id).location
    assert kept is not None
    assert kept.name == "Another name"
    assert [one.name for one in directory.contacts.retrieve("ctct_new").locations] == ["Another name", "Name loc_1"]
    directory.locations.delete("loc_0")
    assert directory.groups.retrieve(group.id).location is None
    assert [one.id for one in directory.contacts.retrieve("ctct_new").locations] == ["loc_1"]
    assert directory.contacts.list(ListQuery(filters={"location_id": "loc_0"})).total_count == 0
    moved = directory.groups.update(group.id, GroupUpdate(location_id="loc_1"))
    assert moved.location is not None
    assert moved.location.id == "loc_1"
    assert directory.groups.update(group.id, GroupUpdate(location_id=None)).location is None


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["a group", "Group A", "Group B", "Zone"]),
        ({"resource": "contact"}, ["a group", "Group B"]),
        ({"resource": "contact,location"}, ["a group", "Group A", "Group B", "Zone"]),
        ({"location_id": "loc_0"}, ["Group A"]),
        ({"search": "gro b"}, ["Group B"]),
        ({"metadata.department": "Sales"}, ["Zone"]),
    ],
)
def test_groups_list(directory: Directory, filters: dict[str, str], expected: list[str]) -> None:
    directory.group("Zone", resource="location", metadata={"department": "Sales"})
    directory.group("Group B")
    directory.group("Group A", resource="location", location_id="loc_0")
    directory.group("a group")
    found = directory.groups.list(ListQuery(filters=filters))
    assert ([group.name for group in found.items], found.total_count) == (expected, len(expected))
