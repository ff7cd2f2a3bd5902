"""The groups that contacts and locations belong to."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.desk.protocol import Desk
from lib.models.groups import Group, GroupCreate, GroupUpdate
from lib.ui.address_book.book import Book
from lib.ui.formats import count, plain
from lib.ui.messages import show_field_error
from lib.ui.requests import validated

_BOOK = Book("groups", "group")
_KINDS = {"contact": "Contacts", "location": "Locations"}
_EMPTY = "**No groups yet.** A group gathers contacts or locations, so that lists and exports can be narrowed to it."
_SHOWN = 30


def draw(desk: Desk) -> None:
    """The list beside the form of the one that is open."""
    listed, form = st.columns([7, 5], gap="large")
    with listed:
        _BOOK.draw_list(desk.groups, _frame, empty=_EMPTY)
    with form:
        error = _BOOK.draw_outcome()
        if _BOOK.is_open:
            group = _BOOK.chosen(desk.groups)
            entry = group.id if group else "new"
            with st.container(border=True):
                st.subheader(plain(group.name) if group else "New group", anchor=False)
                st.text_input("Name", value=group.name if group else "", key=_BOOK.key("name", entry), max_chars=255)
                show_field_error(error, "name")
                _draw_kind(group)
                with st.container(horizontal=True):
                    st.button(
                        "Save group",
                        key=_BOOK.key("save", entry),
                        type="primary",
                        on_click=_BOOK.act,
                        args=(lambda: _save(desk, group), "Group saved."),
                    )
                    if group:
                        _BOOK.draw_delete(desk.groups, group, name=group.name, told="Its members stay.")


def _draw_kind(group: Group | None) -> None:
    if group is None:
        st.segmented_control(
            "Gathers",
            list(_KINDS),
            key=_BOOK.key("resource"),
            default="contact",
            required=True,
            format_func=lambda kind: _KINDS[kind],
        )
        return
    st.caption(f"{_KINDS[group.resource]} · {count(group.children_count, 'member')}")
    names = [plain(member.name) for member in group.children[:_SHOWN]]
    more = group.children_count - len(names)
    if names:
        st.markdown(", ".join(names) + (f" and {more:,} more" if more > 0 else ""))


def _frame(groups: Sequence[Group]) -> pd.DataFrame:
    rows = [
        {"Name": group.name, "Gathers": _KINDS[group.resource], "Members": group.children_count} for group in groups
    ]
    return pd.DataFrame(rows, columns=["Name", "Gathers", "Members"])


def _save(desk: Desk, group: Group | None) -> str:
    entry = group.id if group else "new"
    name = str(st.session_state.get(_BOOK.key("name", entry)) or "").strip()
    if group is not None:
        return desk.groups.update(group.id, validated(GroupUpdate, {"name": name})).id
    resource = st.session_state.get(_BOOK.key("resource")) or "contact"
    created = desk.groups.create(validated(GroupCreate, {"name": name, "resource": resource}))
    st.session_state.pop(_BOOK.key("name", entry), None)
    return created.id
