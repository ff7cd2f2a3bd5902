"""The contacts: who parcels go to and come from."""

from collections.abc import Sequence

import pandas as pd

from lib.desk.protocol import Desk
from lib.models.contacts import Contact, ContactCreate, ContactUpdate
from lib.ui.address_book.book import Book
from lib.ui.address_book.form import EntryForm, group_names
from lib.ui.places import city_words


def contacts_frame(contacts: Sequence[Contact]) -> pd.DataFrame:
    """One row per contact: who, where, and how to reach them."""
    rows = [
        (contact.name, contact.business or "", city_words(contact.address), contact.email or contact.phone or "")
        for contact in contacts
    ]
    return pd.DataFrame(rows, columns=["Name", "Business", "City", "Email or phone"])


_BOOK: Book[Contact] = Book(
    "contacts",
    "contact",
    frame=contacts_frame,
    find="Name, business, email, city, ZIP",
    empty="Add the people and businesses you ship to and from. On **Compare rates** one click then fills in their "
    "address; programs name them by their id.",
)


def draw(desk: Desk) -> None:
    """The list beside the form of the one that is open."""
    groups = group_names(desk, "contact")
    _BOOK.draw(desk.contacts, lambda contact: _draw_form(desk, contact, groups), groups=groups)


def _draw_form(desk: Desk, contact: Contact | None, groups: dict[str, str]) -> None:
    form = EntryForm(_BOOK, contact)
    with form.drawn(contact.name if contact else None):
        form.name()
        form.text("business", "Business (optional)", autocomplete="off")
        form.address(contact.address if contact else None)
        form.text("email", "Email (optional)", type="email", autocomplete="off")
        form.text("phone", "Phone (optional)", type="phone", autocomplete="off", placeholder="(212) 555-0100")
        form.groups(groups, contact.groups if contact else [])
        form.notes(contact.notes if contact else None)
        saved = form.submitted()
    if saved:
        form.save(desk.contacts, ContactCreate, ContactUpdate)
    name = contact.name if contact else ""
    _BOOK.draw_ways_out(desk.contacts, contact, name=name, told="Shipments keep their own copy of the address.")
