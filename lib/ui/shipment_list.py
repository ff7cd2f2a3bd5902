"""The shipments of the desk: searched, narrowed down, a page at a time; one of them chosen."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from lib.address.local_time import day
from lib.desk.protocol import Desk
from lib.models.lists import MAX_PAGE, ListQuery, Page
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


def find(desk: Desk) -> Page[Shipment]:
    """What the filters find, at the page of the address; at the last one where that lies beyond. Raises DeskError."""
    filters = _filters()
    page = desk.shipments.list(ListQuery(page=_asked_page(), limit=_PAGE_ROWS, filters=filters))
    if page.total_count and not page.items:
        st.session_state[_PAGE] = _pages(page)
        page = desk.shipments.list(ListQuery(page=_pages(page), limit=_PAGE_ROWS, filters=filters))
    return page


def draw_list(desk: Desk, page: Page[Shipment]) -> None:
    """The page as a table in which a shipment is chosen, its labels in one file, and the way to the other pages."""
    if not page.total_count:
        _draw_nothing(desk, narrowed=bool(_filters()))
        return
    ids = [shipment.id for shipment in page.items]
    shown = chosen_id()
    st.session_state[_TABLE] = {"selection": {"rows": [ids.index(shown)] if shown in ids else []}}
    st.dataframe(
        shipments_frame(page.items, st.context.timezone),
        key=_TABLE,
        hide_index=True,
        height=table_height(len(ids), most=_PAGE_ROWS),
        column_config=_columns(),
        placeholder="",
        on_select=lambda: _chosen_in_table(ids),
        selection_mode="single-row",
        alt="Shipments: recipient, status, carrier and service, price, day",
    )
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(count(page.total_count, "shipment"), width="content")
        if page.total_count > _PAGE_ROWS:
            st.pagination(_pages(page), key=_PAGE, max_visible_pages=5, bind="query-params")
    _draw_labels(desk, page.items)


def has_label(shipment: Shipment) -> bool:
    """Whether there is a label that may be used."""
    return shipment.purchased_rate is not None and shipment.status != "canceled"


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
        "Service": st.column_config.TextColumn(width=166),
        "Price": st.column_config.NumberColumn(format="dollar", alignment="right", width=72),
        "Made": st.column_config.TextColumn(width=88),
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


def _draw_labels(desk: Desk, shipments: Sequence[Shipment]) -> None:
    """Every label of the page in one file, to print a morning's parcels at once."""
    ids = [shipment.id for shipment in shipments if has_label(shipment)]
    if len(ids) > 1:
        st.download_button(
            f"Download these {len(ids)} shipments' labels (PDF)",
            lambda: desk.labels.merged(ids).content,
            file_name="labels.pdf",
            mime="application/pdf",
            key="shipments_labels",
            icon=":material/print:",
            on_click="ignore",
        )


def _filters() -> dict[str, str]:
    state = st.session_state
    asked = {
        "search": str(state.get("shipments_search") or "").strip(),
        "provider": ",".join(state.get("shipments_providers") or ()),
        **STAGES[state.get("shipments_stage") or "All"],
    }
    return {name: value for name, value in asked.items() if value}


def _asked_page() -> int:
    """The page that was turned to; after a reload, before its widget is drawn, that of the address."""
    asked = str(st.session_state.get(_PAGE) or st.query_params.get(_PAGE, ""))
    return min(max(int(asked), 1), MAX_PAGE) if asked.isdecimal() else 1


def _pages(page: Page[Shipment]) -> int:
    return -(-page.total_count // _PAGE_ROWS)


def _first_page() -> None:
    st.session_state[_PAGE] = 1


def _chosen_in_table(ids: Sequence[str]) -> None:
    # The browser also gives its choice up when the rows change under it: what is open stays open.
    if rows := st.session_state[_TABLE].selection.rows:
        choose(ids[rows[0]])
