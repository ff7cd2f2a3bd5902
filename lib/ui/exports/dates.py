"""The filter for dates: relative ones first, which stay relative in a saved recipe; a custom range; all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from lib.address.local_time import zone_of
from lib.desk.protocol import Desk
from lib.exports.relative_dates import RELATIVE_DATES, days_filter
from lib.models.base import utc_now
from lib.ui.exports.filters import Options
from lib.ui.formats import calendar_day

TIMEZONE = "exports_timezone"
ALL, CUSTOM = "all", "custom"
_FIRST = ("last_30_days", "this_month", "last_month", "yesterday")
CHOICES = (*_FIRST, *(word for word in RELATIVE_DATES if word not in _FIRST), CUSTOM, ALL)
_WORDS = {CUSTOM: "Custom range", ALL: "All"}
_DAY = r"(\d{4}-\d{2}-\d{2})"
_DAYS = re.compile(rf"equals:{_DAY}|bwi:{_DAY},{_DAY}")
_WEEK = timedelta(days=7)


def date_words(choice: str) -> str:
    """A choice of dates: `Last 30 days`, `Custom range`."""
    return _WORDS.get(choice) or choice.replace("_", " ").capitalize()


def filter_words(text: str) -> str:
    """A filter for dates as people say it: `last month`, `in the last 30 days`, `Jan 5, 2026`; else as it is."""
    if text in RELATIVE_DATES:
        counted = any(letter.isdigit() for letter in text)
        return f"in the {date_words(text).lower()}" if counted else date_words(text).lower()
    days = filter_days(text)
    return days_words(*days) if days else text


def days_words(first: date, last: date) -> str:
    """Whole days, both included: `Jan 5, 2026`, `Jan 5, 2026 to Jan 9, 2026`."""
    return calendar_day(first) if first == last else f"{calendar_day(first)} to {calendar_day(last)}"


def filter_days(text: str) -> tuple[date, date] | None:
    """The first and last day of a filter for whole days; None for any other."""
    found = _DAYS.fullmatch(text)
    if found is None:
        return None
    try:
        days = [date.fromisoformat(day) for day in found.groups() if day]
    except ValueError:
        return None
    return days[0], days[-1]


def chosen_filter(choice: str, days: Sequence[date] = ()) -> str | None:
    """The filter for a choice; None for no limit, as also for a custom range that is half chosen."""
    if choice == ALL:
        return None
    if choice != CUSTOM:
        return choice
    return days_filter(days[0], days[1]) if len(days) == 2 else None  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Dates:
    """When something happened, in days of the file's time zone. `usual` is what it begins with."""

    name: str
    label: str
    usual: str = ALL

    def draw(self, desk: Desk, key: str) -> None:  # noqa: ARG002
        """A list of ranges, with the days that the chosen one means today, or from and to."""
        st.session_state.setdefault(key, self.usual)
        st.selectbox(self.label, CHOICES, key=key, format_func=date_words, persist_state="session")
        choice, today = st.session_state[key], _today()
        if choice == CUSTOM:
            st.session_state.setdefault(f"{key}_days", (today - _WEEK, today))
            st.date_input(
                f"{self.label}: first and last day", key=f"{key}_days", format="MM/DD/YYYY", persist_state="session"
            )
        elif choice in RELATIVE_DATES:
            st.caption(days_words(*RELATIVE_DATES[choice](today)))

    def read(self, key: str) -> dict[str, str]:
        """The word of the relative range, or the days as a range."""
        state = st.session_state
        text = chosen_filter(state.get(key, self.usual), tuple(state.get(f"{key}_days") or ()))
        return {self.name: text} if text else {}

    def fill(self, key: str, options: Options) -> set[str]:
        """Choose that range; nothing given means all."""
        text = options.get(self.name, "")
        days = filter_days(text)
        if text in RELATIVE_DATES:
            st.session_state[key] = text
        elif days:
            st.session_state.update({key: CUSTOM, f"{key}_days": days})
        else:
            st.session_state[key] = ALL
            return set()
        return {self.name}


def _today() -> date:
    return utc_now().astimezone(zone_of(st.session_state.get(TIMEZONE))).date()
