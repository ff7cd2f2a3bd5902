"""The keys that open the API: make one and say what it may do, see its secret once, revoke one."""

from collections.abc import Collection

import streamlit as st

from lib.desk.protocol import Desk
from lib.models.api_keys import SCOPES, USUAL_SCOPES, ApiKey, Scope
from lib.models.base import utc_now
from lib.models.errors import DeskError
from lib.ui.formats import ago, plain
from lib.ui.messages import show_error

_SHOWN_ONCE = "settings_new_secret"
_ERROR = "settings_key_error"
_NAME = "settings_key_name"
_SCOPES = "settings_key_scopes"
_WORDS: dict[Scope, str] = {"read": "look", "ship": "ship", "export": "export", "admin": "everything"}
_WHAT_THEY_MEAN = (
    "**Look** reads everything. **Ship** writes shipments, contacts, locations and all that shipments refer to. "
    "**Export** makes files. **Everything** also changes prices, payment and webhooks."
)


def draw_keys(desk: Desk) -> None:
    """Every key with the button that revokes it, and the field that makes a new one."""
    st.header("API keys", anchor=False)
    st.caption("A program sends its key as the header PX-API-KEY. Without a key, /v1 answers nobody.")
    if secret := st.session_state.get(_SHOWN_ONCE):
        st.success("This is the only time the key is shown. Copy it now.", icon=":material/key:")
        st.code(secret, language=None)
        st.button("Done, hide it", key="settings_hide_secret", on_click=_hide)
    if error := st.session_state.get(_ERROR):
        show_error(error)
    for key in desk.api_keys.list():
        _draw_key(desk, key)
    st.session_state.setdefault(_SCOPES, list(USUAL_SCOPES))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Name of the new key", key=_NAME, max_chars=100, placeholder="Warehouse", width=320)
        st.pills(
            "What it may do", SCOPES, key=_SCOPES, selection_mode="multi", help=_WHAT_THEY_MEAN,
            format_func=lambda scope: _WORDS[scope].capitalize(),
        )  # fmt: skip
        st.button("Make a key", key="settings_make_key", icon=":material/add:", on_click=_make, args=(desk,))


def may_do(scopes: Collection[Scope]) -> str:
    """What a key may do, in words."""
    if "admin" in scopes:
        return "may do everything"
    words = [_WORDS[scope] for scope in SCOPES if scope in scopes]
    return f"may {' and '.join(filter(None, [', '.join(words[:-1]), *words[-1:]]))}" if words else "may do nothing"


def _draw_key(desk: Desk, key: ApiKey) -> None:
    now = utc_now()
    state = f"revoked {ago(key.revoked_at, now)}" if key.revoked_at else f"made {ago(key.created_at, now)}"
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        told = f"{plain(key.starts_with)}… · {may_do(key.scopes)} · {state}"
        st.markdown(f"**{plain(key.name)}** :gray[{told}]", width="content")
        if key.revoked_at is None:
            with st.popover("Revoke", key=f"settings_revoke_{key.id}"):
                st.write(f"Programs using **{plain(key.name)}** are refused from then on. This cannot be undone.")
                st.button(
                    "Revoke for good", key=f"settings_confirm_{key.id}", type="primary", on_click=_revoke,
                    args=(desk, key.id),
                )  # fmt: skip


def _make(desk: Desk) -> None:
    st.session_state.pop(_ERROR, None)
    name, scopes = str(st.session_state.get(_NAME) or ""), st.session_state[_SCOPES]
    try:
        st.session_state[_SHOWN_ONCE] = desk.api_keys.create(name, scopes).secret
    except DeskError as error:
        st.session_state[_ERROR] = error
    else:
        st.session_state.update({_NAME: "", _SCOPES: list(USUAL_SCOPES)})


def _revoke(desk: Desk, key_id: str) -> None:
    st.session_state.pop(_ERROR, None)
    try:
        desk.api_keys.revoke(key_id)
    except DeskError as error:
        st.session_state[_ERROR] = error


def _hide() -> None:
    st.session_state.pop(_SHOWN_ONCE, None)
