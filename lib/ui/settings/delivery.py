"""Delivery: what a quote is asked with where it says nothing else, and when parcels leave."""

from typing import Any

import streamlit as st

from lib.models.options import PROVIDERS, SERVICE_LEVELS
from lib.models.team import TeamSettings
from lib.ui.option_words import RATE_TYPES, level_name
from lib.ui.theme import look_of

_NOON = 12


def draw(kept: TeamSettings) -> None:
    """The team's usual options; a single quote can say otherwise."""
    usual = kept.default_options
    st.caption("These hold where a quote leaves an option out. A single quote or a call of the API can say otherwise.")
    st.multiselect(
        "Carriers to ask", PROVIDERS, default=usual.providers or [], key="settings_providers",
        format_func=lambda code: look_of(code).name, placeholder="All carriers", select_all=False,
    )  # fmt: skip
    left, right = st.columns(2)
    left.multiselect(
        "Service levels", SERVICE_LEVELS, default=usual.service_levels or [], key="settings_service_levels",
        format_func=level_name, placeholder="All service levels", select_all=False,
    )  # fmt: skip
    right.multiselect(
        "Kinds of rate", list(RATE_TYPES), default=usual.rate_types or [], key="settings_rate_types",
        format_func=lambda kind: RATE_TYPES[kind], placeholder=RATE_TYPES["delivery"], select_all=False,
    )  # fmt: skip
    cutoff, lead, most = st.columns(3, vertical_alignment="bottom")
    cutoff.selectbox(
        "Leaves today if ready by",
        range(24),
        index=kept.cutoff_hour,
        key="settings_cutoff",
        format_func=_hour,
        help="In the sender's time zone. Later ones count from the next business day.",
    )
    lead.number_input(
        "Minutes to get ready", value=usual.lead_time_mins, step=5, key="settings_lead_time",
        help="From the quote until the parcel can be handed over.",
    )  # fmt: skip
    most.number_input(
        "Arrive within, days", value=usual.max_delivery_days, step=1, key="settings_max_days", placeholder="Any",
        help="Calendar days from the quote to the latest day of delivery.",
    )  # fmt: skip
    st.toggle(
        "Show all rates when none meets the options", value=usual.return_other_rates, key="settings_other_rates",
        help="The page then says that it happened. Rates marked for offline delivery stay hidden.",
    )  # fmt: skip
    st.toggle(
        "Say what looks wrong with an address", value=usual.verify_addresses, key="settings_verify",
        help="Looks at street, city, state and ZIP without asking anybody; the findings stand below the rates.",
    )  # fmt: skip


def read(kept: TeamSettings) -> dict[str, Any]:
    """The usual options on top of those that have no field here, and the cutoff."""
    state = st.session_state
    options = kept.default_options.model_dump() | {
        "providers": state["settings_providers"],
        "service_levels": state["settings_service_levels"],
        "rate_types": state["settings_rate_types"],
        "max_delivery_days": state["settings_max_days"],
        "lead_time_mins": state["settings_lead_time"],
        "return_other_rates": state["settings_other_rates"],
        "verify_addresses": state["settings_verify"],
    }
    return {"default_options": options, "cutoff_hour": state["settings_cutoff"]}


def _hour(hour: int) -> str:
    return f"{hour % _NOON or _NOON} {'am' if hour < _NOON else 'pm'}"
