"""The options of a quote as fields: what nobody fills in is left to the team's settings."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from lib.models.errors import DeskError
from lib.models.options import PROVIDERS, SERVICE_LEVELS, ShipmentOptions
from lib.ui.formats import number, to_cents
from lib.ui.messages import show_field_error
from lib.ui.option_words import RATE_TYPES, SIGNATURES, level_name
from lib.ui.requests import validated
from lib.ui.theme import look_of

_LISTS = {"providers": "All carriers", "service_levels": "All service levels", "rate_types": "Delivery to the door"}
_MONEY = {
    "declared_value": ("Declared value, $", "Of each parcel. Carriers charge for cover above what is free."),
    "checkout_total": ("Cart total, $", "What your customer pays for the goods. Discounts in Settings depend on it."),
}
_TIP = ("Driver's tip, $", "For same-day couriers; goes to the driver whole.")


def key_of(name: str) -> str:
    """Where the value of an option is in session state."""
    return f"compare_option_{name}"


def draw_options(error: DeskError | None, defaults: ShipmentOptions) -> None:
    """What narrows the answer or adds to the price, folded away; an error opens it."""
    mine = error is not None and any(path.startswith("options") for path in error.fields)
    with st.expander("Options", type="compact", key="compare_options", expanded=mine):
        _draw_narrowing(defaults)
        _draw_services(defaults)
        st.text_input("Order number", key="compare_order_number", max_chars=255, persist_state="session")
        show_field_error(error, "options", "order_number")


def read_options() -> ShipmentOptions:
    """The options that were filled in. Raises InvalidRequest naming the field."""
    state = st.session_state
    given: dict[str, Any] = {name: list(state.get(key_of(name)) or []) or None for name in _LISTS}
    given["max_delivery_days"] = state.get(key_of("max_delivery_days"))
    for name in (*_MONEY, "same_day_tip_amount"):
        dollars = state.get(key_of(name))
        given[name] = None if dollars is None else to_cents(dollars)
    given["signature"] = state.get(key_of("signature"))
    given["request_provider_pickup"] = state.get(key_of("request_provider_pickup"))
    given["provider_instructions"] = str(state.get(key_of("provider_instructions")) or "").strip() or None
    return validated(ShipmentOptions, given, at="options")


def fill_options(options: ShipmentOptions, defaults: ShipmentOptions) -> None:
    """Put the options of a shipment into the fields where they are other than the settings say."""
    state = st.session_state
    for name in (*_LISTS, "max_delivery_days", "signature", "request_provider_pickup", "provider_instructions"):
        value = getattr(options, name)
        if value != getattr(defaults, name):
            state[key_of(name)] = value
    for name in (*_MONEY, "same_day_tip_amount"):
        if getattr(options, name) != getattr(defaults, name):
            state[key_of(name)] = getattr(options, name) / 100


def _draw_narrowing(defaults: ShipmentOptions) -> None:
    _many("providers", "Carriers to ask", PROVIDERS, defaults.providers, words=lambda code: look_of(code).name)
    _many("service_levels", "Service levels", SERVICE_LEVELS, defaults.service_levels, words=level_name)
    _many("rate_types", "Kinds of rate", RATE_TYPES, defaults.rate_types, words=lambda kind: RATE_TYPES[kind])
    with st.container(key="compare_sizes_days"):
        days, tip = st.columns(2, wrap=False)
    with days:
        most = defaults.max_delivery_days
        st.number_input(
            "Arrive within, days", key=key_of("max_delivery_days"), value=None, step=1,
            placeholder="Any" if most is None else f"{most}",
            help="Calendar days from today to the latest day of delivery.", persist_state="session",
        )  # fmt: skip
    with tip:
        _dollars("same_day_tip_amount", *_TIP, defaults.same_day_tip_amount)


def _draw_services(defaults: ShipmentOptions) -> None:
    with st.container(key="compare_sizes_money"):
        columns = st.columns(2, wrap=False)
    for column, (name, words) in zip(columns, _MONEY.items(), strict=True):
        with column:
            _dollars(name, *words, getattr(defaults, name))
    st.session_state.setdefault(key_of("signature"), defaults.signature)
    st.selectbox(
        "Signature",
        list(SIGNATURES),
        key=key_of("signature"),
        format_func=lambda kind: SIGNATURES[kind],
        persist_state="session",
    )
    st.session_state.setdefault(key_of("request_provider_pickup"), defaults.request_provider_pickup)
    st.toggle(
        "Have the carrier collect it",
        key=key_of("request_provider_pickup"),
        help="Adds what the carrier charges for coming on demand, as entered in Settings.",
        persist_state="session",
    )
    st.text_area(
        "Instructions for the driver", key=key_of("provider_instructions"), max_chars=2000, height=80,
        placeholder=defaults.provider_instructions or "Ring at the back door", persist_state="session",
    )  # fmt: skip


def _many(name: str, label: str, choices: Sequence[str] | dict[str, str], kept: Any, *, words: Any) -> None:
    usual = ", ".join(words(code) for code in kept) if kept else _LISTS[name]
    st.multiselect(
        label, list(choices), key=key_of(name), format_func=words, placeholder=usual, persist_state="session",
        select_all=False,
    )  # fmt: skip


def _dollars(name: str, label: str, help_text: str, kept: int) -> None:
    st.number_input(
        label,
        key=key_of(name),
        value=None,
        format="%.2f",
        placeholder=number(kept / 100) if kept else "0.00",
        help=help_text,
        persist_state="session",
    )
