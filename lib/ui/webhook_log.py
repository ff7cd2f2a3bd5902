"""The log of a webhook: what was sent, what came of each try, and sending it again."""

from datetime import timedelta

import pandas as pd
import streamlit as st

from lib.address.local_time import moment_words
from lib.desk.protocol import Desk
from lib.models.base import utc_now
from lib.models.errors import DeskError
from lib.models.lists import ListQuery, Page
from lib.models.webhooks import DeliveryAttempt, Webhook, WebhookDelivery
from lib.ui.event_words import event_name
from lib.ui.formats import ago, count, left, plain
from lib.ui.messages import errors_shown, show_error

_PAGE_ROWS = 10
_LOOK_AGAIN = timedelta(seconds=1)
# What is due later than this is not waited for on the screen.
_SOON = timedelta(seconds=15)
_ERROR = "webhooks_log_error"


def draw_log(desk: Desk, webhook: Webhook) -> None:
    """The last deliveries, newest first; looked at again while one is under way."""
    page = _page(desk, webhook)
    if not page.total_count:
        st.caption("Nothing was sent to it yet. Send a test to try it out.")
        return
    waits = any(_is_moving(delivery) for delivery in page.items)
    st.fragment(_draw_deliveries, run_every=_LOOK_AGAIN if waits else None)(desk, webhook, waits=waits)


def delivery_words(delivery: WebhookDelivery) -> str:
    """How a delivery stands: `Delivered`, `Next try in 5 min, refused once`, `Failed after 7 tries`."""
    tries = len(delivery.attempts)
    match delivery.status:
        case "delivered":
            return "Delivered" if tries == 1 else f"Delivered at try {tries}"
        case "failed":
            return f"Failed after {count(tries, 'try', 'tries')}"
        case "sending":
            return "Being sent"
        case _ if not tries or delivery.next_attempt_at is None or delivery.next_attempt_at <= utc_now():
            return "Waiting to be sent"
        case _:
            return f"Next try in {left(delivery.next_attempt_at, utc_now())}"


def attempts_frame(attempts: list[DeliveryAttempt], timezone: str | None) -> pd.DataFrame:
    """One row per try: when, what came of it, how long it took."""
    rows = [
        {
            "When": moment_words(attempt.at, timezone),
            "What came of it": attempt.error or f"Answered {attempt.status_code}",
            "It said": attempt.response or "",
            "Took": f"{attempt.duration_ms:,} ms",
        }
        for attempt in attempts
    ]
    return pd.DataFrame(rows, columns=["When", "What came of it", "It said", "Took"])


def _page(desk: Desk, webhook: Webhook) -> Page[WebhookDelivery]:
    page = st.session_state.get(_page_key(webhook)) or 1
    return desk.webhooks.deliveries(webhook.id, ListQuery(page=page, limit=_PAGE_ROWS))


def _page_key(webhook: Webhook) -> str:
    return f"webhooks_log_page_{webhook.id}"


def _is_moving(delivery: WebhookDelivery) -> bool:
    due = delivery.next_attempt_at
    return delivery.status == "sending" or (due is not None and due <= utc_now() + _SOON)


def _draw_deliveries(desk: Desk, webhook: Webhook, *, waits: bool) -> None:
    with errors_shown():
        page = _page(desk, webhook)
        if waits and not any(_is_moving(delivery) for delivery in page.items):
            # The state above the log has changed too.
            st.rerun()
        if error := st.session_state.pop(_ERROR, None):
            show_error(error)
        for delivery in page.items:
            _draw_delivery(desk, webhook, delivery)
        if page.total_count > _PAGE_ROWS:
            pages = range(1, -(-page.total_count // _PAGE_ROWS) + 1)
            st.selectbox("Page", pages, key=_page_key(webhook), width=120)


def _draw_delivery(desk: Desk, webhook: Webhook, delivery: WebhookDelivery) -> None:
    told = f"{event_name(delivery.event)} · {delivery_words(delivery)} · {ago(delivery.created_at, utc_now())}"
    with st.expander(plain(told), key=f"webhooks_delivery_{delivery.id}"):
        st.caption(f"Of {plain(delivery.resource_id)}, sent as {plain(delivery.id)}")
        if delivery.attempts:
            st.dataframe(
                attempts_frame(delivery.attempts, st.context.timezone),
                key=f"webhooks_attempts_{delivery.id}",
                hide_index=True,
                placeholder="",
                alt="Every try: when, what came of it, how long it took",
            )
        if webhook.active and delivery.status != "sending":
            st.button(
                "Send again", key=f"webhooks_again_{delivery.id}", icon=":material/replay:", on_click=_redeliver,
                args=(desk, webhook.id, delivery.id),
            )  # fmt: skip


def _redeliver(desk: Desk, webhook_id: str, delivery_id: str) -> None:
    try:
        desk.webhooks.redeliver(webhook_id, delivery_id)
    except DeskError as error:
        st.session_state[_ERROR] = error
