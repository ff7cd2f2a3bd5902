"""What the tabs of the address book share: a searched list, the chosen entry, what came of the last action."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import pandas as pd
import streamlit as st

from lib.desk.kept import Kept
from lib.models.base import Document
from lib.models.errors import DeskError, NotFound
from lib.models.lists import ListQuery, Page
from lib.ui.formats import count, plain
from lib.ui.messages import show_error
from lib.ui.tables import table_height

PAGE_ROWS = 12
NEW = "new"

Entry = TypeVar("Entry", bound=Document)


class Book(Generic[Entry]):
    """One tab: its widgets' keys begin with `book_<name>`.

    `frame` makes the table's rows of entries, `empty` says on an empty desk what entries are for.
    """

    def __init__(
        self, name: str, noun: str, *, frame: Callable[[Sequence[Entry]], pd.DataFrame], empty: str, find: str
    ) -> None:
        self.name, self.noun = name, noun
        self._frame, self._empty, self._find = frame, empty, find

    def key(self, *parts: str) -> str:
        """A stable widget key of this tab."""
        return "_".join(("book", self.name, *parts))

    @property
    def chosen(self) -> str | None:
        """The id of the entry that is open, `new` for a new one, None for none."""
        return st.session_state.get(self.key("chosen"))

    @property
    def error(self) -> DeskError | None:
        """What the last action was refused for, until another entry is opened or the action done."""
        return st.session_state.get(self.key("error"))

    def draw(
        self,
        kept: Kept[Entry, Any, Any],
        draw_form: Callable[[Entry | None], None],
        *,
        groups: Mapping[str, str] | None = None,
    ) -> None:
        """The list beside the form of the entry that is open; `groups`, by their id, narrow the list."""
        listed, form = st.columns([7, 5], gap="large")
        with listed:
            self._draw_list(kept, groups or {})
        with form:
            if words := st.session_state.pop(self.key("done"), None):
                st.success(words, icon=":material/check:")
            entry = self._opened(kept)
            if self.chosen:
                draw_form(entry)
            elif self.error:
                show_error(self.error)

    def serial(self, part: str) -> str:
        """How often `table` or `form` began anew: in the keys of their widgets, so that these forget."""
        return str(st.session_state.get(self.key(part, "serial"), 0))

    def open(self, identifier: str | None) -> None:
        """Open that entry, `new` for a new one, None for none; table and form begin anew."""
        st.session_state[self.key("chosen")] = identifier
        st.session_state.pop(self.key("error"), None)
        self._begin("form")
        self._begin("table")

    def act(self, action: Callable[[], str | None], words: str) -> None:
        """Do it: `action` gives the id to open then. What it raises is kept for the form, which stays as it is."""
        try:
            opened = action()
        except DeskError as error:
            st.session_state[self.key("error")] = error
            return
        self.open(opened)
        st.session_state[self.key("done")] = words

    def draw_ways_out(self, kept: Kept[Entry, Any, Any], entry: Entry | None, *, name: str, told: str) -> None:
        """Under the form: close it, or delete the entry, behind a question."""
        with st.container(horizontal=True):
            st.button("Close", key=self.key("close"), icon=":material/close:", on_click=self.open, args=(None,))
            if entry is None:
                return
            with st.popover("Delete", key=self.key("delete", entry.id), icon=":material/delete:"):
                st.write(f"**{plain(name)}** is removed from the address book. {told}")
                st.button(
                    "Delete for good",
                    key=self.key("delete_confirm", entry.id),
                    type="primary",
                    on_click=self.act,
                    args=(lambda: self._deleted(kept, entry.id), f"{self.noun.capitalize()} deleted."),
                )

    def _draw_list(self, kept: Kept[Entry, Any, Any], groups: Mapping[str, str]) -> None:
        query = self._query(groups)
        page = kept.list(query)
        if not page.items and page.total_count:
            # The last entry of the last page is gone.
            page = kept.list(self._query(groups, page=_pages(page)))
        if not page.total_count and not query.filters:
            self._draw_nothing()
            return
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(
                "Find", key=self.key("search"), live=True, placeholder=self._find, max_chars=200,
                on_change=self._first_page,
            )  # fmt: skip
            if groups:
                st.selectbox(
                    "Group", list(groups), index=None, key=self.key("group"), placeholder="All groups", width=180,
                    format_func=lambda group: groups.get(group, ""), on_change=self._first_page,
                )  # fmt: skip
            self._draw_new()
        if page.total_count:
            self._draw_page(page)
        else:
            st.info(f"No {self.noun} matches. Search for less.", icon=":material/filter_alt_off:")

    def _opened(self, kept: Kept[Entry, Any, Any]) -> Entry | None:
        if self.chosen is None or self.chosen == NEW:
            return None
        try:
            return kept.retrieve(self.chosen)
        except NotFound as error:
            self.open(None)
            st.session_state[self.key("error")] = error
            return None

    def _query(self, groups: Mapping[str, str], *, page: int | None = None) -> ListQuery:
        state, key = st.session_state, self.key("page")
        if page is not None:
            state[key] = page
        if state.get(self.key("group")) not in groups:
            state.pop(self.key("group"), None)
        asked = {"search": str(state.get(self.key("search")) or "").strip(), "group_id": state.get(self.key("group"))}
        filters = {name: value for name, value in asked.items() if value}
        return ListQuery(page=state.get(key) or 1, limit=PAGE_ROWS, filters=filters)

    def _draw_nothing(self) -> None:
        with st.container(border=True):
            st.header(f"No {self.noun}s yet", anchor=False)
            st.markdown(self._empty)
            if self.chosen is None:
                self._draw_new()

    def _draw_new(self) -> None:
        st.button(
            f"New {self.noun}", key=self.key("new"), type="secondary" if self.chosen else "primary",
            icon=":material/add:", on_click=self.open, args=(NEW,),
        )  # fmt: skip

    def _draw_page(self, page: Page[Entry]) -> None:
        ids = [entry.id for entry in page.items]
        table = self.key("table", self.serial("table"))
        open_row = [ids.index(self.chosen)] if self.chosen in ids else []
        st.dataframe(
            self._frame(page.items),
            key=table,
            hide_index=True,
            height=table_height(len(ids), most=PAGE_ROWS),
            on_select=lambda: self._select(table, ids),
            selection_mode="single-row",
            selection_default={"selection": {"rows": open_row}},
            placeholder="",
            alt=f"The {self.noun}s found; choose one to open it",
        )
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.caption(count(page.total_count, self.noun), width="content")
            if (pages := _pages(page)) > 1:
                st.number_input(
                    f"Page of {pages:,}",
                    1,
                    pages,
                    key=self.key("page"),
                    width=140,
                    on_change=self._begin,
                    args=("table",),
                )

    def _select(self, table: str, ids: Sequence[str]) -> None:
        rows = st.session_state[table].selection.rows
        st.session_state[self.key("chosen")] = ids[rows[0]] if rows else None
        st.session_state.pop(self.key("error"), None)

    def _deleted(self, kept: Kept[Entry, Any, Any], identifier: str) -> None:
        kept.delete(identifier)

    def _first_page(self) -> None:
        st.session_state[self.key("page")] = 1
        self._begin("table")

    def _begin(self, part: str) -> None:
        st.session_state[self.key(part, "serial")] = int(self.serial(part)) + 1


def _pages(page: Page[Any]) -> int:
    return -(-page.total_count // page.limit)
