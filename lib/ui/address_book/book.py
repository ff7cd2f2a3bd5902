"""What the tabs of the address book share: a searched list, the chosen entry, what came of the last action."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from lib.desk.protocol import Kept
from lib.models.base import Document
from lib.models.errors import DeskError, NotFound
from lib.models.lists import ListQuery
from lib.ui.formats import count, plain
from lib.ui.messages import show_error
from lib.ui.tables import table_height

_PAGE_ROWS = 12
NEW = "new"

Entry = TypeVar("Entry", bound=Document)


class Book:
    """One tab: its widgets' keys begin with `book_<name>`."""

    def __init__(self, name: str, noun: str) -> None:
        self._name, self._noun = name, noun

    def key(self, *parts: str) -> str:
        """A stable widget key of this tab."""
        return "_".join(("book", self._name, *parts))

    def draw_list(
        self,
        kept: Kept[Entry, Any, Any],
        frame: Callable[[Sequence[Entry]], pd.DataFrame],
        *,
        empty: str,
        filters: dict[str, str] | None = None,
    ) -> None:
        """The entries that the search finds, a page at a time; choosing one opens it."""
        search = st.text_input(
            "Find", key=self.key("search"), placeholder="Name, email, city", max_chars=200, on_change=self._first_page
        )
        asked = {"search": (search or "").strip(), **(filters or {})}
        asked = {name: value for name, value in asked.items() if value}
        page = kept.list(ListQuery(page=st.session_state.get(self.key("page")) or 1, limit=_PAGE_ROWS, filters=asked))
        if page.total_count:
            self._draw_table(page.items, frame)
        elif asked:
            st.info("Nothing matches. Search for less.", icon=":material/filter_alt_off:")
        else:
            st.markdown(empty)
        with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
            st.button(
                f"New {self._noun}", key=self.key("new"), icon=":material/add:", on_click=self.choose, args=(NEW,)
            )
            if page.total_count > _PAGE_ROWS:
                pages = -(-page.total_count // _PAGE_ROWS)
                st.number_input(f"Page of {pages:,}", 1, pages, key=self.key("page"), width=140)
        if page.total_count:
            st.caption(count(page.total_count, self._noun))

    def chosen(self, kept: Kept[Entry, Any, Any]) -> Entry | None:
        """The entry that is open, None for a new one and for none."""
        chosen = st.session_state.get(self.key("chosen"))
        if chosen is None or chosen == NEW:
            return None
        try:
            return kept.retrieve(chosen)
        except NotFound:
            self.choose(None)
            return None

    @property
    def is_open(self) -> bool:
        """Whether an entry, kept or new, is open."""
        return st.session_state.get(self.key("chosen")) is not None

    def choose(self, identifier: str | None) -> None:
        """Open that entry, `new` for a new one, None for none."""
        st.session_state[self.key("chosen")] = identifier
        if identifier in (None, NEW):
            st.session_state.pop(self.key("table"), None)

    def draw_outcome(self) -> DeskError | None:
        """What came of the last action; the error, for the fields it names."""
        if words := st.session_state.pop(self.key("done"), None):
            st.success(words, icon=":material/check:")
        error: DeskError | None = st.session_state.get(self.key("error"))
        if error is not None:
            show_error(error)
        return error

    def act(self, action: Callable[[], str | None], words: str) -> None:
        """Do it: `action` gives the id to open then. What it raises is shown at the form, which stays as it is."""
        st.session_state.pop(self.key("error"), None)
        try:
            opened = action()
        except DeskError as error:
            st.session_state[self.key("error")] = error
            return
        self.choose(opened)
        st.session_state[self.key("done")] = words

    def draw_delete(self, kept: Kept[Entry, Any, Any], entry: Entry, *, name: str, told: str) -> None:
        """The button that deletes, behind a question."""
        with st.popover("Delete", key=self.key("delete", entry.id), icon=":material/delete:"):
            st.write(f"**{plain(name)}** is removed. {told}")
            st.button(
                "Delete for good",
                key=self.key("delete_confirm", entry.id),
                type="primary",
                on_click=self.act,
                args=(lambda: self._deleted(kept, entry.id), f"{self._noun.capitalize()} deleted."),
            )

    def _draw_table(self, items: Sequence[Entry], frame: Callable[[Sequence[Entry]], pd.DataFrame]) -> None:
        rows = st.dataframe(
            frame(items),
            key=self.key("table"),
            hide_index=True,
            height=table_height(len(items), most=_PAGE_ROWS),
            on_select="rerun",
            selection_mode="single-row",
            alt=f"Every {self._noun} found",
        ).selection.rows
        if rows and rows[0] < len(items):
            self.choose(items[rows[0]].id)

    @staticmethod
    def _deleted(kept: Kept[Entry, Any, Any], identifier: str) -> None:
        kept.delete(identifier)

    def _first_page(self) -> None:
        st.session_state[self.key("page")] = 1
        st.session_state.pop(self.key("table"), None)
