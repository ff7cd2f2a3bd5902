"""The webhooks of the desk: how each is doing, adding and changing one, and its log."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

import streamlit as st

from lib.address.local_time import moment_words
from lib.desk.protocol import Desk
from lib.models.base import utc_now
from lib.models.errors import DeskError
from lib.models.lists import ListQuery
from lib.models.webhooks import Webhook, WebhookUpdate
from lib.ui.event_words import event_name
from lib.ui.formats import ago, plain
from lib.ui.messages import show_error
from lib.ui.webhook_form import draw_form
from lib.ui.webhook_log import draw_log

_OPEN = "webhooks_open"
_ERROR = "webhooks_error"
_ALL = ListQuery(limit=50, direction="asc")
_LONGEST_ADDRESS = 60
_EVENTS_NAMED = 3

Act = Callable[[Desk, str], None]


class Opened(NamedTuple):
    """What is open on the screen: a webhook's form or log, or with no id the form of a new one."""

    webhook_id: str | None
    what: Literal["form", "log"]


def draw_webhooks(desk: Desk) -> None:
    """Every webhook with what can be done about it; on an empty desk what a webhook is for."""
    st.header("Webhooks", anchor=False)
    kept = desk.webhooks.list(_ALL).items
    st.caption(
        "A webhook tells another program the moment something happens here: a label is bought, a parcel arrives, an "
        "export is ready. Give it the address that program listens on; what is not taken is sent again."
    )
    if error := st.session_state.pop(_ERROR, None):
        show_error(error)
    for webhook in kept:
        with st.container(border=True):
            _draw_webhook(desk, webhook)
    if not kept or st.session_state.get(_OPEN) == Opened(None, "form"):
        st.subheader("New webhook", anchor=False)
        draw_form(desk, None, close=_close if kept else None)
    else:
        _button("Add a webhook", "add", ":material/add:", Opened(None, "form"))


def state_words(webhook: Webhook, now: datetime, timezone: str | None) -> str:
    """How it is doing, as Markdown: `Told 3 min ago`, `Paused`, `Failing since Mon, Mar 2, 3:05 pm`."""
    if not webhook.active:
        return "Paused: it is told nothing"
    if webhook.failing_since is not None:
        reason = plain(webhook.last_error or "")
        return f":red[:material/error: Failing since {plain(moment_words(webhook.failing_since, timezone))}. {reason}]"
    if webhook.last_delivered_at is not None:
        return f"Told {ago(webhook.last_delivered_at, now)}"
    return "Nothing to tell yet"


def address_words(url: str) -> str:
    """The address without its query, in which receivers like to have a secret."""
    parts = urlsplit(url)
    text = f"{parts.netloc}{parts.path if parts.path != '/' else ''}"
    return text if len(text) <= _LONGEST_ADDRESS else f"{text[:_LONGEST_ADDRESS]}…"


def events_words(events: list[str]) -> str:
    """What it is told of: the first few, and how many more."""
    more = f" and {len(events) - _EVENTS_NAMED} more" if len(events) > _EVENTS_NAMED else ""
    return ", ".join(event_name(name) for name in events[:_EVENTS_NAMED]) + more


def _draw_webhook(desk: Desk, webhook: Webhook) -> None:
    opened = st.session_state.get(_OPEN)
    st.markdown(f"**{plain(address_words(webhook.url))}** {plain(webhook.description or '')}".strip())
    st.markdown(state_words(webhook, utc_now(), st.context.timezone))
    st.caption(f"Told of: {plain(events_words(webhook.events))}")
    with st.container(horizontal=True):
        _toggle("Log", webhook.id, ":material/list:", Opened(webhook.id, "log"))
        _toggle("Edit", webhook.id, ":material/edit:", Opened(webhook.id, "form"))
        if webhook.active:
            _action("Send a test", desk, webhook.id, ":material/send:", _ping)
            _action("Pause", desk, webhook.id, ":material/pause:", _pause)
        else:
            _action("Resume", desk, webhook.id, ":material/play_arrow:", _resume)
        with st.popover("Delete", key=f"webhooks_confirm_{webhook.id}", icon=":material/delete:"):
            st.write("It is told nothing from then on, and its log is gone.")
            _action("Delete for good", desk, webhook.id, None, _delete, primary=True)
    if opened == Opened(webhook.id, "form"):
        draw_form(desk, webhook, close=_close)
    elif opened == Opened(webhook.id, "log"):
        draw_log(desk, webhook)


def _toggle(label: str, webhook_id: str, icon: str, opens: Opened) -> None:
    is_open = st.session_state.get(_OPEN) == opens
    _button("Close" if is_open else label, f"{opens.what}_{webhook_id}", icon, None if is_open else opens)


def _button(label: str, key: str, icon: str, opens: Opened | None) -> None:
    st.button(label, key=f"webhooks_{key}", icon=icon, on_click=_open, args=(opens,))


def _action(label: str, desk: Desk, webhook_id: str, icon: str | None, act: Act, *, primary: bool = False) -> None:
    st.button(
        label, key=f"webhooks_{act.__name__.strip('_')}_{webhook_id}", icon=icon,
        type="primary" if primary else "secondary", on_click=_tried, args=(act, desk, webhook_id),
    )  # fmt: skip


def _open(what: Opened | None) -> None:
    st.session_state[_OPEN] = what


def _close() -> None:
    _open(None)


def _tried(act: Act, desk: Desk, webhook_id: str) -> None:
    try:
        act(desk, webhook_id)
    except DeskError as error:
        st.session_state[_ERROR] = error


def _ping(desk: Desk, webhook_id: str) -> None:
    desk.webhooks.ping(webhook_id)
    _open(Opened(webhook_id, "log"))


def _pause(desk: Desk, webhook_id: str) -> None:
    desk.webhooks.update(webhook_id, WebhookUpdate(active=False))


def _resume(desk: Desk, webhook_id: str) -> None:
    desk.webhooks.update(webhook_id, WebhookUpdate(active=True))


def _delete(desk: Desk, webhook_id: str) -> None:
    desk.webhooks.delete(webhook_id)
    _close()
