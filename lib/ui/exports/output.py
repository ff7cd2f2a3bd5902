"""What is made of the rows: the CSV file and others beside it, and how text that is delicate is written."""

from typing import Any

import streamlit as st

from lib.models.exports import ExportCreate, ExtraFormat, FileKind

_FORMATS, _GZIP = "exports_formats", "exports_gzip"
_MARK, _FORMULAS = "exports_byte_order_mark", "exports_formulas"
# Excel first, as most need that.
_CHOICES: tuple[ExtraFormat, ...] = ("xlsx", "jsonl", "parquet")
KIND_WORDS: dict[FileKind, str] = {
    "csv": "CSV",
    "xlsx": "Excel",
    "jsonl": "JSON lines",
    "parquet": "Parquet",
    "csv_sanitized": "Rows with formulas, as they are",
    "csv_error": "Rows that could not be written",
}


def prepare() -> None:
    """Begin with the CSV file alone, safe to open in a spreadsheet."""
    for key, value in {_FORMATS: [], _GZIP: False, _MARK: False, _FORMULAS: False}.items():
        st.session_state.setdefault(key, value)


def draw() -> None:
    """The formats, and how the files are written."""
    st.pills(
        "Beside the CSV file also", _CHOICES, key=_FORMATS, selection_mode="multi", persist_state="session",
        format_func=lambda kind: KIND_WORDS[kind],
    )  # fmt: skip
    with st.expander("How the files are written", key="exports_writing"):
        st.checkbox(
            "Mark CSV for Excel", key=_MARK, persist_state="session",
            help="A byte order mark: Excel then shows letters such as é right.",
        )  # fmt: skip
        st.checkbox(
            "Keep formulas", key=_FORMULAS, persist_state="session",
            help="Text that a spreadsheet would run, such as =1+1, gets an apostrophe before it unless this is on.",
        )  # fmt: skip
        st.checkbox("Compress CSV and JSON lines (gzip)", key=_GZIP, persist_state="session")


def read() -> dict[str, Any]:
    """The fields of the export beside its resource, filters and look."""
    return {"formats": list(st.session_state[_FORMATS]), "gzip": st.session_state[_GZIP]}


def read_look() -> dict[str, Any]:
    """The fields of the look."""
    state = st.session_state
    return {"byte_order_mark": state[_MARK], "formulas": "keep" if state[_FORMULAS] else "defuse"}


def load(request: ExportCreate) -> None:
    """Put what a recipe says into the form."""
    look = request.csv_field_options
    st.session_state.update(
        {
            _FORMATS: [kind for kind in _CHOICES if kind in request.formats],
            _GZIP: request.gzip,
            _MARK: look.byte_order_mark,
            _FORMULAS: look.formulas == "keep",
        }
    )
