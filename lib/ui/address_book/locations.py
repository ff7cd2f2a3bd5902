"""The locations: the places the team ships from, with the hours somebody is there."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.desk.protocol import Desk
from lib.models.errors import DeskError
from lib.models.hours import OperatingHours
from lib.models.locations import Location, LocationCreate, LocationUpdate
from lib.ui.address_book.book import Book
from lib.ui.formats import plain
from lib.ui.messages import show_field_error
from lib.ui.requests import validated

_BOOK = Book("locations", "location")
_FIELDS = {"name": "Name", "code": "Code (optional)", "email": "Email (optional)"}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EMPTY = "**No locations yet.** A location is a place you ship from: a warehouse, a store, a mail room."


def draw(desk: Desk) -> None:
    """The list beside the form of the one that is open."""
    listed, form = st.columns([7, 5], gap="large")
    with listed:
        _BOOK.draw_list(desk.locations, _frame, empty=_EMPTY)
    with form:
        error = _BOOK.draw_outcome()
        if _BOOK.is_open:
            with st.container(border=True):
                _draw_form(desk, _BOOK.chosen(desk.locations), error)


def _frame(locations: Sequence[Location]) -> pd.DataFrame:
    rows = [
        {
            "Name": location.name,
            "Code": location.code or "",
            "City": location.address.city if location.address else "",
        }
        for location in locations
    ]
    return pd.DataFrame(rows, columns=["Name", "Code", "City"])


def _draw_form(desk: Desk, location: Location | None, error: DeskError | None) -> None:
    st.subheader(plain(location.name) if location else "New location", anchor=False)
    entry = location.id if location else "new"
    for name, words in _FIELDS.items():
        kept = getattr(location, name, None) or ""
        st.text_input(words, value=kept, key=_BOOK.key(name, entry), max_chars=255)
        show_field_error(error, name)
    address = location.address.formatted_address if location and location.address else ""
    st.text_input(
        "Address", value=address, key=_BOOK.key("address", entry), max_chars=500,
        placeholder="500 7th Ave, New York, NY 10018",
    )  # fmt: skip
    show_field_error(error, "address")
    st.caption("Hours, in the time of the place")
    st.data_editor(
        _hours_frame(location.operating_hours if location else OperatingHours()),
        key=_BOOK.key("hours", entry),
        hide_index=True,
        disabled=["Day"],
        column_config={
            "Open": st.column_config.CheckboxColumn(width=60),
            "From": st.column_config.TextColumn(validate=r"^([01]\d|2[0-3]):[0-5]\d$", width=70),
            "To": st.column_config.TextColumn(validate=r"^([01]\d|2[0-3]):[0-5]\d$", width=70),
        },
    )
    show_field_error(error, "operating_hours")
    with st.container(horizontal=True):
        st.button(
            "Save location",
            key=_BOOK.key("save", entry),
            type="primary",
            on_click=_BOOK.act,
            args=(lambda: _save(desk, location), "Location saved."),
        )
        if location:
            _BOOK.draw_delete(
                desk.locations, location, name=location.name, told="Shipments keep their own copy of the address."
            )


def _hours_frame(hours: OperatingHours) -> pd.DataFrame:
    rows = [
        {"Day": day.capitalize(), "Open": found.active, "From": found.open, "To": found.close}
        for day in _DAYS
        for found in [getattr(hours, day)]
    ]
    return pd.DataFrame(rows)


def _read_hours(location: Location | None, entry: str) -> dict[str, dict[str, object]]:
    """The hours as kept with what was edited in their place."""
    frame = _hours_frame(location.operating_hours if location else OperatingHours())
    edits = st.session_state.get(_BOOK.key("hours", entry), {}).get("edited_rows", {})
    for row, changed in edits.items():
        for column, value in changed.items():
            frame.loc[int(row), column] = value
    return {
        day: {"active": bool(row["Open"]), "open": row["From"], "close": row["To"]}
        for day, (_, row) in zip(_DAYS, frame.iterrows(), strict=True)
    }


def _save(desk: Desk, location: Location | None) -> str:
    entry = location.id if location else "new"
    data: dict[str, object] = {name: _typed(name, entry) for name in _FIELDS}
    data["name"] = _typed("name", entry) or ""
    data["operating_hours"] = _read_hours(location, entry)
    address = _typed("address", entry)
    if location is None:
        created = desk.locations.create(validated(LocationCreate, {**data, "address": address}))
        for name in (*_FIELDS, "address", "hours"):
            st.session_state.pop(_BOOK.key(name, entry), None)
        return created.id
    if address != (location.address.formatted_address if location.address else None):
        data["address"] = address
    return desk.locations.update(location.id, validated(LocationUpdate, data)).id


def _typed(name: str, entry: str) -> str | None:
    return str(st.session_state.get(_BOOK.key(name, entry)) or "").strip() or None
