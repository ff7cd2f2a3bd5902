"""Lets Enter submit fields that, unlike those of an `st.form`, answer while they are being filled in."""

from pathlib import Path

import streamlit as st

_enter_key = st.components.v2.component(
    "shipdesk.enter_key", js=(Path(__file__).parent / "enter_key.js").read_text(encoding="utf-8")
)


def enter_pressed(*, container: str, key: str) -> bool:
    """Whether Enter was just pressed in a text field of the container with that key."""
    result = _enter_key(key=key, data={"container": container}, height=1, on_pressed_change=lambda: None)
    return bool(result.pressed)
