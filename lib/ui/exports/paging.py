"""Lists that are turned over a page at a time."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from lib.models.lists import ListQuery, Page

Item = TypeVar("Item")


def page_of(listed: Callable[[ListQuery], Page[Item]], query: ListQuery, key: str) -> Page[Item]:
    """The page turned to, kept in the session under `key`; the last one where that lies beyond. Raises DeskError."""
    page = listed(query.model_copy(update={"page": st.session_state.get(key) or 1}))
    if page.items or not page.total_count:
        return page
    st.session_state[key] = _pages(page)
    return listed(query.model_copy(update={"page": _pages(page)}))


def draw_pages(page: Page[Item], key: str) -> None:
    """The way to the other pages, where there are any."""
    if page.total_count > page.limit:
        st.pagination(_pages(page), key=key, max_visible_pages=5)


def _pages(page: Page[Item]) -> int:
    return -(-page.total_count // page.limit)
