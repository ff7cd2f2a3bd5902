"""The schedule of a template as plain choices, and as the cron expression that they stand for."""

import re
from dataclasses import dataclass
from datetime import time

import streamlit as st

from lib.models.export_templates import MAX_KEPT_FILES, ExportSchedule, ExportTemplate
from lib.ui.formats import plain
from lib.ui.requests import validated

OFF, DAILY, WEEKDAYS, WEEKLY, MONTHLY, OWN = (
    "Off",
    "Every day",
    "Every weekday",
    "Every week",
    "Every month",
    "Own schedule",
)
CHOICES = (OFF, DAILY, WEEKDAYS, WEEKLY, MONTHLY, OWN)
# As cron numbers them, from Monday on.
DAYS = {1: "Monday", 2: "Tuesday", 3: "Wednesday", 4: "Thursday", 5: "Friday", 6: "Saturday", 0: "Sunday"}
_SIMPLE = re.compile(r"([0-5]?\d) ([01]?\d|2[0-3]) (?:(\*) \* (\*|1-5|[0-6])|1 \* \*)")
_NOON = 12
_FIRST_AT, _FIRST_KEPT = time(6), 7
_MONDAY = 1


@dataclass(frozen=True, slots=True)
class Rhythm:
    """One of CHOICES, the time of day, the day of a weekly one, and the cron expression of an own one."""

    choice: str
    at: time = _FIRST_AT
    day: int = _MONDAY
    cron: str = ""

    @property
    def expression(self) -> str:
        """As a cron expression."""
        at = f"{self.at.minute} {self.at.hour}"
        return {
            DAILY: f"{at} * * *",
            WEEKDAYS: f"{at} * * 1-5",
            WEEKLY: f"{at} * * {self.day}",
            MONTHLY: f"{at} 1 * *",
        }.get(self.choice, self.cron)

    @property
    def words(self) -> str:
        """As a person says it: `every Monday at 6:00 am`."""
        at = f"at {time_words(self.at)}"
        return {
            DAILY: f"every day {at}",
            WEEKDAYS: f"Monday to Friday {at}",
            WEEKLY: f"every {DAYS[self.day]} {at}",
            MONTHLY: f"on the 1st of every month {at}",
        }.get(self.choice, f"by the schedule {self.cron}")


def rhythm_of(cron: str) -> Rhythm:
    """The plain choice that a cron expression stands for; `Own schedule` where there is none."""
    found = _SIMPLE.fullmatch(" ".join(cron.split()))
    if found is None:
        return Rhythm(OWN, cron=cron)
    at, days = time(int(found[2]), int(found[1])), found[4]
    match days:
        case None:
            return Rhythm(MONTHLY, at)
        case "*":
            return Rhythm(DAILY, at)
        case "1-5":
            return Rhythm(WEEKDAYS, at)
        case _:
            return Rhythm(WEEKLY, at, int(days))


def time_words(at: time) -> str:
    """A time of day: `6:00 am`."""
    return f"{at.hour % _NOON or _NOON}:{at:%M} {'am' if at.hour < _NOON else 'pm'}"


def schedule_words(schedule: ExportSchedule | None) -> str:
    """When a template is made, as Markdown: `every Monday at 6:00 am`, `by hand`."""
    return plain(rhythm_of(schedule.cron).words) if schedule and schedule.active else "by hand"


class ScheduleForm:
    """The fields of one template's schedule, in a form of their own or inside one."""

    def __init__(self, template: ExportTemplate) -> None:
        self._template = template
        kept = template.schedule
        self._kept = rhythm_of(kept.cron) if kept and kept.active else Rhythm(OFF)
        self._timezone = (kept.timezone if kept else None) or template.recipe.csv_field_options.timezone

    def draw(self) -> None:
        """How often, when, and how many files are kept."""
        kept = self._template.schedule
        choice = st.selectbox("Make it by itself", CHOICES, CHOICES.index(self._kept.choice), key=self._key("choice"))
        if choice == OFF:
            return
        with st.container(key=self._key("fields"), horizontal=True, vertical_alignment="bottom"):
            if choice == OWN:
                st.text_input(
                    "Cron", self._kept.cron or "0 6 * * 1", key=self._key("cron"), max_chars=100,
                    help="Minute, hour, day of the month, month, day of the week: 0 6 * * 1 is Mondays at 6:00.",
                )  # fmt: skip
            if choice == WEEKLY:
                st.selectbox(
                    "On", list(DAYS), list(DAYS).index(self._kept.day), key=self._key("day"),
                    format_func=lambda day: DAYS[day], width=150,
                )  # fmt: skip
            if choice != OWN:
                st.time_input("At", self._kept.at, key=self._key("at"), format="12h", width=130)
            st.number_input(
                "Files kept", 1, MAX_KEPT_FILES, kept.keep if kept else _FIRST_KEPT, key=self._key("keep"), width=130,
                help="The last so many stay until newer ones take their place.",
            )  # fmt: skip
        st.caption(f"In the time of {plain(self._timezone.replace('_', ' '))}.")

    def read(self) -> ExportSchedule | None:
        """What the fields say: off, what was kept stays for when it is on again. Raises InvalidRequest."""
        state, kept = st.session_state, self._template.schedule
        choice = state[self._key("choice")]
        if choice == OFF:
            return kept and kept.model_copy(update={"active": False})
        rhythm = Rhythm(
            choice,
            state.get(self._key("at")) or _FIRST_AT,
            state.get(self._key("day"), _MONDAY),
            str(state.get(self._key("cron")) or ""),
        )
        zone = kept.timezone if kept else None
        fields = {"cron": rhythm.expression, "timezone": zone, "keep": state[self._key("keep")]}
        return validated(ExportSchedule, fields, at="schedule")

    def _key(self, name: str) -> str:
        return f"exports_schedule_{name}_{self._template.id}"
