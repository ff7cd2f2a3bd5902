"""The groups that contacts and locations belong to."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.desk.protocol import Desk
from lib.models.groups import Group, GroupCreate, GroupUpdate
from lib.ui.address_book.book import Book
from lib.ui.address_book.form import EntryForm
from lib.ui.formats import count, plain

_KINDS = {"contact": "Contacts", "location": "Locations"}
_MEMBERS_NAMED = 30


def groups_frame(groups: Sequence[Group]) -> pd.DataFrame:
    """One row per group: what it is called, of what it is, and of how many."""
    rows = [(group.name, _KINDS[group.resource], group.children_count) for group in groups]
    return pd.DataFrame(rows, columns=["Name", "Group of", "Members"])


_BOOK: Book[Group] = Book(
    "groups",
    "group",
    frame=groups_frame,
    find="Name",
    empty="A group holds contacts, or locations, that belong together, so that a list can be narrowed to them: "
    "wholesale customers, stores on the coast. Make one here, then put contacts into it on their own form.",
)


def draw(desk: Desk) -> None:
    """The list beside the form of the one that is open."""
    _BOOK.draw(desk.groups, lambda group: _draw_form(desk, group))


def members_words(group: Group) -> str:
    """Who is in the group, as Markdown: the first few by name, and how many more."""
    if not group.children_count:
        return f"Nobody is in it yet. Open one on the tab {_KINDS[group.resource]} and choose the group there."
    names = [plain(member.name) for member in group.children[:_MEMBERS_NAMED]]
    more = group.children_count - len(names)
    return ", ".join(names) + (f" and {more:,} more" if more > 0 else "")


def _draw_form(desk: Desk, group: Group | None) -> None:
    form = EntryForm(_BOOK, group)
    with form.drawn(group.name if group else None):
        form.name()
        if group is None:
            form.data["resource"] = st.segmented_control(
                "Group of", list(_KINDS), key=form.key("resource"), default="contact", required=True,
                format_func=lambda kind: _KINDS[kind],
            )  # fmt: skip
        else:
            st.caption(f"{_KINDS[group.resource]} · {count(group.children_count, 'member')}")
            st.markdown(members_words(group))
        saved = form.submitted()
    if saved:
        form.save(desk.groups, GroupCreate, GroupUpdate)
    name = group.name if group else ""
    _BOOK.draw_ways_out(desk.groups, group, name=name, told="Its members stay in the address book.")
