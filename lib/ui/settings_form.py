"""The team's settings as a form: price lists, fuel, cutoff, the own courier and its rate card."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

import pandas as pd
import streamlit as st

from lib.models.base import utc_now
from lib.models.errors import InvalidRequest
from lib.models.options import SERVICE_LEVELS
from lib.models.team import TeamSettings
from lib.rating.rules import parcel_rules
from lib.ui.formats import calendar_day
from lib.ui.requests import validated

_WEIGHT, _MILES, _PRICE = "Up to, lb", "Up to, miles", "Price, $"
_BAND_FIELDS = {_WEIGHT: "max_weight_lb", _MILES: "max_miles", _PRICE: "price"}
_BAND_LIMITS = {_WEIGHT: 150.0, _MILES: 3000.0, _PRICE: 10_000.0}
_LISTS = {"retail": "Retail, as at the counter", "commercial": "Commercial, October 2025"}
_BOOKS_ONLY = {
    "media_mail": "Media Mail: books and other media",
    "library_mail": "Library Mail: libraries, schools, museums",
}
_NOON = 12
_VERSION = "settings_version"


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


def draw_prices(settings: TeamSettings) -> None:
    """Which lists, which fuel, until when a parcel leaves the same day."""
    st.header("Prices", anchor=False)
    st.segmented_control(
        "USPS price list",
        list(_LISTS),
        key="settings_usps",
        default=settings.usps_price_list,
        required=True,
        format_func=lambda name: _LISTS[name],
    )
    st.pills(
        "Also quote",
        list(_BOOKS_ONLY),
        key="settings_books_only",
        selection_mode="multi",
        default=settings.books_only_services,
        format_func=lambda name: _BOOKS_ONLY[name],
        help="Their low prices hold for these contents only; USPS may open the parcel to check.",
    )
    st.markdown("**Fuel surcharge, percent**")
    st.caption("Carriers change it every week. Enter the figure of your invoice; left empty, the published one counts.")
    for column, field in zip(st.columns(4), fuel_fields(), strict=True):
        with column:
            st.number_input(
                field.label,
                value=settings.fuel_percent.get(field.name),
                key=f"settings_fuel_{field.name}",
                format="%.4g",
                placeholder=f"{field.percent:g}" if field.percent is not None else "",
            )
            st.caption(f"Published: {field.percent:g} %, since {field.since}" if field.percent is not None else "")
    st.selectbox(
        "Parcels leave the same day when ready before",
        range(24),
        index=settings.cutoff_hour,
        key="settings_cutoff",
        format_func=_hour,
        help="In the sender's time zone. Later ones count from the next business day.",
        width=320,
    )


def draw_courier(settings: TeamSettings) -> None:
    """The own courier and its card: the cheapest row that holds the weight and the distance is the price."""
    courier = settings.courier
    st.header("Own courier", anchor=False)
    st.toggle("Quote with our own courier", value=courier.active, key="settings_courier_active")
    name, service = st.columns(2)
    name.text_input("Courier name", value=courier.name, key="settings_courier_name", max_chars=255)
    service.selectbox(
        "Service level",
        SERVICE_LEVELS,
        index=SERVICE_LEVELS.index(courier.service_level),
        key="settings_courier_service",
        format_func=lambda code: code.replace("_", " ").capitalize(),
    )
    st.caption("Rate card: a parcel costs the price of the cheapest row that its weight and distance fit in.")
    st.session_state["settings_bands_edited"] = st.data_editor(
        _bands_frame(settings),
        key=f"settings_bands_{st.session_state.get(_VERSION, 0)}",
        num_rows="dynamic",
        hide_index=True,
        width=520,
        column_config={
            _WEIGHT: st.column_config.NumberColumn(format="%.4g", alignment="right"),
            _MILES: st.column_config.NumberColumn(format="%.4g", alignment="right"),
            _PRICE: st.column_config.NumberColumn(format="dollar", alignment="right"),
        },
        alt="Rate card of the own courier: weight, distance, price",
    )


def forget_edits() -> None:
    """After saving: the card as saved is the new beginning, not one more change on top of it."""
    st.session_state[_VERSION] = st.session_state.get(_VERSION, 0) + 1


def read_settings(kept: TeamSettings) -> TeamSettings:
    """What the form says, on top of what it does not show. Raises InvalidRequest naming field or row."""
    state = st.session_state
    fuel = {field.name: state[f"settings_fuel_{field.name}"] for field in fuel_fields()}
    bands = [_band(position, row) for position, row in enumerate(_filled_rows(state["settings_bands_edited"]))]
    courier = kept.courier.model_dump() | {
        "active": state["settings_courier_active"],
        "name": str(state["settings_courier_name"]).strip(),
        "service_level": state["settings_courier_service"],
        "bands": bands,
    }
    if courier["active"] and not bands:
        raise InvalidRequest("The rate card is empty. Add a row or switch the courier off.", fields=["rate_card"])
    return validated(
        TeamSettings,
        kept.model_dump()
        | {
            "usps_price_list": state["settings_usps"],
            "books_only_services": state["settings_books_only"],
            "fuel_percent": {name: percent for name, percent in fuel.items() if percent is not None},
            "cutoff_hour": state["settings_cutoff"],
            "courier": courier,
        },
    )


def _fuel_field(
    carrier: Literal["ups", "fedex"], group: Literal["ground", "express"], name: str, label: str
) -> FuelField:
    entry = parcel_rules(carrier).fuel_on(utc_now().date())
    if entry is None:
        return FuelField(name, label, None, "")
    bps = entry.ground_bps if group == "ground" else entry.express_bps
    return FuelField(name, label, bps / 100, calendar_day(entry.effective))


def _bands_frame(settings: TeamSettings) -> pd.DataFrame:
    rows = [(band.max_weight_lb, band.max_miles, band.price / 100) for band in settings.courier.bands]
    return pd.DataFrame(rows, columns=[_WEIGHT, _MILES, _PRICE], dtype="float64")


def _filled_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows in which anything was entered."""
    rows: list[dict[str, Any]] = [{str(name): row[name] for name in _BAND_FIELDS} for row in frame.to_dict("records")]
    return [row for row in rows if any(not _is_empty(value) for value in row.values())]


def _band(position: int, row: Mapping[str, Any]) -> dict[str, Any]:
    at = f"Rate card, row {position + 1}"
    for name, value in row.items():
        if _is_empty(value):
            raise InvalidRequest(f"{at}: fill in “{name}”.", fields=[f"rate_card.{_BAND_FIELDS[name]}"])
        may_be_zero = name == _PRICE
        if value < 0 or (value == 0 and not may_be_zero) or value > _BAND_LIMITS[name]:
            above = "from 0" if may_be_zero else "above 0"
            raise InvalidRequest(
                f"{at}: “{name}” has to be {above} and at most {_BAND_LIMITS[name]:,.0f}, not {value:g}.",
                fields=[f"rate_card.{_BAND_FIELDS[name]}"],
            )
    cents = int((Decimal(str(row[_PRICE])) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return {"max_weight_lb": float(row[_WEIGHT]), "max_miles": float(row[_MILES]), "price": cents}


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _hour(hour: int) -> str:
    return f"{hour % _NOON or _NOON} {'am' if hour < _NOON else 'pm'}"
