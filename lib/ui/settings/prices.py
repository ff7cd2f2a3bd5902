"""Prices: which lists are quoted, and which fuel surcharge."""

from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from lib.models.base import utc_now
from lib.models.team import TeamSettings
from lib.rating.rules import parcel_rules
from lib.ui.formats import calendar_day

_LISTS = {"retail": "Retail, as at the counter", "commercial": "Commercial, October 2025"}
_BOOKS_ONLY = {
    "media_mail": "Media Mail: books and other media",
    "library_mail": "Library Mail: libraries, schools, museums",
}


@dataclass(frozen=True, slots=True)
class FuelField:
    """One fuel percentage: `name` in the settings, `label` on the screen, the published value and its date."""

    name: str
    label: str
    percent: float | None
    since: str


def fuel_fields() -> list[FuelField]:
    """Every fuel percentage that can be overridden, with what holds today otherwise."""
    return [
        _fuel_field("ups", "ground", "ups_ground", "UPS Ground"),
        _fuel_field("ups", "express", "ups_air", "UPS air"),
        _fuel_field("fedex", "ground", "fedex_ground", "FedEx Ground"),
        _fuel_field("fedex", "express", "fedex_express", "FedEx Express"),
    ]


def draw(kept: TeamSettings) -> None:
    """Which lists, which fuel."""
    st.pills(
        "USPS price list",
        list(_LISTS),
        key="settings_usps",
        default=kept.usps_price_list,
        required=True,
        format_func=lambda name: _LISTS[name],
    )
    st.pills(
        "Also quote",
        list(_BOOKS_ONLY),
        key="settings_books_only",
        selection_mode="multi",
        default=kept.books_only_services,
        format_func=lambda name: _BOOKS_ONLY[name],
        help="Their low prices hold for these contents only; USPS may open the parcel to check.",
    )
    st.markdown("**Fuel surcharge, percent**")
    st.caption("Carriers change it every week. Enter the figure of your invoice; left empty, the published one counts.")
    for column, field in zip(st.columns(4), fuel_fields(), strict=True):
        with column:
            st.number_input(
                field.label,
                value=kept.fuel_percent.get(field.name),
                key=f"settings_fuel_{field.name}",
                format="%.4g",
                placeholder=f"{field.percent:g}" if field.percent is not None else "",
            )
            st.caption(f"Published: {field.percent:g} %, since {field.since}" if field.percent is not None else "")


def read(kept: TeamSettings) -> dict[str, Any]:  # noqa: ARG001
    """Price lists and fuel."""
    state = st.session_state
    fuel = {field.name: state[f"settings_fuel_{field.name}"] for field in fuel_fields()}
    return {
        "usps_price_list": state["settings_usps"],
        "books_only_services": state["settings_books_only"],
        "fuel_percent": {name: percent for name, percent in fuel.items() if percent is not None},
    }


def _fuel_field(
    carrier: Literal["ups", "fedex"], group: Literal["ground", "express"], name: str, label: str
) -> FuelField:
    entry = parcel_rules(carrier).fuel_on(utc_now().date())
    if entry is None:
        return FuelField(name, label, None, "")
    bps = entry.ground_bps if group == "ground" else entry.express_bps
    return FuelField(name, label, bps / 100, calendar_day(entry.effective))
