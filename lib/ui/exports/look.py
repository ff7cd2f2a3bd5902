"""How the file looks: in whose time, how dates are written, what becomes of fields with parts."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import streamlit as st

from lib.address.local_time import zone_of
from lib.exports.files.patterns import COMMON_PATTERNS, sample
from lib.models.base import utc_now
from lib.models.errors import DeskError
from lib.models.exports import CsvFieldOptions
from lib.store.dates import known_timezones
from lib.ui.exports.dates import TIMEZONE
from lib.ui.formats import plain

_PATTERN, _OWN_PATTERN, _PROPERTIES = "exports_pattern", "exports_own_pattern", "exports_properties"
OWN = "Own pattern"
_FIRST_OWN = "EEE, MMM d, yyyy h:mm a"
_PARTS = {"merge": "One column as JSON", "flatten": "A column per part"}
# The moment of the API's own examples, so that day and month cannot be taken for one another.
_EXAMPLE = datetime(2024, 12, 25, 14, 30, 45, 123000, tzinfo=UTC)


def prepare() -> None:
    """Begin in the time zone of the browser, with fields in one piece."""
    if TIMEZONE not in st.session_state:
        st.session_state[TIMEZONE] = zone_of(st.context.timezone).key
    st.session_state.setdefault(_PROPERTIES, "merge")


def draw_time() -> None:
    """Time zone and date pattern, with the present moment as a live sample or what is wrong with the pattern."""
    state = st.session_state
    st.selectbox("Time zone", _timezones(), key=TIMEZONE, persist_state="session")
    chosen = st.selectbox(
        "Dates in the file", [*COMMON_PATTERNS, OWN], key=_PATTERN, format_func=_pattern_words, persist_state="session"
    )
    if chosen == OWN:
        state.setdefault(_OWN_PATTERN, _FIRST_OWN)
        st.text_input(
            "Date pattern", key=_OWN_PATTERN, live=True, max_chars=255, persist_state="session",
            help="Letters as in Java: yyyy MM dd HH mm ss, hh a, EEE, MMM, xxx. Put text between quotes.",
        )  # fmt: skip
    try:
        st.caption(f"Now reads {plain(sample(_pattern(), state[TIMEZONE], utc_now()))}")
    except DeskError as error:
        _draw_problem(error)


def draw_parts() -> None:
    """What becomes of fields that have parts of their own."""
    st.segmented_control(
        "Fields with parts, such as an address", list(_PARTS), key=_PROPERTIES, required=True,
        format_func=lambda how: _PARTS[how], persist_state="session",
    )  # fmt: skip


def read() -> dict[str, Any]:
    """The fields of the look, but for the columns."""
    return {
        "timezone": st.session_state[TIMEZONE],
        "datetime_format": _pattern(),
        "properties": st.session_state[_PROPERTIES],
    }


def load(look: CsvFieldOptions) -> None:
    """Put a look into the form."""
    common = look.datetime_format in COMMON_PATTERNS
    st.session_state.update(
        {TIMEZONE: look.timezone, _PATTERN: look.datetime_format if common else OWN, _PROPERTIES: look.properties}
    )
    if not common:
        st.session_state[_OWN_PATTERN] = look.datetime_format


def pointed_at(pattern: str, position: int) -> str:
    """The pattern with an arrow under its letter of that number, the first being 1; for a fixed-width font."""
    return f"{pattern}\n{' ' * (position - 1)}↑"


def _draw_problem(error: DeskError) -> None:
    position = error.details.get("position") if error.details else None
    if isinstance(position, int) and _pattern():
        st.code(pointed_at(_pattern(), position), language=None)
    st.markdown(f":red[:material/error: {plain(error.message)}]")


def _pattern() -> str:
    state = st.session_state
    chosen = str(state.get(_PATTERN) or COMMON_PATTERNS[0])
    return str(state.get(_OWN_PATTERN) or "") if chosen == OWN else chosen


@cache
def _pattern_words(pattern: str) -> str:
    return OWN if pattern == OWN else sample(pattern, "UTC", _EXAMPLE)


@cache
def _timezones() -> list[str]:
    return sorted(known_timezones())
