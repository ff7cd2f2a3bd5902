"""The form a webhook is entered and changed with."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from lib.desk.protocol import Desk
from lib.models.errors import InvalidRequest
from lib.models.events import subscriptions
from lib.models.webhooks import Webhook, WebhookCreate, WebhookUpdate
from lib.ui.event_words import event_name
from lib.ui.messages import errors_shown
from lib.ui.requests import validated

_USUAL = ["shipment.*"]


def draw_form(desk: Desk, webhook: Webhook | None, *, close: Callable[[], None] | None) -> None:
    """The fields of a webhook, None for a new one; `close` is called once it is kept."""
    of = webhook.id if webhook else "new"
    with st.form(f"webhooks_form_{of}", border=False):
        st.text_input(
            "Address", value=webhook.url if webhook else "", key=f"webhooks_url_{of}", max_chars=2000,
            placeholder="https://example.com/hooks/shipdesk",
        )  # fmt: skip
        st.multiselect(
            "Tell it of", subscriptions(), default=webhook.events if webhook else _USUAL, key=f"webhooks_events_{of}",
            format_func=event_name,
        )  # fmt: skip
        header = webhook.header if webhook else None
        name, value = st.columns(2)
        name.text_input(
            "Header, if it asks for one", value=header.key if header else "", key=f"webhooks_header_{of}",
            max_chars=100, placeholder="Authorization",
        )  # fmt: skip
        value.text_input(
            "Value of the header", key=f"webhooks_secret_{of}", max_chars=1000, type="password",
            placeholder="Leave empty to keep the one there is" if header else "Kept secret, not shown again",
            autocomplete="off",
        )  # fmt: skip
        st.text_input(
            "What it is for", value=(webhook.description or "") if webhook else "", key=f"webhooks_description_{of}",
            max_chars=255, placeholder="Tells the shop when a parcel is on its way",
        )  # fmt: skip
        label = "Save webhook" if webhook else "Add webhook"
        if st.form_submit_button(label, key=f"webhooks_save_{of}", type="primary"):
            with errors_shown():
                _keep(desk, webhook, _read(of))
                if close:
                    close()
                st.rerun()


def _read(of: str) -> dict[str, Any]:
    """What stands in the fields, as the desk takes it. Raises InvalidRequest."""
    text = {name: str(st.session_state[f"webhooks_{name}_{of}"] or "").strip() for name in
            ("url", "header", "secret", "description")}  # fmt: skip
    events = st.session_state[f"webhooks_events_{of}"]
    if not text["url"]:
        raise InvalidRequest("Enter the address that is to be told.", fields=["address"])
    if not events:
        raise InvalidRequest("Choose at least one event to tell it of.", fields=["events"])
    if text["secret"] and not text["header"]:
        raise InvalidRequest("Name the header that this value belongs to.", fields=["header"])
    header = {"key": text["header"]} | ({"value": text["secret"]} if text["secret"] else {})
    return {
        "url": text["url"],
        "events": events,
        "header": header if text["header"] else None,
        "description": text["description"] or None,
    }


def _keep(desk: Desk, webhook: Webhook | None, given: dict[str, Any]) -> None:
    if webhook is not None:
        desk.webhooks.update(webhook.id, validated(WebhookUpdate, given))
        return
    if given["header"] is not None and "value" not in given["header"]:
        raise InvalidRequest("Enter the value of the header too.", fields=["header"])
    desk.webhooks.create(validated(WebhookCreate, given))
