"""The rows of the file before it is made: how many, how large, and the first of them cell by cell."""

import pandas as pd
import streamlit as st

from lib.models.exports import ExportPreview
from lib.ui.exports.subjects import Subject
from lib.ui.formats import count, file_size

_HEIGHT_PX = 390


def draw(preview: ExportPreview, subject: Subject) -> None:
    """How many there are, how large the file gets, and the first of them, cell by cell as the file will have them."""
    rows = count(preview.total_count, subject.one, subject.many)
    st.header(f"{rows} in this file, about {file_size(preview.estimated_size)}", anchor=False)
    st.dataframe(
        pd.DataFrame(preview.rows, columns=_distinct(preview.columns), dtype="str"),
        key="exports_preview",
        hide_index=True,
        height=_HEIGHT_PX,
        placeholder="",
        alt="The first rows of the file",
    )
    if preview.total_count > len(preview.rows):
        st.caption(f"The first {len(preview.rows)} of {count(preview.total_count, 'row')}, exactly as in the file.")
    else:
        st.caption("All rows, exactly as in the file.")


def _distinct(names: list[str]) -> list[str]:
    """Column names for a DataFrame, which needs them distinct; a file may repeat one."""
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        distinct.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return distinct
