"""A week of opening hours as a table in which people tick days and type times."""

from collections.abc import Mapping
from datetime import time
from typing import Any

import pandas as pd
import streamlit as st

from lib.models.errors import InvalidRequest
from lib.models.hours import OperatingHours
from lib.ui.settings.rows import Row, is_empty

_DAY, _OPEN, _FROM, _TO = "Day", "Open", "From", "To"
_DAYS = tuple(OperatingHours.model_fields)


def draw_week(hours: OperatingHours, *, key: str) -> pd.DataFrame:
    """The table, and the rows as they are in it now: one a day, from Monday."""
    rows = [
        (day.capitalize(), kept.active, time.fromisoformat(kept.open), time.fromisoformat(kept.close))
        for day, kept in ((day, getattr(hours, day)) for day in _DAYS)
    ]
    edited: pd.DataFrame = st.data_editor(
        pd.DataFrame(rows, columns=[_DAY, _OPEN, _FROM, _TO]),
        key=key,
        num_rows="fixed",
        hide_index=True,
        width=520,
        column_config={
            _DAY: st.column_config.TextColumn(disabled=True),
            _OPEN: st.column_config.CheckboxColumn(),
            _FROM: st.column_config.TimeColumn(format="h:mm a", step=300, alignment="right"),
            _TO: st.column_config.TimeColumn(format="h:mm a", step=300, alignment="right"),
        },
        alt="Opening hours by day of the week",
    )
    return edited


def read_week(edited: pd.DataFrame) -> dict[str, Row]:
    """The table of `draw_week` as kept. Raises InvalidRequest naming the day."""
    return {day: open_hours(day, row) for day, row in zip(_DAYS, edited.to_dict("records"), strict=True)}


def open_hours(day: str, row: Mapping[Any, Any]) -> Row:
    """A day of the opening hours as kept. Raises InvalidRequest naming the day."""
    at, opens, closes, fields = day.capitalize(), row[_FROM], row[_TO], ["opening_hours"]
    if is_empty(opens) or is_empty(closes):
        raise InvalidRequest(f"{at}: fill in “{_FROM}” and “{_TO}”; take the tick from a closed day.", fields=fields)
    if opens >= closes:
        raise InvalidRequest(f"{at}: “{_FROM}” has to be before “{_TO}”.", fields=fields)
    return {"active": bool(row[_OPEN]), "open": f"{opens:%H:%M}", "close": f"{closes:%H:%M}"}
