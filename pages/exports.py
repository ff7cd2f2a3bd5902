"""Exports: pick shipments, time zone and columns; see the file's first rows; download it."""

import streamlit as st

from lib.models.errors import DeskError
from lib.models.exports import ExportCreate
from lib.models.lists import ListQuery
from lib.ui import export_form, export_list, samples, shell
from lib.ui.desk import desk
from lib.ui.formats import count
from lib.ui.messages import errors_shown, show_error

_ERROR = "exports_error"


def create(request: ExportCreate) -> None:
    """Queue the export; the page then follows it."""
    st.session_state.pop(_ERROR, None)
    try:
        st.session_state[export_list.LATEST] = desk().exports.create(request).id
    except DeskError as error:
        st.session_state[_ERROR] = error


def draw_recipe() -> None:
    """The work column."""
    with st.container(border=True, key="exports_form"):
        export_form.draw_filters()
        export_form.draw_time()
        export_form.draw_columns()


def draw_empty() -> None:
    """What to do on a desk without shipments."""
    with st.container(border=True):
        st.header("No shipments yet", anchor=False)
        st.markdown(
            "Shipments you quote or buy on **Compare rates** can be exported here. To look around first, load 2,000 "
            "generated shipments of the last 12 months; they are labelled as samples and can be removed at once."
        )
        samples.draw_offer(desk(), page="exports")


def draw_file() -> None:
    """The answers column: how many rows, the first of them, and the button that makes the file."""
    request = export_form.read_request()
    preview = desk().exports.preview(request)
    st.header(f"{count(preview.total_count, 'shipment')} in this file", anchor=False)
    if preview.total_count:
        export_list.draw_preview(preview)
    else:
        st.info("No shipment matches. Widen the dates or take a filter out.", icon=":material/filter_alt_off:")
    if error := st.session_state.get(_ERROR):
        show_error(error)
    latest = st.session_state.get(export_list.LATEST)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Create export",
            key="exports_create",
            type="secondary" if latest else "primary",
            disabled=not preview.total_count,
            on_click=create,
            args=(request,),
        )
        if latest:
            export_list.draw_latest(desk(), latest)


shell.inside()
st.title("Exports", anchor=False)
with st.container(key="shell_columns"):
    work, answer = st.columns([4, 8], gap="large")
with work:
    draw_recipe()
with answer, errors_shown():
    if desk().shipments.list(ListQuery(limit=1)).total_count == 0:
        draw_empty()
    else:
        draw_file()
        export_list.draw_recent(desk())
        samples.draw_samples(desk(), page="exports")
