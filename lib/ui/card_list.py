"""The rate cards that are kept: when each holds, what is in it, and taking one away."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from lib.desk.protocol import Desk
from lib.models.errors import DeskError
from lib.models.rate_cards import BandRow, CardRow, ChangeRow, GridRow, RateCard, RateCardWithRows
from lib.ui.card_form import KINDS, today
from lib.ui.formats import calendar_day, count, plain
from lib.ui.messages import show_error
from lib.ui.option_words import level_name
from lib.ui.tables import table_height
from lib.ui.theme import look_of

_TABLE = "cards_table"
_ERROR = "cards_list_error"
_PAGE_ROWS = 25
_SHOWN_ROWS = 200
_ALL = "All"


def draw_list(desk: Desk, *, beside_report: bool) -> None:
    """Every card with its state; the one chosen with its rows. What to do where there is none and nothing else."""
    page = desk.rate_cards.list(page=st.session_state.get("cards_page") or 1, limit=_PAGE_ROWS)
    if error := st.session_state.pop(_ERROR, None):
        show_error(error)
    if not page.total_count:
        if not beside_report:
            draw_empty()
        return
    st.header("Your cards", anchor=False)
    chosen = st.dataframe(
        cards_frame(page.items, today()),
        key=_TABLE,
        hide_index=True,
        height=table_height(len(page.items)),
        column_config=_columns(),
        on_select="rerun",
        selection_mode="single-row",
        alt="Rate cards: name, when it is in force, what it holds, carriers",
    )
    st.caption(
        "Where two cards price the same thing, the one with the later first day counts, then the one entered last."
    )
    if page.total_count > _PAGE_ROWS:
        st.selectbox("Page", range(1, -(-page.total_count // _PAGE_ROWS) + 1), key="cards_page", width=120)
    rows = [row for row in chosen.selection.rows if row < len(page.items)]
    if rows:
        _draw_card(desk, desk.rate_cards.retrieve(page.items[rows[0]].id))
    else:
        st.caption("Choose a card to see its rows, or to remove it.")


def draw_empty() -> None:
    """What to do on a desk without cards."""
    with st.container(border=True):
        st.header("No rate cards yet", anchor=False)
        st.markdown(
            "Quotes use the carriers' published prices until you load your own: choose what the card holds, download "
            "its template, fill it in, and choose the file. You see every change before it is put in force."
        )


def state_words(card: RateCard, on: date) -> str:
    """When it holds, seen from a day: `In force since Jan 5, 2026`, `From Jul 1, 2026`, `Ended Dec 31, 2025`."""
    if card.until is not None and card.until < on:
        return f"Ended {calendar_day(card.until)}"
    until = f", until {calendar_day(card.until)}" if card.until else ""
    return f"{'In force since' if card.effective <= on else 'From'} {calendar_day(card.effective)}{until}"


def cards_frame(cards: Sequence[RateCard], on: date) -> pd.DataFrame:
    """One row per card."""
    rows = [
        {
            "Name": card.name,
            "State": state_words(card, on),
            "Holds": KINDS[card.kind].name,
            "Carriers": ", ".join(look_of(code).name for code in card.providers) or _ALL,
        }
        for card in cards
    ]
    return pd.DataFrame(rows, columns=["Name", "State", "Holds", "Carriers"])


def rows_frame(rows: Sequence[CardRow]) -> pd.DataFrame:
    """What was read from the file, in dollars and words; a column per zone for prices by zone."""
    return pd.DataFrame([_row(row) for row in rows])


def _row(row: CardRow) -> dict[str, Any]:
    match row:
        case BandRow():
            return {
                "Courier": row.courier,
                "Service level": level_name(row.service_level),
                "Up to, lb": row.max_weight_lb,
                "Up to, miles": row.max_miles,
                "Price": row.price / 100,
            }
        case GridRow():
            prices = {_zone_name(zone): cents / 100 for zone, cents in row.prices.items()}
            return {
                "Carrier": look_of(row.provider).name,
                "Service": _words(row.service),
                "Package": _words(row.package),
                "Up to, lb": row.max_weight_lb,
            } | prices
        case ChangeRow():
            return {
                "Carrier": look_of(row.provider).name if row.provider else _ALL,
                "Service": _words(row.service) if row.service else _ALL,
                "Percent": row.percent,
                "Amount": row.amount / 100,
            }


def _words(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _zone_name(zone: str) -> str:
    return "All zones" if zone == "all" else f"Zone {zone}"


def _columns() -> dict[str, Any]:
    return {
        "Name": st.column_config.TextColumn(width=140),
        "State": st.column_config.TextColumn(width=210),
        "Holds": st.column_config.TextColumn(width=170),
        "Carriers": st.column_config.TextColumn(width=130),
    }


def _draw_card(desk: Desk, card: RateCardWithRows) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.subheader(plain(card.name), anchor=False, width="content")
            with st.popover("Remove", key=f"cards_remove_{card.id}", icon=":material/delete:"):
                st.write("The card before it holds again from now on. Quotes already given keep their prices.")
                st.button(
                    "Remove for good", key=f"cards_confirm_{card.id}", type="primary", on_click=_remove,
                    args=(desk, card.id),
                )  # fmt: skip
        frame = rows_frame(card.rows[:_SHOWN_ROWS])
        money = [name for name in frame.columns if name in {"Price", "Amount"} or name.endswith("zones")]
        money += [name for name in frame.columns if name.startswith("Zone ")]
        st.dataframe(
            frame,
            key=f"cards_rows_{card.id}",
            hide_index=True,
            height=table_height(len(frame)),
            placeholder="",
            column_config={name: st.column_config.NumberColumn(format="dollar", alignment="right") for name in money},
            alt="The rows of the card",
        )
        shown = f"The first {_SHOWN_ROWS} of " if len(card.rows) > _SHOWN_ROWS else ""
        st.caption(f"{shown}{count(len(card.rows), 'row')}, read as {plain(card.layout)}.")


def _remove(desk: Desk, card_id: str) -> None:
    try:
        desk.rate_cards.delete(card_id)
    except DeskError as error:
        st.session_state[_ERROR] = error
    st.session_state.pop(_TABLE, None)
