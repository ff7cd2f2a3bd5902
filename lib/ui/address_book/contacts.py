"""The contacts: who parcels go to and come from."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.desk.protocol import Desk
from lib.models.contacts import Contact, ContactCreate, ContactUpdate
from lib.models.errors import DeskError
from lib.models.groups import Group
from lib.models.lists import MAX_LIMIT, ListQuery
from lib.ui.address_book.book import Book
from lib.ui.formats import plain
from lib.ui.messages import show_field_error
from lib.ui.requests import validated

_BOOK = Book("contacts", "contact")
_FIELDS = {"name": "Name", "business": "Business (optional)", "email": "Email", "phone": "Phone"}
_EMPTY = (
    "**No contacts yet.** Add who you ship to and from; on **Compare rates** they are filled in by their name, and "
    "programs name them by their id."
)


def draw(desk: Desk) -> None:
    """The list beside the form of the one that is open."""
    groups = {group.id: group.name for group in _groups(desk)}
    listed, form = st.columns([7, 5], gap="large")
    with listed:
        chosen = st.selectbox(
            "Group",
            list(groups),
            index=None,
            key=_BOOK.key("group"),
            format_func=lambda group: groups[group],
            placeholder="All groups",
        )
        _BOOK.draw_list(desk.contacts, _frame, empty=_EMPTY, filters={"group_id": chosen or ""})
    with form:
        error = _BOOK.draw_outcome()
        if _BOOK.is_open:
            with st.container(border=True):
                _draw_form(desk, _BOOK.chosen(desk.contacts), groups, error)


def _frame(contacts: Sequence[Contact]) -> pd.DataFrame:
    rows = [
        {
            "Name": contact.name,
            "Business": contact.business or "",
            "City": contact.address.city if contact.address else "",
            "Email": contact.email or "",
        }
        for contact in contacts
    ]
    return pd.DataFrame(rows, columns=["Name", "Business", "City", "Email"])


def _draw_form(desk: Desk, contact: Contact | None, groups: dict[str, str], error: DeskError | None) -> None:
    st.subheader(plain(contact.name) if contact else "New contact", anchor=False)
    entry = contact.id if contact else "new"
    for name, words in _FIELDS.items():
        kept = getattr(contact, name, None) or ""
        st.text_input(words, value=kept, key=_BOOK.key(name, entry), max_chars=255)
        show_field_error(error, name)
    address = contact.address.formatted_address if contact and contact.address else ""
    st.text_input(
        "Address", value=address, key=_BOOK.key("address", entry), max_chars=500,
        placeholder="500 7th Ave, New York, NY 10018",
    )  # fmt: skip
    show_field_error(error, "address")
    st.multiselect(
        "Groups",
        list(groups),
        default=[group.id for group in contact.groups if group.id in groups] if contact else [],
        key=_BOOK.key("groups", entry),
        format_func=lambda group: groups[group],
        placeholder="None",
    )
    st.text_area(
        "Notes",
        value=(contact.notes or "") if contact else "",
        key=_BOOK.key("notes", entry),
        max_chars=2000,
        height=80,
    )
    with st.container(horizontal=True):
        st.button(
            "Save contact",
            key=_BOOK.key("save", entry),
            type="primary",
            on_click=_BOOK.act,
            args=(lambda: _save(desk, contact), "Contact saved."),
        )
        if contact:
            _BOOK.draw_delete(
                desk.contacts, contact, name=contact.name, told="Shipments keep their own copy of the address."
            )


def _save(desk: Desk, contact: Contact | None) -> str:
    entry = contact.id if contact else "new"
    state = st.session_state
    data: dict[str, object] = {name: _typed(name, entry) for name in (*_FIELDS, "notes")}
    data["name"] = _typed("name", entry) or ""
    data["groups"] = list(state.get(_BOOK.key("groups", entry)) or ())
    address = _typed("address", entry)
    if contact is None:
        created = desk.contacts.create(validated(ContactCreate, {**data, "address": address}))
        for name in (*_FIELDS, "notes", "address", "groups"):
            state.pop(_BOOK.key(name, entry), None)
        return created.id
    if address != (contact.address.formatted_address if contact.address else None):
        data["address"] = address
    return desk.contacts.update(contact.id, validated(ContactUpdate, data)).id


def _typed(name: str, entry: str) -> str | None:
    return str(st.session_state.get(_BOOK.key(name, entry)) or "").strip() or None


def _groups(desk: Desk) -> list[Group]:
    return desk.groups.list(ListQuery(limit=MAX_LIMIT, filters={"resource": "contact"})).items
