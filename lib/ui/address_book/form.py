"""The form of one entry of the address book. What is typed stays when saving is refused, with the reason beside it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import streamlit as st
from pydantic import BaseModel

from lib.desk.kept import Kept
from lib.desk.protocol import Desk
from lib.models.addresses import Address
from lib.models.base import Document
from lib.models.groups import GroupResource
from lib.models.kept import Named
from lib.models.lists import MAX_LIMIT, ListQuery
from lib.ui.address_book.book import NEW, Book
from lib.ui.formats import plain
from lib.ui.messages import show_error, show_field_error
from lib.ui.requests import validated

Entry = TypeVar("Entry", bound=Document)

_TEXT, _ADDRESS, _NOTES = 255, 500, 2000


def group_names(desk: Desk, resource: GroupResource) -> dict[str, str]:
    """The groups of contacts or of locations: their names by their ids."""
    page = desk.groups.list(ListQuery(limit=MAX_LIMIT, filters={"resource": resource}))
    return {group.id: group.name for group in page.items}


class EntryForm(Generic[Entry]):
    """Draws fields with what is kept of the entry, None for a new one, and gathers what they say in `data`."""

    def __init__(self, book: Book[Entry], entry: Entry | None) -> None:
        self._book, self._entry = book, entry
        self._told_at_field = False
        self.data: dict[str, Any] = {}

    def key(self, name: str) -> str:
        """The key of a field; another one for every entry and after every saving."""
        return self._book.key(name, self._entry.id if self._entry else NEW, self._book.serial("form"))

    @contextmanager
    def drawn(self, name: str | None) -> Iterator[None]:
        """The form's frame and head; the fields are drawn inside."""
        with st.form(self.key("form"), border=True):
            st.subheader(plain(name) if name else f"New {self._book.noun}", anchor=False)
            yield

    def text(self, name: str, words: str, **options: Any) -> None:
        """A line of text; empty is none."""
        kept = getattr(self._entry, name, None) or ""
        options = {"max_chars": _TEXT} | options
        typed = st.text_input(words, value=kept, key=self.key(name), icon="", validate="", **options)
        self.data[name] = (typed or "").strip() or None
        self.draw_problem(name)

    def name(self) -> None:
        """The name, which every entry has."""
        self.text("name", "Name", autocomplete="off")
        self.data["name"] = self.data["name"] or ""

    def address(self, kept: Address | None) -> None:
        """The address in one line; what is kept stays as it is where the line is not changed."""
        line = kept.formatted_address if kept else ""
        typed = st.text_input(
            "Address", value=line, key=self.key("address"), max_chars=_ADDRESS, autocomplete="off",
            placeholder="500 7th Ave, New York, NY 10018",
        ).strip()  # fmt: skip
        if typed != line:
            self.data["address"] = typed or None
        self.draw_problem("address")

    def groups(self, groups: Mapping[str, str], kept: list[Named]) -> None:
        """The groups it is in."""
        names = {group.id: group.name for group in kept} | dict(groups)
        if names:
            self.data["groups"] = st.multiselect(
                "Groups", list(names), default=[group.id for group in kept], key=self.key("groups"),
                format_func=lambda group: names.get(group, ""), placeholder="None",
            )  # fmt: skip

    def notes(self, kept: str | None) -> None:
        """Anything worth knowing."""
        typed = st.text_area("Notes", value=kept or "", key=self.key("notes"), max_chars=_NOTES, height=80)
        self.data["notes"] = (typed or "").strip() or None

    def draw_problem(self, name: str) -> None:
        """What is wrong with that field; of several the whole message stands at the button."""
        error = self._book.error
        if error is None or not any(field == name or field.startswith(f"{name}.") for field in error.fields):
            return
        if len(error.fields) == 1:
            self._told_at_field = True
            show_field_error(error, name)
        else:
            st.markdown(":red[:material/error: Look at this one, see below.]")

    def submitted(self) -> bool:
        """The button that saves, with what is wrong above it."""
        if self._book.error and not self._told_at_field:
            show_error(self._book.error)
        return st.form_submit_button(f"Save {self._book.noun}", key=self.key("save"), type="primary")

    def save(
        self,
        kept: Kept[Entry, Any, Any],
        create: type[BaseModel],
        update: type[BaseModel],
        *,
        more: Callable[[], Mapping[str, Any]] = dict,
    ) -> None:
        """Keep what the fields say and what `more` reads, then draw the page anew."""

        def saved() -> str:
            data = {**self.data, **more()}
            if self._entry is None:
                return kept.create(validated(create, data)).id
            return kept.update(self._entry.id, validated(update, data)).id

        self._book.act(saved, f"{self._book.noun.capitalize()} saved.")
        st.rerun()
