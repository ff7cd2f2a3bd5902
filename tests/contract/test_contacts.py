"""Contacts on the embedded desk, on both databases."""

from typing import Any

import pytest
import sqlalchemy as sa

from lib.directory.contacts import LocalContacts
from lib.directory.groups import LocalGroups
from lib.directory.locations import LocalLocations
from lib.models.contacts import Contact, ContactCreate, ContactUpdate
from lib.models.errors import Conflict, InvalidRequest, NotFound
from lib.models.groups import GroupCreate
from lib.models.lists import ListQuery
from lib.models.locations import LocationCreate
from lib.store.tables import events
from tests.contract.test_shipments import FLOOR_TEN, TEMPE_KEPT
from tests.examples import TEMPE

LINE = "500 7th ave, New York, NY, 10018"
# What the page on exports lists as columns of a contact, but for what is made only when it is exported.
COLUMNS = {
    "id", "name", "alternate_names", "email", "alternate_emails", "phone", "alternate_phones", "id_number", "address",
    "alternate_addresses", "groups", "locations", "is_primary", "notes", "created_at", "updated_at", "updated_by",
    "organization_id", "metadata",
}  # fmt: skip
EMPTY = {
    "object": "contact", "alternate_names": [], "email": None, "alternate_emails": [], "phone": None,
    "alternate_phones": [], "business": None, "id_number": None, "address": None, "alternate_addresses": [],
    "groups": [], "locations": [], "is_primary": False, "notes": None, "updated_by": None, "organization_id": None,
    "metadata": {},
}  # fmt: skip


@pytest.fixture
def contacts(emptied: sa.Engine) -> LocalContacts:
    return LocalContacts(emptied)


def made(contacts: LocalContacts, **fields: Any) -> Contact:
    return contacts.create(ContactCreate.model_validate({"name": "Kyle Grzybowski", **fields}))


def updated(contacts: LocalContacts, identifier: str, **fields: Any) -> Contact:
    return contacts.update(identifier, ContactUpdate.model_validate(fields))


def listed(contacts: LocalContacts, *, page: int = 1, limit: int = 25, **asked: Any) -> list[str]:
    found = contacts.list(ListQuery.model_validate({"page": page, "limit": limit, **asked}))
    return [contact.name for contact in found.items]


def happened(engine: sa.Engine, identifier: str) -> list[str]:
    wanted = sa.select(events.c.event).where(events.c.resource_id == identifier).order_by(events.c.sequence)
    with engine.connect() as connection:
        return list(connection.scalars(wanted))


def test_contacts_create_needs_a_name_only(contacts: LocalContacts) -> None:
    contact = made(contacts)
    assert contact.id.startswith("ctct_")
    assert contact.created_at == contact.updated_at
    assert contact.model_dump(exclude={"id", "created_at", "updated_at"}) == EMPTY | {"name": "Kyle Grzybowski"}
    assert contacts.retrieve(contact.id) == contact
    assert contact.model_dump().keys() >= COLUMNS


def test_contacts_create_with_everything(contacts: LocalContacts, emptied: sa.Engine) -> None:
    group = LocalGroups(emptied).create(GroupCreate(name="Group A", resource="contact"))
    location = LocalLocations(emptied).create(LocationCreate(name="Tempe"))
    contact = made(
        contacts,
        id="ctct_one",
        alternate_names=["Kyle G."],
        email="kyle.grzybowski@PackageX.io",
        alternate_emails=["name@example.com"],
        phone="212 555 0100",
        alternate_phones=["+923066545454", ""],
        business="Dispatch Roasters",
        id_number="A-17",
        address=LINE,
        address_line2="Floor 10",
        alternate_addresses=[TEMPE["address"]],
        groups=[group.id],
        locations=[{"id": location.id, "name": "an old name"}],
        is_primary=True,
        notes="Rings twice",
        metadata={"department": "Sales"},
    )
    kept = contact.model_dump(exclude={"created_at", "updated_at"})
    address, alternate = kept.pop("address"), kept.pop("alternate_addresses")[0]
    for found, expected in ((address, FLOOR_TEN), (alternate, TEMPE_KEPT)):
        assert found.pop("id").startswith("addr_")
        assert len(found.pop("hash")) == 64
        assert found == expected
    assert kept == {
        "object": "contact",
        "id": "ctct_one",
        "name": "Kyle Grzybowski",
        "alternate_names": ["Kyle G."],
        "email": "kyle.grzybowski@packagex.io",
        "alternate_emails": ["name@example.com"],
        "phone": "+12125550100",
        "alternate_phones": ["+923066545454"],
        "business": "Dispatch Roasters",
        "id_number": "A-17",
        "groups": [{"id": group.id, "name": "Group A"}],
        "locations": [{"id": location.id, "name": "Tempe"}],
        "is_primary": True,
        "notes": "Rings twice",
        "updated_by": None,
        "organization_id": None,
        "metadata": {"department": "Sales"},
    }
    assert contacts.retrieve("ctct_one") == contact


def test_contacts_create_under_a_taken_id(contacts: LocalContacts) -> None:
    made(contacts, id="ctct_one")
    with pytest.raises(Conflict) as caught:
        made(contacts, id="ctct_one", name="Another")
    assert (caught.value.fields, caught.value.code) == (["id"], "contact_exists")
    assert contacts.retrieve("ctct_one").name == "Kyle Grzybowski"


def test_contacts_create_tells_everything_that_is_wrong_at_once(contacts: LocalContacts) -> None:
    wrong = {
        "email": "nobody",
        "alternate_phones": ["212 555 0100", "12"],
        "address": "1 Main St, Tempe AZ",
        "alternate_addresses": [LINE, {"postal_code": "85282", "state": "Nowhere"}],
    }
    with pytest.raises(InvalidRequest) as caught:
        made(contacts, **wrong)
    assert caught.value.fields == [
        "address.postal_code",
        "alternate_addresses.1.state",
        "email",
        "alternate_phones.1",
    ]
    assert listed(contacts) == []


def test_contacts_create_names_every_reference_that_leads_nowhere(contacts: LocalContacts) -> None:
    with pytest.raises(NotFound) as caught:
        made(contacts, address="addr_none", groups=["grp_none"], locations=["loc_none"])
    assert caught.value.details == {
        "not_found": {"groups.0": "grp_none", "locations.0": "loc_none", "address": "addr_none"}
    }
    assert listed(contacts) == []


def test_contacts_update_changes_what_is_given_only(contacts: LocalContacts, emptied: sa.Engine) -> None:
    before = made(
        contacts, email="name@example.com", address=LINE, notes="Rings", metadata={"a": 1, "b": {"c": 2}, "d": None}
    )
    after = updated(contacts, before.id, phone="212 555 0100", notes=None, metadata={"a": None, "e": "new"})
    changed = {"phone": "+12125550100", "notes": None, "metadata": {"b": {"c": 2}, "e": "new"}}
    assert after.model_dump(exclude={"updated_at"}) == before.model_dump(exclude={"updated_at"}) | changed
    assert after.updated_at >= before.updated_at
    assert contacts.retrieve(before.id) == after
    assert happened(emptied, before.id) == ["contact.created", "contact.updated"]


def test_contacts_update_of_the_address(contacts: LocalContacts) -> None:
    contact = made(contacts, address=LINE)
    upstairs = updated(contacts, contact.id, address_line2="Floor 10").address
    assert upstairs is not None
    assert upstairs.model_dump(exclude={"id", "hash"}) == FLOOR_TEN
    moved = updated(contacts, contact.id, address=TEMPE["address"]).address
    assert moved is not None
    assert moved.model_dump(exclude={"id", "hash"}) == TEMPE_KEPT
    assert updated(contacts, contact.id, address=None).address is None


def test_contacts_have_phones_as_dialled_where_they_are(contacts: LocalContacts) -> None:
    downing_street = {"line1": "10 Downing Street", "city": "London", "postal_code": "SW1A 2AA", "country_code": "GB"}
    contact = made(contacts, address=downing_street, phone="020 7946 0018")
    assert contact.phone == "+442079460018"
    assert updated(contacts, contact.id, alternate_phones=["020 7946 0019"]).alternate_phones == ["+442079460019"]


def test_contacts_update_refuses_and_changes_nothing(contacts: LocalContacts) -> None:
    contact = made(contacts, phone="212 555 0100")
    with pytest.raises(InvalidRequest):
        updated(contacts, contact.id, name="Another", phone="12")
    with pytest.raises(NotFound):
        updated(contacts, contact.id, name="Another", groups=["grp_none"])
    assert contacts.retrieve(contact.id) == contact
    with pytest.raises(NotFound):
        updated(contacts, "ctct_none", name="Another")


def test_contacts_delete(contacts: LocalContacts, emptied: sa.Engine) -> None:
    contact = made(contacts, metadata={"department": "Sales"})
    assert contacts.delete(contact.id) == contact
    for gone in (contacts.retrieve, contacts.delete):
        with pytest.raises(NotFound) as caught:
            gone(contact.id)
        assert (caught.value.fields, caught.value.code) == (["contact_id"], "contact_not_found")
    assert happened(emptied, contact.id) == ["contact.created", "contact.deleted"]
    assert listed(contacts, filters={"metadata.department": "Sales"}) == []


@pytest.fixture
def people(contacts: LocalContacts, emptied: sa.Engine) -> LocalContacts:
    """Five contacts, entered in this order: by name they are ann, Ánna, anna, Bea, Cleo."""
    for name in ("Group A", "Group B"):
        LocalGroups(emptied).create(GroupCreate(id=f"grp_{name[-1]}", name=name, resource="contact"))
    LocalLocations(emptied).create(LocationCreate(id="loc_a", name="Tempe"))
    made(contacts, id="ctct_1", name="Cleo", email="a1@example.com", groups=["grp_A"], address=LINE)
    made(contacts, id="ctct_2", name="anna", email="C@example.com", groups=["grp_B"], phone="212 555 0100")
    made(contacts, id="ctct_3", name="Bea", locations=["loc_a"], address=LINE, address_line2="Floor 10")
    made(contacts, id="ctct_4", name="ann", email="b@example.com", metadata={"department": "Sales", "level": 2})
    made(contacts, id="ctct_0", name="Ánna", groups=["grp_A", "grp_B"], alternate_names=["Bean"])
    return contacts


def test_contacts_list_by_name_unless_asked_otherwise(people: LocalContacts) -> None:
    assert listed(people) == ["ann", "Ánna", "anna", "Bea", "Cleo"]
    assert listed(people, page=2, limit=2) == ["anna", "Bea"]
    assert listed(people, direction="desc") == ["Cleo", "Bea", "anna", "Ánna", "ann"]
    assert listed(people, order_by="email") == ["Ánna", "Bea", "Cleo", "ann", "anna"]
    assert listed(people, order_by="updated_at", direction="asc")[:1] == ["Cleo"]
    in_order = [people.retrieve(f"ctct_{number}") for number in (1, 2, 3, 4, 0)]
    oldest_first = sorted(in_order, key=lambda contact: (contact.created_at, contact.id))
    assert listed(people, order_by="created_at") == [contact.name for contact in oldest_first]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"group_id": "grp_A"}, ["Ánna", "Cleo"]),
        ({"group_id": "grp_A,grp_B"}, ["Ánna", "anna", "Cleo"]),
        ({"location_id": "loc_a"}, ["Bea"]),
        ({"metadata.department": "Sales"}, ["ann"]),
        ({"metadata.level": "2"}, ["ann"]),
        ({"search": "ANN"}, ["ann", "Ánna", "anna"]),
        ({"search": "ánna"}, ["Ánna", "anna"]),
        ({"search": "bea"}, ["Ánna", "Bea"]),
        ({"search": "bea floor"}, ["Bea"]),
        ({"search": "york"}, ["Bea", "Cleo"]),
        ({"search": "2125550100"}, ["anna"]),
        ({"search": "+1 (212)"}, ["anna"]),
        ({"search": "a1@example.com"}, ["Cleo"]),
        ({"group_id": "grp_A", "search": "new york"}, ["Cleo"]),
        ({"created_at": "gt:2100-01-01"}, []),
    ],
)
def test_contacts_list_filters(people: LocalContacts, filters: dict[str, str], expected: list[str]) -> None:
    found = people.list(ListQuery(filters=filters))
    assert ([contact.name for contact in found.items], found.total_count) == (expected, len(expected))


def test_contacts_list_by_the_hash_of_an_address_whatever_its_second_line(people: LocalContacts) -> None:
    address = people.retrieve("ctct_1").address
    assert address is not None
    assert listed(people, filters={"address_hash": address.hash}) == ["Bea", "Cleo"]


@pytest.mark.parametrize(
    ("order_by", "search", "expected"),
    [
        # ann stands there whole, in anna three of four letters do.
        ("_relevance", "ann", ["ann", "Ánna", "anna"]),
        ("_relevance", "bea", ["Bea", "Ánna"]),
        ("_relevance", "anna", ["Ánna", "anna"]),
        # Of what is found only the name is compared: ann and Anna share three letters of seven, twice over.
        ("_similarity", "ann", ["ann", "Ánna", "anna"]),
        ("_similarity", "bea", ["Bea", "Ánna"]),
        ("_similarity", "york", ["Cleo", "Bea"]),
    ],
)
def test_contacts_list_by_how_well_they_were_found(
    people: LocalContacts, order_by: str, search: str, expected: list[str]
) -> None:
    asked = {"order_by": order_by, "filters": {"search": search}}
    assert listed(people, **asked) == expected
    paged = [name for page in range(1, 5) for name in listed(people, page=page, limit=1, **asked)]
    assert paged == expected
    assert people.list(ListQuery(order_by=order_by, limit=1, filters={"search": search})).total_count == len(expected)


def test_contacts_list_by_how_badly_they_were_found(people: LocalContacts) -> None:
    asked = {"order_by": "_relevance", "direction": "asc", "filters": {"search": "ann"}}
    assert listed(people, **asked) == ["Ánna", "anna", "ann"]


@pytest.mark.parametrize("filters", [{}, {"search": ""}, {"search": "?"}])
def test_contacts_list_by_relevance_needs_a_search(people: LocalContacts, filters: dict[str, str]) -> None:
    with pytest.raises(InvalidRequest) as caught:
        people.list(ListQuery(order_by="_relevance", filters=filters))
    assert caught.value.fields == ["order_by"]
    assert caught.value.message == "order_by: _relevance orders what a search found; give search too."


def test_contacts_list_refuses_what_it_does_not_know(people: LocalContacts) -> None:
    for query, field in (
        (ListQuery(filters={"colour": "red"}), "colour"),
        (ListQuery(order_by="phone"), "order_by"),
        (ListQuery(order_by="_similarity", filters={"search": "ann", "colour": "red"}), "colour"),
    ):
        with pytest.raises(InvalidRequest) as caught:
            people.list(query)
        assert caught.value.fields == [field]
