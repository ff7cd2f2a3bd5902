"""A list of columns to choose and to put in order: by dragging, with buttons, with the keyboard (Alt and arrows)."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

import streamlit as st

_HERE = Path(__file__).parent
_column_sorter = st.components.v2.component(
    "shipdesk.column_sorter",
    html=(_HERE / "column_sorter.html").read_text(encoding="utf-8"),
    css=(_HERE / "column_sorter.css").read_text(encoding="utf-8"),
    js=(_HERE / "column_sorter.js").read_text(encoding="utf-8"),
)


class Row(TypedDict):
    """A column in its place; `on` puts it into the file."""

    name: str
    on: bool


def sorted_rows(columns: Sequence[str], chosen: Sequence[str]) -> list[Row]:
    """The chosen columns in their order, then the others in theirs."""
    return [Row(name=name, on=True) for name in chosen] + [
        Row(name=name, on=False) for name in columns if name not in chosen
    ]


def column_sorter(*, state: str, key: str) -> list[Row]:
    """Draw the list kept in session state under `state` as rows, and take what was changed back into it."""

    def keep() -> None:
        changed = st.session_state[key].get("rows")
        if changed:
            st.session_state[state] = [Row(name=str(row["name"]), on=bool(row["on"])) for row in changed]

    rows: list[Row] = st.session_state[state]
    _column_sorter(key=key, data={"rows": rows}, on_rows_change=keep)
    return rows
