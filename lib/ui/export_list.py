"""Exports being made and made: progress while they run, a link once they are done."""

from datetime import timedelta

import pandas as pd
import streamlit as st

from lib.desk.protocol import Desk
from lib.models.base import utc_now
from lib.models.exports import Export, ExportPreview
from lib.models.lists import ListQuery
from lib.ui.formats import ago, count, file_size, left, plain
from lib.ui.messages import errors_shown

LATEST = "exports_latest"
_LOOK_AGAIN = timedelta(seconds=0.5)
_RECENT = 8
_RUNNING = {"queued", "processing"}
_WORDS = {
    "queued": "Waiting",
    "processing": "Being made",
    "completed": "Ready",
    "failed": "Failed",
    "canceled": "Canceled",
    "expired": "Expired",
}


def draw_preview(preview: ExportPreview) -> None:
    """The first rows, cell by cell as the file will have them."""
    names = _distinct(preview.columns)
    st.dataframe(
        pd.DataFrame(preview.rows, columns=names, dtype="str"),
        key="exports_preview",
        hide_index=True,
        height=390,
        placeholder="",
        alt=f"The first {count(len(preview.rows), 'row')} of the file",
    )
    if preview.total_count > len(preview.rows):
        st.caption(f"The first {len(preview.rows)} of {count(preview.total_count, 'row')}, exactly as in the file.")
    else:
        st.caption("All rows, exactly as in the file.")


def draw_latest(desk: Desk, export_id: str) -> None:
    """The export just asked for: progress, then its download."""
    with errors_shown():
        export = desk.exports.retrieve(export_id)
        if export.status in _RUNNING:
            _draw_progress(desk, export_id)
        else:
            _draw_done(export)


def draw_recent(desk: Desk) -> None:
    """The last exports with their links."""
    page = desk.exports.list(ListQuery(limit=_RECENT))
    if not page.items:
        return
    st.subheader("Recent exports", anchor=False)
    for export in page.items:
        _draw_row(export)


@st.fragment(run_every=_LOOK_AGAIN)
def _draw_progress(desk: Desk, export_id: str) -> None:
    with errors_shown():
        export = desk.exports.retrieve(export_id)
        if export.status not in _RUNNING:
            st.rerun()
        share = export.rows_done / export.rows_total if export.rows_total else 0.0
        of = f" of {export.rows_total:,}" if export.rows_total is not None else ""
        st.progress(min(share, 1.0), text=f"{_WORDS[export.status]}: {export.rows_done:,}{of} rows")


def _draw_done(export: Export) -> None:
    if export.status != "completed" or export.download_url is None:
        st.error(f"{_WORDS[export.status]}. {plain(export.error or 'Create the export again.')}")
        return
    size = file_size(export.size or 0)
    st.link_button(
        f"Download CSV ({count(export.rows_done, 'row')}, {size})",
        export.download_url,
        key="exports_download",
        type="primary",
        icon=":material/download:",
    )


def _draw_row(export: Export) -> None:
    now = utc_now()
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        rows = count(export.rows_total, "row") if export.rows_total is not None else "Rows not counted yet"
        size = f", {file_size(export.size)}" if export.size is not None else ""
        kept = f" · kept for {left_words(export)}" if export.status == "completed" and export.expires_at else ""
        st.markdown(
            f"**{_WORDS[export.status]}** · {rows}{size} :gray[· {ago(export.created_at, now)}{kept}]", width="content"
        )
        if export.status == "completed" and export.download_url:
            st.link_button("Download", export.download_url, key=f"exports_link_{export.id}", icon=":material/download:")


def left_words(export: Export) -> str:
    """How long the file is still kept."""
    if export.expires_at is None:
        return ""
    minutes = (export.expires_at - utc_now()) // timedelta(minutes=1)
    return f"{minutes // 60} h" if minutes >= 60 else left(export.expires_at, utc_now())  # noqa: PLR2004


def _distinct(names: list[str]) -> list[str]:
    """Column names for a DataFrame, which needs them distinct; a file may repeat one."""
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        distinct.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return distinct
