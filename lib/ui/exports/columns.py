"""The columns of the file and their order; each subject keeps its own."""

from collections.abc import Sequence

import streamlit as st

from lib.exports.catalogue import find_resource
from lib.models.exports import CsvFieldOptions
from lib.ui.column_sorter import Row, column_sorter, sorted_rows
from lib.ui.exports.subjects import Subject


def draw(subject: Subject) -> None:
    """The columns in a list to switch and to order, with three ways to begin."""
    rows = _rows(subject)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**Columns** :gray[{sum(row['on'] for row in rows)} of {len(rows)}]", width="content")
        with st.container(horizontal=True, width="content", gap="xsmall"):
            _draw_beginning("Usual", subject, subject.usual)
            _draw_beginning("All", subject, _names(subject))
            _draw_beginning("None", subject, ())
    column_sorter(state=_key(subject), key=subject.key("sorter"))


def read(subject: Subject) -> list[str]:
    """The chosen columns in their order."""
    return [row["name"] for row in _rows(subject) if row["on"]]


def load(subject: Subject, look: CsvFieldOptions) -> None:
    """Choose the columns of a recipe, in its order."""
    chosen = [name for name, on in look.columns.items() if on]
    ordered = dict.fromkeys((*(look.column_order or ()), *_names(subject))) if look.column_order else chosen
    _choose(subject, [name for name in ordered if name in chosen and name in _names(subject)])


def _draw_beginning(label: str, subject: Subject, names: Sequence[str]) -> None:
    key = f"exports_{label.lower()}"
    st.button(label, key=key, type="tertiary", on_click=_choose, args=(subject, names))


def _rows(subject: Subject) -> list[Row]:
    if _key(subject) not in st.session_state:
        _choose(subject, subject.usual)
    rows: list[Row] = st.session_state[_key(subject)]
    return rows


def _choose(subject: Subject, names: Sequence[str]) -> None:
    st.session_state[_key(subject)] = sorted_rows(_names(subject), names)


def _names(subject: Subject) -> tuple[str, ...]:
    return tuple(find_resource(subject.resource).column_names())


def _key(subject: Subject) -> str:
    return subject.key("columns")
