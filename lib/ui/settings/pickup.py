"""Pickup: what the team's own counter does, and what carriers charge for coming on demand."""

from typing import Any, Literal

import streamlit as st

from lib.models.options import PROVIDERS
from lib.models.team import CounterService, TeamSettings
from lib.ui.formats import to_cents
from lib.ui.settings.rows import draw_level
from lib.ui.theme import look_of

_Counter = Literal["pickup", "received"]
# Couriers that come to the sender by the nature of their service.
_COME_ANYWAY = ("doordash", "self")


def draw(kept: TeamSettings) -> None:
    """Collecting, handing over, on-demand pickup."""
    st.caption("The first two are quoted only where a shipment asks for these kinds of rate.")
    _draw_counter("pickup", kept.pickup, title="Collected at your counter", switch="Recipients may collect parcels")
    _draw_counter(
        "received", kept.received, title="Handed over at your counter", switch="Recipients may take parcels along"
    )
    st.subheader("On-demand pickup", anchor=False)
    st.caption("What a carrier charges you for coming to collect, $ per shipment; left empty, it is not included.")
    for column, code in zip(st.columns(len(_charging())), _charging(), strict=True):
        cents = kept.pickup_premium.get(code)  # type: ignore[call-overload]
        column.number_input(
            look_of(code).name,
            value=None if cents is None else cents / 100,
            key=f"settings_premium_{code}",
            format="%.2f",
            placeholder="Not known",
        )


def read(kept: TeamSettings) -> dict[str, Any]:
    """Counter and premiums."""
    typed = {code: st.session_state[f"settings_premium_{code}"] for code in _charging()}
    premiums = dict(kept.pickup_premium) | {
        code: None if dollars is None else to_cents(dollars) for code, dollars in typed.items()
    }
    return {
        "pickup": _read_counter("pickup", kept.pickup),
        "received": _read_counter("received", kept.received),
        "pickup_premium": {code: cents for code, cents in premiums.items() if cents is not None},
    }


def _charging() -> list[str]:
    return [code for code in PROVIDERS if code not in _COME_ANYWAY]


def _draw_counter(name: _Counter, kept: CounterService, *, title: str, switch: str) -> None:
    st.subheader(title, anchor=False)
    st.toggle(switch, value=kept.active, key=f"settings_{name}_active")
    label, level = st.columns(2)
    label.text_input("Name on the rate", value=kept.name, key=f"settings_{name}_name", max_chars=255)
    with level:
        draw_level(kept.service_level, key=f"settings_{name}_service")
    price, ready = st.columns(2)
    price.number_input("Price, $", value=kept.price / 100, format="%.2f", key=f"settings_{name}_price")
    ready.number_input("Ready after, minutes", value=kept.ready_mins, step=5, key=f"settings_{name}_ready")


def _read_counter(name: _Counter, kept: CounterService) -> dict[str, Any]:
    state = st.session_state
    return kept.model_dump() | {
        "active": state[f"settings_{name}_active"],
        "name": str(state[f"settings_{name}_name"]).strip(),
        "service_level": state[f"settings_{name}_service"],
        "price": to_cents(state[f"settings_{name}_price"]),
        "ready_mins": state[f"settings_{name}_ready"],
    }
