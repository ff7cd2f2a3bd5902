"""The address book: its three tabs, over the real desk."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from lib.desk.protocol import Desk
from lib.models.contacts import ContactCreate
from lib.models.groups import GroupCreate
from lib.models.hours import OperatingHours
from lib.models.lists import ListQuery
from lib.models.locations import LocationCreate
from lib.ui.address_book.groups import members_words
from tests.ui.conftest import texts

ALL = ListQuery(limit=500)
LINE = "500 7th Ave, New York, NY 10018"


@pytest.fixture
def book(app: AppTest) -> AppTest:
    return app.switch_page("pages/address_book.py").run()


@pytest.fixture(autouse=True)
def _empty_book(desk: Desk) -> Iterator[None]:
    yield
    for kept in (desk.contacts, desk.locations, desk.groups):
        for entry in kept.list(ALL).items:
            kept.delete(entry.id)


def field(app: AppTest, name: str, kind: str = "text_input"):
    """The field of the open form whose key begins so: the rest of it is the entry and how often it began anew."""
    return next(found for found in app.get(kind) if str(found.key).startswith(f"book_{name}_"))


def save(app: AppTest, tab: str) -> AppTest:
    return field(app, f"{tab}_save", "button").click().run()


def new(app: AppTest, tab: str, **typed: str) -> AppTest:
    app.button(f"book_{tab}_new").click().run()
    for name, value in typed.items():
        field(app, f"{tab}_{name}").set_value(value)
    return save(app, tab)


def choose(app: AppTest, tab: str, identifier: str) -> AppTest:
    """As a click on the row does, which the test kit has no means for."""
    app.session_state[f"book_{tab}_chosen"] = identifier
    return app.run()


def table(app: AppTest, columns: list[str]) -> list[list[object]]:
    frame = next(found.value for found in app.dataframe if list(found.value.columns) == columns)
    return frame.to_numpy().tolist()


CONTACT_COLUMNS = ["Name", "Business", "City", "Email or phone"]
LOCATION_COLUMNS = ["Name", "Code", "City"]
GROUP_COLUMNS = ["Name", "Group of", "Members"]


def test_empty_book_says_what_to_do(book: AppTest) -> None:
    assert not book.exception
    assert [header.value for header in book.header] == ["No contacts yet", "No groups yet", "No locations yet"]
    assert [button.label for button in book.button] == ["New contact", "New group", "New location"]


def test_saved_contact_shows_its_completed_address_and_is_listed(book: AppTest, desk: Desk) -> None:
    new(book, "contacts", name=" Sample *One* ", address="500 7th Ave 10018", email="one@example.com",
        phone="212 555 0100")  # fmt: skip
    assert not book.exception
    assert not book.error
    assert "Contact saved." in texts(book)
    (kept,) = desk.contacts.list(ALL).items
    assert kept.model_dump(include={"name", "email", "phone", "business", "notes", "groups"}) == {
        "name": "Sample *One*", "email": "one@example.com", "phone": "+12125550100", "business": None, "notes": None,
        "groups": [],
    }  # fmt: skip
    assert field(book, "contacts_address").value == LINE
    assert table(book, CONTACT_COLUMNS) == [["Sample *One*", "", "New York, NY", "one@example.com"]]
    assert "Sample \\*One\\*" in texts(book)


@pytest.mark.parametrize(
    ("name", "typed", "reason"),
    [
        ("name", "", "Name is empty"),
        ("email", "one@", "@"),
        ("phone", "12", "12"),
        ("address", "500 7th Ave, New York, NY 00000", "00000"),
    ],
)
def test_refused_contact_stays_typed_with_the_reason_at_its_field(
    book: AppTest, desk: Desk, name: str, typed: str, reason: str
) -> None:
    wanted = {"name": "Sample One", "address": LINE, "email": "one@example.com", "phone": "212 555 0100", name: typed}
    new(book, "contacts", **wanted)
    assert not book.exception
    assert desk.contacts.list(ALL).total_count == 0
    assert {key: field(book, f"contacts_{key}").value for key in wanted} == wanted
    told = [element.value for element in book.markdown if element.value.startswith(":red[")]
    assert (len(told), reason in told[0].replace("\\", ""), len(book.error)) == (1, True, 0)


def test_several_wrong_fields_are_told_together(book: AppTest) -> None:
    new(book, "contacts", name="Sample One", email="one@", phone="12")
    marked = [element.value for element in book.markdown if element.value.startswith(":red[")]
    assert marked == [":red[:material/error: Look at this one, see below.]"] * 2
    assert book.error[0].value.startswith("**Email, phone.** ")


def test_edited_contact_keeps_what_was_not_touched(book: AppTest, desk: Desk) -> None:
    made = desk.contacts.create(
        ContactCreate(name="Sample One", address=LINE, alternate_names=["Uno"], email="one@example.com")
    )
    choose(book, "contacts", made.id)
    field(book, "contacts_email").set_value("")
    field(book, "contacts_business").set_value("Sample Shop")
    save(book, "contacts")
    assert not book.error
    kept = desk.contacts.retrieve(made.id)
    changed = {"email": None, "business": "Sample Shop", "updated_at": kept.updated_at}
    assert kept == made.model_copy(update=changed)
    assert table(book, CONTACT_COLUMNS) == [["Sample One", "Sample Shop", "New York, NY", ""]]


def test_contact_that_is_gone_is_said(book: AppTest, desk: Desk) -> None:
    made = desk.contacts.create(ContactCreate(name="Sample One"))
    desk.contacts.delete(made.id)
    choose(book, "contacts", made.id)
    assert not book.exception
    assert made.id in book.error[0].value.replace("\\", "")


def test_contacts_are_searched_filtered_and_paged(book: AppTest, desk: Desk) -> None:
    group = desk.groups.create(GroupCreate(name="Coast", resource="contact"))
    for number in range(25):
        groups = [group.id] if number < 2 else []
        desk.contacts.create(ContactCreate.model_validate({"name": f"Sample {number:02}", "groups": groups}))
    book.run()
    assert [row[0] for row in table(book, CONTACT_COLUMNS)] == [f"Sample {number:02}" for number in range(12)]
    assert "25 contacts" in texts(book)
    book.number_input("book_contacts_page").set_value(3).run()
    assert [row[0] for row in table(book, CONTACT_COLUMNS)] == ["Sample 24"]
    book.selectbox("book_contacts_group").set_value(group.id).run()
    assert [row[0] for row in table(book, CONTACT_COLUMNS)] == ["Sample 00", "Sample 01"]
    book.text_input("book_contacts_search").set_value("01").run()
    assert [row[0] for row in table(book, CONTACT_COLUMNS)] == ["Sample 01"]
    book.text_input("book_contacts_search").set_value("nobody").run()
    assert "No contact matches. Search for less." in texts(book)
    assert not book.exception


def test_deleting_the_last_of_a_page_shows_the_one_before(book: AppTest, desk: Desk) -> None:
    made = [desk.contacts.create(ContactCreate(name=f"Sample {number:02}")) for number in range(13)]
    book.run()
    book.number_input("book_contacts_page").set_value(2).run()
    choose(book, "contacts", made[-1].id)
    book.button(f"book_contacts_delete_confirm_{made[-1].id}").click().run()
    assert not book.exception
    assert "Contact deleted." in texts(book)
    assert [row[0] for row in table(book, CONTACT_COLUMNS)] == [f"Sample {number:02}" for number in range(12)]


def test_group_is_made_filled_and_deleted(book: AppTest, desk: Desk) -> None:
    contact = desk.contacts.create(ContactCreate(name="Sample One"))
    new(book, "groups", name="Coast")
    (group,) = desk.groups.list(ALL).items
    assert (group.name, group.resource, group.children_count) == ("Coast", "contact", 0)
    assert "Nobody is in it yet. Open one on the tab Contacts" in texts(book)
    choose(book, "contacts", contact.id)
    field(book, "contacts_groups", "multiselect").set_value([group.id])
    save(book, "contacts")
    assert [member.name for member in desk.groups.retrieve(group.id).children] == ["Sample One"]
    book.selectbox("book_contacts_group").set_value(group.id).run()
    assert table(book, GROUP_COLUMNS) == [["Coast", "Contacts", 1]]
    book.button(f"book_groups_delete_confirm_{group.id}").click().run()
    assert not book.exception
    assert desk.contacts.retrieve(contact.id).groups == []
    assert table(book, CONTACT_COLUMNS) == [["Sample One", "", "", ""]]


def test_group_of_a_taken_name_is_refused_at_its_name(book: AppTest, desk: Desk) -> None:
    desk.groups.create(GroupCreate(name="Coast", resource="contact"))
    book.run()
    new(book, "groups", name="Coast")
    assert "There is a group of contacts called “Coast” already" in texts(book)
    assert field(book, "groups_name").value == "Coast"
    assert desk.groups.list(ALL).total_count == 1


def test_location_with_its_hours_is_saved(book: AppTest, desk: Desk) -> None:
    book.button("book_locations_new").click().run()
    field(book, "locations_name").set_value("Sample Warehouse")
    field(book, "locations_code").set_value("NYC1")
    field(book, "locations_address").set_value(LINE)
    edited = {0: {"Open": False}, 5: {"Open": True, "From": "10:00:00", "To": "14:30:00"}}
    key = _hours_key(book, "new")
    book.session_state[key] = {"edited_rows": edited, "added_rows": [], "deleted_rows": []}
    save(book, "locations")
    assert not book.error
    (kept,) = desk.locations.list(ALL).items
    week = OperatingHours().model_dump()
    week["monday"]["active"] = False
    week["saturday"] = {"active": True, "open": "10:00", "close": "14:30"}
    assert (kept.name, kept.code, kept.operating_hours.model_dump()) == ("Sample Warehouse", "NYC1", week)
    assert table(book, LOCATION_COLUMNS) == [["Sample Warehouse", "NYC1", "New York, NY"]]


def test_hours_that_cannot_be_are_refused_by_their_day(book: AppTest, desk: Desk) -> None:
    made = desk.locations.create(LocationCreate(name="Sample Warehouse"))
    choose(book, "locations", made.id)
    edited = {4: {"From": "18:00:00"}}
    book.session_state[_hours_key(book, made.id)] = {"edited_rows": edited, "added_rows": [], "deleted_rows": []}
    save(book, "locations")
    assert "Friday\\: “From” has to be before “To”." in texts(book)
    assert desk.locations.retrieve(made.id) == made


def test_members_are_named_up_to_thirty(desk: Desk) -> None:
    names = [f"*{number}*" for number in range(32)]
    contacts = [desk.contacts.create(ContactCreate(name=name)) for name in names]
    group = desk.groups.create(GroupCreate(name="All", resource="contact", set=[one.id for one in contacts]))
    told = members_words(group)
    assert told.count("\\*") == 60
    assert told.endswith(" and 2 more")


def _hours_key(app: AppTest, entry: str) -> str:
    """The key of the hours, which ends as that of every field of the open form."""
    return f"book_locations_hours_{entry}_{field(app, 'locations_name').key.rsplit('_', 1)[1]}"
