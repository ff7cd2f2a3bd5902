"""The form a rate card is loaded with: what kind it is, its file, and from when to when it holds."""

import base64
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

import streamlit as st

from lib.address.local_time import zone_of
from lib.desk.protocol import Desk
from lib.models.base import utc_now
from lib.models.errors import InvalidRequest
from lib.models.rate_cards import MAX_FILE_BYTES, CardKind, RateCardUpload
from lib.ui.formats import plain
from lib.ui.requests import validated

_VERSION = "cards_version"
_MEGABYTE = 1_000_000


class KindWords(NamedTuple):
    """A kind of card in a shipper's words: its name, and what it is for."""

    name: str
    purpose: str


KINDS: dict[CardKind, KindWords] = {
    "courier": KindWords("Own couriers", "What your own drivers cost per parcel, by weight and distance."),
    "marketplace": KindWords("Independent couriers", "What couriers you work with charge, by weight and distance."),
    "negotiated": KindWords(
        "Negotiated carrier prices",
        "The prices of your contract with UPS, FedEx or USPS, by service, weight and zone; they replace the published "
        "ones. UPS SurePost is quoted from such a card only.",
    ),
    "adjustment": KindWords(
        "Carrier discounts", "How many percent less, or more, than the published price you pay for a carrier's service."
    ),
    "upcharge": KindWords(
        "Up-charges", "What your customers pay on top of what you pay: a percentage, an amount in dollars, or both."
    ),
    "published": KindWords(
        "Newer published list",
        "A carrier's next public price list: the UPS daily rates workbook, USPS price tables, or a CSV.",
    ),
}


def today() -> date:
    """The visitor's day."""
    return utc_now().astimezone(zone_of(st.context.timezone)).date()


def draw_form(desk: Desk, *, check: Callable[[], None], is_checked: bool) -> None:
    """Every field with the button that asks what would change, through `check`."""
    kind: CardKind = st.selectbox(
        "What does the card hold?",
        list(KINDS),
        key="cards_kind",
        format_func=lambda code: KINDS[code].name,
        persist_state="session",
    )
    st.caption(plain(KINDS[kind].purpose))
    st.download_button(
        "Template to start from (CSV)",
        desk.rate_cards.template(kind),
        file_name=f"{kind}_rate_card.csv",
        mime="text/csv",
        key="cards_template",
        type="tertiary",
        icon=":material/download:",
        on_click="ignore",
    )
    st.file_uploader("File", type=["csv", "xlsx"], key=_file_key(), max_upload_size=MAX_FILE_BYTES // _MEGABYTE + 1)
    st.text_input("Name of the card", key="cards_name", max_chars=255, placeholder="Contract", persist_state="session")
    first, last = st.columns(2)
    first.date_input(
        "In force from", value=today(), key="cards_effective", format="MM/DD/YYYY", persist_state="session"
    )
    last.date_input(
        "Until (optional)", value=None, key="cards_until", format="MM/DD/YYYY", persist_state="session",
        help="The last day. Without one it holds until a newer card takes over.",
    )  # fmt: skip
    st.button(
        "See what changes", key="cards_check", type="secondary" if is_checked else "primary", width="stretch",
        on_click=check,
    )  # fmt: skip


def fingerprint() -> tuple[object, ...]:
    """What tells one state of the form from another."""
    state = st.session_state
    file = state.get(_file_key())
    fields = ("cards_kind", "cards_name", "cards_effective", "cards_until")
    return (file.file_id if file else None, *(state.get(name) for name in fields))


def read_upload() -> RateCardUpload:
    """What the form says. Raises InvalidRequest naming the fields that are empty or cannot be right."""
    state = st.session_state
    file, name = state.get(_file_key()), str(state.get("cards_name") or "").strip()
    given = {"file": file, "name": name, "in_force_from": state.get("cards_effective")}
    if file is None or not all(given.values()):
        empty = [field for field, value in given.items() if not value]
        raise InvalidRequest("Still needed to read the card.", fields=empty)
    data = file.getvalue()
    if len(data) > MAX_FILE_BYTES:
        most = MAX_FILE_BYTES / _MEGABYTE
        raise InvalidRequest(f"It has {len(data) / _MEGABYTE:.1f} MB, more than {most:.1f} MB.", fields=["file"])
    return validated(
        RateCardUpload,
        {
            "kind": state["cards_kind"],
            "name": name,
            "effective": state["cards_effective"],
            "until": state.get("cards_until"),
            "content_base64": base64.b64encode(data).decode(),
        },
    )


def forget_file() -> None:
    """After the card is in force: room for the next one."""
    st.session_state[_VERSION] = st.session_state.get(_VERSION, 0) + 1
    st.session_state["cards_name"] = ""


def _file_key() -> str:
    return f"cards_file_{st.session_state.get(_VERSION, 0)}"
