"""Settings: price lists, fuel, the own courier, and the keys that open the API."""

import streamlit as st

from lib.ui import api_keys, settings_form, shell
from lib.ui.desk import desk
from lib.ui.messages import errors_shown

_SAVED = "settings_saved"

shell.inside()
st.title("Settings", anchor=False)
with st.container(width=860):
    with errors_shown():
        kept = desk().team.retrieve()
        with st.form("settings_form", border=True):
            settings_form.draw_prices(kept)
            settings_form.draw_courier(kept)
            if st.form_submit_button("Save settings", key="settings_save", type="primary"):
                with errors_shown():
                    desk().team.update(settings_form.read_settings(kept))
                    settings_form.forget_edits()
                    st.session_state[_SAVED] = True
                    st.rerun()
            if st.session_state.pop(_SAVED, False):
                st.success("Saved. Quotes from now on use it; quotes already given keep theirs.")
    with errors_shown(), st.container(border=True):
        api_keys.draw_keys(desk())
