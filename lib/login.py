"""Whether people have to sign in: they do as soon as an OpenID Connect provider is configured."""

import streamlit as st


def login_is_configured() -> bool:
    """Whether the secrets hold an `[auth]` section for `st.login` to go by."""
    return bool(st.secrets.load_if_toml_exists()) and "auth" in st.secrets
