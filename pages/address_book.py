"""Address book: who parcels go to, in which groups, and the places they leave from; a tab each."""

import streamlit as st

from lib.ui import shell
from lib.ui.address_book import contacts, groups, locations
from lib.ui.desk import desk
from lib.ui.messages import errors_shown

SECTIONS = {"Contacts": contacts, "Groups": groups, "Locations": locations}

shell.inside()
st.title("Address book", anchor=False)
for tab, section in zip(
    st.tabs(list(SECTIONS), key="book", on_change="rerun", bind="query-params"), SECTIONS.values(), strict=True
):
    with tab, errors_shown():
        section.draw(desk())
