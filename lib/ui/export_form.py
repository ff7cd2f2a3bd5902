"""The recipe of an export: which shipments, in whose time, which columns."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import available_timezones

import streamlit as st

from lib.address.local_time import zone_of
from lib.exports.catalogue import find_resource
from lib.exports.patterns import COMMON_PATTERNS, sample
from lib.models.base import utc_now
from lib.models.errors import DeskError
from lib.models.exports import CsvFieldOptions, ExportCreate
from lib.models.options import PROVIDERS
from lib.models.statuses import STATUS_GROUPS, STATUSES
from lib.ui.column_sorter import Row, column_sorter, sorted_rows
from lib.ui.formats import plain
from lib.ui.requests import validated
from lib.ui.status_words import status_words
from lib.ui.theme import look_of

COLUMNS = "exports_columns"
RESOURCE = "shipment"
_USUAL = (
    "id", "created_at", "status", "provider", "amount", "billed_amount", "tracking_number", "order_number",
    "payment_reference", "estimated_delivery_at",
)  # fmt: skip
_RANGES = ("Last 30 days", "This month", "Last month", "Last 12 months", "All", "Custom")
_OWN_PATTERN = "Own pattern"
_PARTS = {"merge": "One column as JSON", "flatten": "A column per part"}
_DAY = timedelta(days=1)


def draw_filters() -> None:
    """Which shipments: when made, by whom carried, how far along."""
    st.selectbox("Created", _RANGES, key="exports_range", persist_state="session")
    if st.session_state["exports_range"] == "Custom":
        st.date_input(
            "From and to",
            (utc_now().date() - 7 * _DAY, utc_now().date()),
            key="exports_days",
            format="MM/DD/YYYY",
            persist_state="session",
        )
    st.multiselect(
        "Carriers",
        PROVIDERS,
        key="exports_providers",
        format_func=lambda code: look_of(code).name,
        placeholder="All carriers",
        persist_state="session",
    )
    st.multiselect(
        "Statuses",
        [*STATUS_GROUPS, *STATUSES],
        key="exports_statuses",
        format_func=status_words,
        placeholder="All statuses",
        persist_state="session",
    )


def draw_time() -> None:
    """In whose time, and how dates are written, with the present moment as a live sample."""
    zones = sorted(available_timezones())
    if "exports_timezone" not in st.session_state:
        st.session_state["exports_timezone"] = zone_of(st.context.timezone).key
    st.selectbox("Time zone", zones, key="exports_timezone", persist_state="session")
    chosen = st.selectbox("Dates", [*COMMON_PATTERNS, _OWN_PATTERN], key="exports_pattern", persist_state="session")
    if chosen == _OWN_PATTERN:
        st.text_input(
            "Date pattern",
            value="EEE, MMM d, yyyy h:mm a",
            key="exports_own_pattern",
            live=True,
            max_chars=100,
            help="Letters as in Java: yyyy MM dd HH mm ss, hh a, EEE, MMM, xxx. Put text between quotes.",
            persist_state="session",
        )
    try:
        st.caption(f"Now reads {plain(sample(_pattern(), st.session_state['exports_timezone'], utc_now()))}")
    except DeskError as error:
        st.markdown(f":red[:material/error: {plain(error.message)}]")


def draw_columns() -> None:
    """Which columns, in which order."""
    if COLUMNS not in st.session_state:
        _usual_columns()
    chosen = sum(row["on"] for row in st.session_state[COLUMNS])
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**Columns** :gray[{chosen} of {len(st.session_state[COLUMNS])}]")
        with st.container(horizontal=True, width="content", gap="xsmall"):
            st.button("Usual", key="exports_usual", type="tertiary", on_click=_usual_columns)
            st.button("All", key="exports_all", type="tertiary", on_click=_all_columns)
    column_sorter(state=COLUMNS, key="exports_sorter")
    st.segmented_control(
        "Fields with parts, such as the recipient",
        ["merge", "flatten"],
        key="exports_properties",
        default="merge",
        required=True,
        format_func=lambda how: _PARTS[how],
        persist_state="session",
    )


def read_request() -> ExportCreate:
    """What the recipe asks for. Raises InvalidRequest naming the field that cannot be right."""
    state = st.session_state
    rows: list[Row] = state[COLUMNS]
    order = [row["name"] for row in rows if row["on"]]
    options = {
        "limit": "all",
        "created_at": created_filter(_chosen_days()),
        "provider": ",".join(state.get("exports_providers") or ()),
        "statuses": ",".join(state.get("exports_statuses") or ()),
    }
    look = {
        "timezone": state["exports_timezone"],
        "datetime_format": _pattern(),
        "columns": dict.fromkeys(order, True),
        "column_order": order,
        "properties": state.get("exports_properties") or "merge",
    }
    return ExportCreate(
        resource=RESOURCE,
        options={name: value for name, value in options.items() if value},
        csv_field_options=validated(CsvFieldOptions, look, at="csv_field_options"),
    )


def day_range(name: str, today: date, custom: Sequence[date] = ()) -> tuple[date, date] | None:
    """First and last day of a named range seen from `today`; None for no limit (also a custom one half chosen)."""
    first_of_month = today.replace(day=1)
    last_month_end = first_of_month - _DAY
    match name:
        case "Last 30 days":
            return today - 29 * _DAY, today
        case "This month":
            return first_of_month, today
        case "Last month":
            return last_month_end.replace(day=1), last_month_end
        case "Last 12 months":
            return today - 364 * _DAY, today
        case "Custom" if len(custom) == 2:  # noqa: PLR2004
            return custom[0], custom[1]
        case _:
            return None


def created_filter(days: tuple[date, date] | None) -> str | None:
    """The filter for first and last day, both included; a range of the API needs two different ones."""
    if days is None:
        return None
    first, last = (day.isoformat() for day in days)
    return f"equals:{first}" if first == last else f"bwi:{first},{last}"


def _chosen_days() -> tuple[date, date] | None:
    state = st.session_state
    today = utc_now().astimezone(zone_of(state["exports_timezone"])).date()
    return day_range(str(state["exports_range"]), today, tuple(state.get("exports_days") or ()))


def _pattern() -> str:
    chosen = st.session_state["exports_pattern"]
    return str(st.session_state.get("exports_own_pattern") or "") if chosen == _OWN_PATTERN else str(chosen)


def _usual_columns() -> None:
    st.session_state[COLUMNS] = sorted_rows(find_resource(RESOURCE).column_names(), _USUAL)


def _all_columns() -> None:
    names = find_resource(RESOURCE).column_names()
    st.session_state[COLUMNS] = sorted_rows(names, names)
