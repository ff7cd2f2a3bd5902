"""The desk the pages ask."""

import streamlit as st

from lib.desk.local import open_desk
from lib.desk.protocol import Desk


@st.cache_resource(show_spinner=False)
def desk() -> Desk:
    """The desk of this process; opened once for every visitor."""
    return open_desk()
