"""One side of a shipment from the address book: choosing who it is, and keeping somebody typed in there."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from lib.desk.protocol import Desk
from lib.models.address_checks import AddressCheck
from lib.models.addresses import Address, Party
from lib.models.contacts import Contact, ContactCreate
from lib.models.errors import DeskError, NotFound
from lib.models.lists import ListQuery
from lib.models.locations import Location
from lib.ui.formats import plain
from lib.ui.messages import show_error
from lib.ui.places import city_words
from lib.ui.requests import validated

_LISTED = 20
_FITS_WITHOUT_SCROLLING = 7
_PERSON = ("name", "business", "email", "phone")

Entry = Contact | Location
Typed = Mapping[str, Any]


class ContactPicker:
    """What the address book does for one side; its state and widgets have keys that begin with `key`.

    `fill` puts a party into the side's fields. What they say is a wire party without its contact.
    """

    def __init__(self, key: str, title: str, *, fill: Callable[[Party], None], with_locations: bool) -> None:
        self._key, self._title = key, title
        self._fill, self._with_locations = fill, with_locations

    def draw(self, desk: Desk, typed: Typed) -> None:
        """Nothing but the choice of an entry; nothing at all while the address book is empty."""
        if not any(kept.list(ListQuery(limit=1)).total_count for kept in self._books(desk)):
            return
        chosen = self._entry(desk, typed)
        label = plain(chosen.name) if chosen else "Address book"
        choice = st.popover(
            label, key=f"{self._key}_book", type="tertiary", icon=_icon(chosen), on_change="rerun",
            help=f"{self._title}: choose from the address book",
        )  # fmt: skip
        if choice.open:
            with choice:
                self._draw_entries(desk)

    def draw_keeping(self, desk: Desk, typed: Typed) -> None:
        """The offer to keep a side that has a name and an address and is not in the address book."""
        if error := st.session_state.pop(f"{self._key}_book_error", None):
            show_error(error)
        if self.reference(typed) is None and typed["name"] and self._is_new(desk, typed):
            st.button(
                "Save to address book", key=f"{self._key}_keep", type="tertiary", icon=":material/person_add:",
                help=f"{self._title}: {plain(typed['name'])}", on_click=self._keep, args=(desk, typed),
            )  # fmt: skip

    def reference(self, typed: Typed) -> str | None:
        """The id of the contact or location that the fields still come from.

        They do as long as the name is the same and none that was filled in was emptied: what a request leaves out is
        taken from its contact.
        """
        kept = st.session_state.get(f"{self._key}_kept")
        if kept is None or typed["name"] != (kept["name"] or None):
            return None
        return str(kept["id"]) if all(typed[name] for name in _PERSON if kept[name]) else None

    def remember(self, identifier: str | None, party: Party) -> None:
        """From which entry the fields were filled in, None for none."""
        kept = {"id": identifier, **{name: getattr(party, name) for name in _PERSON}}
        st.session_state[f"{self._key}_kept"] = kept if identifier else None

    def _books(self, desk: Desk) -> Sequence[Any]:
        return [desk.locations, desk.contacts] if self._with_locations else [desk.contacts]

    def _entry(self, desk: Desk, typed: Typed) -> Entry | None:
        identifier = self.reference(typed)
        if identifier is None:
            return None
        try:
            if identifier.startswith("loc_"):
                return desk.locations.retrieve(identifier)
            return desk.contacts.retrieve(identifier)
        except NotFound:
            st.session_state[f"{self._key}_kept"] = None
            return None

    def _draw_entries(self, desk: Desk) -> None:
        text = st.text_input(
            f"{self._title}: find in the address book", key=f"{self._key}_find", live=True, max_chars=200,
            placeholder="Name, business, city, ZIP",
        )  # fmt: skip
        filters = {"search": text.strip()} if text.strip() else {}
        pages = [kept.list(ListQuery(limit=_LISTED, filters=filters)) for kept in self._books(desk)]
        found = [entry for page in pages for entry in page.items][:_LISTED]
        total = sum(page.total_count for page in pages)
        if not found:
            st.caption("Nobody matches.")
        with st.container(height=300 if len(found) > _FITS_WITHOUT_SCROLLING else "content", border=False, gap=None):
            for entry in found:
                st.button(
                    entry_words(entry), key=f"{self._key}_pick_{entry.id}", type="tertiary", icon=_icon(entry),
                    on_click=self._pick, args=(entry,),
                )  # fmt: skip
        if total > len(found):
            st.caption(f"The first {len(found)} of {total:,}. Type to find others.")

    def _pick(self, entry: Entry) -> None:
        party = Party(
            name=entry.name,
            email=entry.email or "",
            phone=(entry.phone or "") if isinstance(entry, Contact) else "",
            business=(entry.business or "") if isinstance(entry, Contact) else "",
            address=entry.address or Address(id=""),
        )
        self._fill(party)
        self.remember(entry.id, party)
        st.session_state.update({f"{self._key}_book": False, f"{self._key}_find": ""})

    def _is_new(self, desk: Desk, typed: Typed) -> bool:
        checked = desk.address_checks.verify(AddressCheck(address=typed["address"]))
        if checked.address is None or checked.problems or not checked.address.line1:
            return False
        same = desk.contacts.list(ListQuery(filters={"address_hash": checked.address.hash})).items
        return typed["name"].casefold() not in {contact.name.casefold() for contact in same}

    def _keep(self, desk: Desk, typed: Typed) -> None:
        try:
            contact = desk.contacts.create(validated(ContactCreate, typed))
        except DeskError as error:
            st.session_state[f"{self._key}_book_error"] = error
        else:
            self.remember(contact.id, Party(address=Address(id=""), **{name: typed[name] or "" for name in _PERSON}))


def entry_words(entry: Entry) -> str:
    """An entry in a choice, as Markdown: `Sample One, Sample Shop · Tempe, AZ`."""
    business = entry.business if isinstance(entry, Contact) else None
    named = ", ".join(part for part in (entry.name, business) if part)
    where = city_words(entry.address)
    return f"{plain(named)} :gray[{plain(where)}]" if where else plain(named)


def _icon(entry: Entry | None) -> str:
    if entry is None:
        return ":material/contacts:"
    return ":material/person:" if isinstance(entry, Contact) else ":material/warehouse:"
