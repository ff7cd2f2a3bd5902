"""Settings: prices, delivery, couriers, pickup, discounts, payments, API keys, webhooks; a tab each."""

import streamlit as st

from lib.models.team import TeamSettings
from lib.ui import api_keys, payments, shell, webhooks
from lib.ui.desk import desk
from lib.ui.messages import errors_shown
from lib.ui.requests import validated
from lib.ui.settings import Section, couriers, delivery, discounts, pickup, prices
from lib.ui.settings.rows import forget_edits

_SAVED = "settings_saved"
SECTIONS: dict[str, Section] = {
    "Prices": prices,
    "Delivery": delivery,
    "Couriers": couriers,
    "Pickup": pickup,
    "Discounts": discounts,
}


def draw_section(title: str, section: Section) -> None:
    """One tab: its fields, its button, and what came of saving it."""
    name = title.lower()
    kept = desk().team.retrieve()
    with st.form(f"settings_{name}_form", border=True):
        section.draw(kept)
        if st.form_submit_button(f"Save {name}", key=f"settings_save_{name}", type="primary"):
            with errors_shown():
                desk().team.update(validated(TeamSettings, kept.model_dump() | section.read(kept)))
                forget_edits(name)
                st.session_state[_SAVED] = title
                st.rerun()
        if st.session_state.get(_SAVED) == title:
            del st.session_state[_SAVED]
            st.success("Saved. Quotes from now on use it; quotes already given keep theirs.")


shell.inside()
st.title("Settings", anchor=False)
with st.container(width=860):
    *tabs, paying, keys, hooks = st.tabs([*SECTIONS, "Payments", "API keys", "Webhooks"], key="settings_tabs")
    for tab, (title, section) in zip(tabs, SECTIONS.items(), strict=True):
        with tab, errors_shown():
            draw_section(title, section)
    with paying, errors_shown():
        payments.draw_payments(desk())
    with keys, errors_shown(), st.container(border=True):
        api_keys.draw_keys(desk())
    with hooks, errors_shown():
        webhooks.draw_webhooks(desk())
