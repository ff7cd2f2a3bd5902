"""Couriers: the team's own with its rate card and its prices abroad, and DoorDash with its opening hours."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from lib.address.countries import HOME_COUNTRY, country_codes, country_name
from lib.models.errors import InvalidRequest
from lib.models.team import TeamSettings
from lib.ui.formats import to_cents
from lib.ui.hours import draw_week, read_week
from lib.ui.settings.rows import NUMBERS, Row, checked, draw_level, editor_key, filled_rows, is_empty

_WEIGHT, _MILES, _PRICE = "Up to, lb", "Up to, miles", "Price, $"
_LIMITS = {_WEIGHT: 150.0, _MILES: 3000.0, _PRICE: 10_000.0}
_COUNTRY, _DAYS_ABROAD = "To", "Days"
_LIMITS_ABROAD = {_WEIGHT: 150.0, _PRICE: 10_000.0, _DAYS_ABROAD: 90.0}


def draw(kept: TeamSettings) -> None:
    """The own courier, its prices abroad, then DoorDash."""
    _draw_own(kept)
    _draw_abroad(kept)
    _draw_doordash(kept)


def read(kept: TeamSettings) -> dict[str, Any]:
    """Both couriers. Raises InvalidRequest naming the row or the day."""
    state = st.session_state
    bands = [band(position, row) for position, row in enumerate(filled_rows(state["settings_bands_edited"]))]
    own = kept.courier.model_dump() | {
        "active": state["settings_courier_active"],
        "name": str(state["settings_courier_name"]).strip(),
        "service_level": state["settings_courier_service"],
        "bands": bands,
        "international": [
            price_abroad(position, row) for position, row in enumerate(filled_rows(state["settings_abroad_edited"]))
        ],
    }
    if own["active"] and not bands:
        raise InvalidRequest("The rate card is empty. Add a row or switch the courier off.", fields=["rate_card"])
    hours = read_week(state["settings_hours_edited"])
    return {"courier": own, "doordash": {"active": state["settings_doordash_active"], "hours": hours}}


def band(position: int, row: Mapping[str, Any]) -> Row:
    """A row of the rate card as kept: pounds, miles, cents. Raises InvalidRequest naming the row."""
    at = f"Row {position + 1}"
    found = {
        column: checked(row[column], at=at, column=column, field="rate_card", most=most, may_be_zero=column == _PRICE)
        for column, most in _LIMITS.items()
    }
    return {"max_weight_lb": found[_WEIGHT], "max_miles": found[_MILES], "price": to_cents(found[_PRICE])}


def price_abroad(position: int, row: Mapping[str, Any]) -> Row:
    """A row of the prices abroad as kept: country code, pounds, cents, days. Raises InvalidRequest naming the row."""
    at = f"Row {position + 1} abroad"
    if is_empty(row[_COUNTRY]):
        raise InvalidRequest(f"{at}: fill in “{_COUNTRY}”.", fields=["prices_abroad"])
    found = {
        column: checked(
            row[column], at=at, column=column, field="prices_abroad", most=most, may_be_zero=column != _WEIGHT
        )
        for column, most in _LIMITS_ABROAD.items()
    }
    if not found[_DAYS_ABROAD].is_integer():
        raise InvalidRequest(f"{at}: “{_DAYS_ABROAD}” has to be a whole number.", fields=["prices_abroad"])
    return {
        "country_code": row[_COUNTRY],
        "max_weight_lb": found[_WEIGHT],
        "price": to_cents(found[_PRICE]),
        "days": int(found[_DAYS_ABROAD]),
    }


def _draw_own(kept: TeamSettings) -> None:
    st.subheader("Own courier", anchor=False)
    st.toggle("Quote with our own courier", value=kept.courier.active, key="settings_courier_active")
    name, service = st.columns(2)
    name.text_input("Courier name", value=kept.courier.name, key="settings_courier_name", max_chars=255)
    with service:
        draw_level(kept.courier.service_level, key="settings_courier_service")
    st.caption(
        "Rate card: a parcel costs the price of the cheapest row that its weight and distance fit in. More couriers, "
        "or other prices from a day on, go onto the page Rate cards."
    )
    rows = [(one.max_weight_lb, one.max_miles, one.price / 100) for one in kept.courier.bands]
    st.session_state["settings_bands_edited"] = st.data_editor(
        pd.DataFrame(rows, columns=[_WEIGHT, _MILES, _PRICE], dtype=NUMBERS),
        key=editor_key("couriers"),
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


def _draw_abroad(kept: TeamSettings) -> None:
    st.markdown("**Prices abroad**")
    st.caption(
        "What you have agreed for a parcel to a country, up to a weight; rows with different days are different "
        "offers. The lists of UPS, FedEx and USPS for other countries are not loaded here."
    )
    rows = [(one.country_code, one.max_weight_lb, one.price / 100, one.days) for one in kept.courier.international]
    numbers = dict.fromkeys(_LIMITS_ABROAD, NUMBERS)
    st.session_state["settings_abroad_edited"] = st.data_editor(
        pd.DataFrame(rows, columns=[_COUNTRY, _WEIGHT, _PRICE, _DAYS_ABROAD]).astype(numbers | {_COUNTRY: "object"}),
        key=editor_key("couriers", "abroad"),
        num_rows="dynamic",
        hide_index=True,
        width=620,
        column_config={
            _COUNTRY: st.column_config.SelectboxColumn(
                options=[code for code in country_codes() if code != HOME_COUNTRY],
                format_func=lambda code: country_name(str(code)),
            ),
            _WEIGHT: st.column_config.NumberColumn(format="%.4g", alignment="right"),
            _PRICE: st.column_config.NumberColumn(format="dollar", alignment="right"),
            _DAYS_ABROAD: st.column_config.NumberColumn(format="%d", alignment="right", help="Business days"),
        },
        alt="Prices abroad of the own courier: country, weight, price, business days",
    )


def _draw_doordash(kept: TeamSettings) -> None:
    st.subheader("DoorDash", anchor=False)
    st.toggle("Quote with DoorDash", value=kept.doordash.active, key="settings_doordash_active")
    st.caption("It delivers on the same day, nearby, while you are open: hours in the sender's time.")
    st.session_state["settings_hours_edited"] = draw_week(kept.doordash.hours, key=editor_key("couriers", "hours"))
