"""Sample shipments: offered where a desk is empty, removable where they are."""

import streamlit as st

from lib.desk.protocol import Desk
from lib.ui.formats import count
from lib.ui.messages import errors_shown


def draw_offer(desk: Desk, *, page: str) -> None:
    """The button that fills an empty desk, with its progress."""
    if not st.button("Load sample data", key=f"{page}_load_samples", icon=":material/dataset:"):
        return
    bar = st.progress(0.0, text="Making sample shipments")

    def told(made: int, total: int) -> None:
        bar.progress(made / total, text=f"{made:,} of {total:,} sample shipments")

    with errors_shown():
        desk.samples.load(told)
        st.rerun()


def draw_samples(desk: Desk, *, page: str) -> None:
    """How many sample shipments there are, and the button that takes them away, or the one that loads them."""
    found = desk.samples.count()
    if not found:
        st.caption("Generated sample shipments can be loaded beside yours and removed at once.")
        draw_offer(desk, page=page)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{count(found, 'shipment')} here are generated samples.", width="content")
        if st.button("Remove sample data", key=f"{page}_remove_samples", type="tertiary", icon=":material/delete:"):
            with errors_shown():
                desk.samples.remove()
                st.rerun()
