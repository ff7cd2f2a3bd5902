"""The frame around every page: its head, navigation and the gate where a login is configured."""

from pathlib import Path

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from lib.login import login_is_configured
from lib.ui.theme import LOGO, MARK, STYLES

_PAGES = Path(__file__).parents[2] / "pages"
_DRAWN = "shell_drawn"


def render() -> None:
    """Draw the page that the address names, or the sign-in page to who has not signed in."""
    st.set_page_config(page_title="Shipdesk", page_icon=MARK, layout="wide")
    st.html(STYLES)
    st.logo(LOGO, size="large")
    if login_is_configured() and not getattr(st.user, "is_logged_in", False):
        st.session_state.pop(_DRAWN, None)
        page = st.navigation([st.Page(_sign_in, title="Sign in")], position="hidden")
    else:
        st.session_state[_DRAWN] = True
        page = st.navigation(
            [
                st.Page(_PAGES / "compare_rates.py", title="Compare rates", url_path="", default=True),
                st.Page(_PAGES / "shipments.py", title="Shipments", url_path="shipments"),
                st.Page(_PAGES / "address_book.py", title="Address book", url_path="address-book"),
                st.Page(_PAGES / "exports.py", title="Exports", url_path="exports"),
                st.Page(_PAGES / "rate_cards.py", title="Rate cards", url_path="rate-cards"),
                st.Page(_PAGES / "settings.py", title="Settings", url_path="settings"),
            ],
            position="top",
        )
    page.run()


def claim_pages() -> None:
    """Make `render` the only way to a page.

    Until the first `st.navigation` of a process, Streamlit takes a folder named `pages` for its older kind of
    navigation and runs the file an address names by itself: without head, and past the login gate.
    """
    PagesManager.uses_pages_directory = False


def inside() -> None:
    """The first line of every page: one that was started past the shell starts again within it."""
    if _DRAWN not in st.session_state:
        claim_pages()
        st.rerun()


def _sign_in() -> None:
    with st.container(width=420):
        st.title("Sign in to Shipdesk")
        st.write("This desk is open to your team only. You will be taken to your organization's sign-in and back.")
        st.button("Sign in", key="shell_sign_in", type="primary", on_click=st.login)
