"""The locations: the places the team ships from, with the hours somebody is there."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.desk.protocol import Desk
from lib.models.hours import OperatingHours
from lib.models.locations import Location, LocationCreate, LocationUpdate
from lib.ui.address_book.book import Book
from lib.ui.address_book.form import EntryForm, group_names
from lib.ui.hours import draw_week, read_week
from lib.ui.places import city_words


def locations_frame(locations: Sequence[Location]) -> pd.DataFrame:
    """One row per location: what it is called and where it is."""
    rows = [(location.name, location.code or "", city_words(location.address)) for location in locations]
    return pd.DataFrame(rows, columns=["Name", "Code", "City"])


_BOOK: Book[Location] = Book(
    "locations",
    "location",
    frame=locations_frame,
    find="Name, code, city, ZIP",
    empty="Add the places you ship from: a warehouse, a store, a mail room. On **Compare rates** one click then fills "
    "in where a parcel leaves from.",
)


def draw(desk: Desk) -> None:
    """The list beside the form of the one that is open."""
    groups = group_names(desk, "location")
    _BOOK.draw(desk.locations, lambda location: _draw_form(desk, location, groups))


def _draw_form(desk: Desk, location: Location | None, groups: dict[str, str]) -> None:
    form = EntryForm(_BOOK, location)
    with form.drawn(location.name if location else None):
        form.name()
        form.text("code", "Code (optional)", help="Your own short name for it, such as NYC1", autocomplete="off")
        form.address(location.address if location else None)
        form.text("email", "Email (optional)", type="email", autocomplete="off")
        form.groups(groups, location.groups if location else [])
        st.caption("When somebody is there, in the time of the place")
        week = draw_week(location.operating_hours if location else OperatingHours(), key=form.key("hours"))
        form.draw_problem("opening_hours")
        saved = form.submitted()
    if saved:
        form.save(desk.locations, LocationCreate, LocationUpdate, more=lambda: {"operating_hours": read_week(week)})
    name = location.name if location else ""
    _BOOK.draw_ways_out(desk.locations, location, name=name, told="Shipments keep their own copy of the address.")
