"""The shipments of the desk: searched, narrowed down, a page at a time; one of them chosen."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from lib.address.local_time import day
from lib.desk.protocol import Desk
from lib.models.lists import ListQuery, Page
from lib.models.options import PROVIDERS
from lib.models.shipments import Shipment
from lib.ui import samples
from lib.ui.formats import count
from lib.ui.status_words import STAGES, status_words
from lib.ui.tables import service_name, table_height
from lib.ui.theme import look_of

_TABLE = "shipments_table"
_PAGE = "shipments_page"
_CHOSEN = "shipment"
_PAGE_ROWS = 15


def chosen_id() -> str | None:
    """The shipment of the address, so that a reload or a shared link shows it again."""
    return st.query_params.get(_CHOSEN)


def choose(shipment_id: str | None) -> None:
    """Show that shipment, or none."""
    if shipment_id is None:
        st.query_params.pop(_CHOSEN, None)
    else:
        st.query_params[_CHOSEN] = shipment_id


def draw_filters() -> None:
    """What to look for; the address keeps it, so that a narrowed list can be shared."""
    st.text_input(
        "Find",
        key="shipments_search",
        placeholder="Name, tracking or order number, city, ZIP",
        max_chars=200,
        bind="query-params",
        on_change=_first_page,
    )
    st.segmented_control(
        "Stage",
        list(STAGES),
        key="shipments_stage",
        default="All",
        required=True,
        bind="query-params",
        on_change=_first_page,
    )
    st.multiselect(
        "Carriers",
        PROVIDERS,
        key="shipments_providers",
        format_func=lambda code: look_of(code).name,
        placeholder="All carriers",
        bind="query-params",
        on_change=_first_page,
    )


def read_query() -> ListQuery:
    """The query of the filters and the page."""
    state = st.session_state
    asked = {
        "search": str(state.get("shipments_search") or "").strip(),
        "provider": ",".join(state.get("shipments_providers") or ()),
        **STAGES[state.get("shipments_stage") or "All"],
    }
    filters = {name: value for name, value in asked.items() if value}
    return ListQuery(page=state.get(_PAGE) or 1, limit=_PAGE_ROWS, filters=filters)


def draw_list(desk: Desk, query: ListQuery, page: Page[Shipment]) -> None:
    """The page as a table in which a shipment is chosen, and the way to the other pages."""
    if not page.total_count:
        _draw_nothing(desk, narrowed=bool(query.filters))
        return
    shown = st.dataframe(
        shipments_frame(page.items, st.context.timezone),
        key=_TABLE,
        hide_index=True,
        height=table_height(len(page.items), most=_PAGE_ROWS),
        column_config=_columns(),
        on_select="rerun",
        selection_mode="single-row",
        alt="Shipments: recipient, status, carrier and price, day",
    )
    rows = [row for row in shown.selection.rows if row < len(page.items)]
    if rows:
        choose(page.items[rows[0]].id)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(count(page.total_count, "shipment"), width="content")
        if page.total_count > _PAGE_ROWS:
            pages = -(-page.total_count // _PAGE_ROWS)
            st.number_input(f"Page of {pages:,}", 1, pages, key=_PAGE, width=140, on_change=_forget_choice)


def shipments_frame(shipments: Sequence[Shipment], timezone: str | None) -> pd.DataFrame:
    """One row per shipment: to whom, where it is, what it costs in dollars, since when."""
    rows = [
        {
            "To": shipment.recipient.name or shipment.recipient.business or shipment.recipient.address.city,
            "Status": status_words(shipment.status),
            "Service": _service(shipment),
            "Price": None if shipment.amount is None else shipment.amount / 100,
            "Made": day(shipment.created_at, timezone),
        }
        for shipment in shipments
    ]
    return pd.DataFrame(rows, columns=["To", "Status", "Service", "Price", "Made"])


def _service(shipment: Shipment) -> str:
    rate = shipment.purchased_rate
    return "" if rate is None else f"{look_of(rate.provider.id).glyph} {service_name(rate)}"


def _columns() -> dict[str, Any]:
    return {
        "To": st.column_config.TextColumn(width=140),
        "Status": st.column_config.TextColumn(width=112),
        "Service": st.column_config.TextColumn(width=150),
        "Price": st.column_config.NumberColumn(format="dollar", alignment="right", width=76),
        "Made": st.column_config.TextColumn(width=92),
    }


def _draw_nothing(desk: Desk, *, narrowed: bool) -> None:
    if narrowed:
        st.info("No shipment matches. Take a filter out or search for less.", icon=":material/filter_alt_off:")
        return
    with st.container(border=True):
        st.header("No shipments yet", anchor=False)
        st.markdown(
            "What you quote or buy on **Compare rates** is kept here. To look around first, load 2,000 generated "
            "shipments of the last 12 months; they are labelled as samples and can be removed at once."
        )
        samples.draw_offer(desk, page="shipments")


def _first_page() -> None:
    st.session_state[_PAGE] = 1
    _forget_choice()


def _forget_choice() -> None:
    st.session_state.pop(_TABLE, None)
    choose(None)
