"""Rows that people type into a table: which are filled in, and what is wrong with a cell."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from lib.models.errors import InvalidRequest
from lib.models.options import SERVICE_LEVELS
from lib.ui.option_words import level_name

Row = dict[str, Any]
# A new row may hold numbers that are still missing, which pandas' own floats turn into objects.
NUMBERS = "Float64"


def filled_rows(frame: pd.DataFrame) -> list[Row]:
    """The rows in which anything was entered."""
    rows: list[Row] = [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]
    return [row for row in rows if any(not is_empty(value) for value in row.values())]


def is_empty(value: Any) -> bool:
    """Whether a cell holds nothing."""
    missing = value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value))
    return missing or (isinstance(value, Sequence) and not value)


def checked(value: Any, *, at: str, column: str, field: str, most: float, may_be_zero: bool = False) -> float:
    """A number from a cell. Raises InvalidRequest naming the row `at`, and `field` on the wire."""
    if is_empty(value):
        raise InvalidRequest(f"{at}: fill in “{column}”.", fields=[field])
    if value < 0 or (value == 0 and not may_be_zero) or value > most:
        above = "from 0" if may_be_zero else "above 0"
        raise InvalidRequest(
            f"{at}: “{column}” has to be {above} and at most {most:,.0f}, not {value:g}.", fields=[field]
        )
    return float(value)


def editor_key(section: str, table: str = "rows") -> str:
    """The key of a section's table; another one after every saving."""
    return f"settings_{section}_{table}_{st.session_state.get(f'settings_{section}_saves', 0)}"


def forget_edits(section: str) -> None:
    """After saving: the table as saved is the new beginning, not one more change on top of it."""
    name = f"settings_{section}_saves"
    st.session_state[name] = st.session_state.get(name, 0) + 1


def draw_level(code: str, *, key: str) -> None:
    """A choice of service level."""
    st.selectbox("Service level", SERVICE_LEVELS, index=SERVICE_LEVELS.index(code), key=key, format_func=level_name)
