"""Exports: pick what, in whose time and which columns; see the file's first rows; make it, now or on a schedule."""

import streamlit as st

from lib.models.errors import DeskError
from lib.models.exports import ExportCreate
from lib.ui import samples, shell
from lib.ui.desk import desk
from lib.ui.exports import files, loading, preview, recipe, saving, templates
from lib.ui.formats import plain
from lib.ui.messages import errors_shown, show_error

SAMPLES = (
    "To look around first, load 2,000 generated shipments of the last 12 months; they are labelled as samples and can "
    "be removed at once."
)


def load_recipe() -> DeskError | None:
    """Put into the form what the address or a button asks for; what was wrong with that."""
    recipe.prepare()
    try:
        loading.load(desk())
    except DeskError as error:
        return error
    return None


def draw_recipe() -> None:
    """The work column."""
    with st.container(border=True, key="exports_form"):
        if template := loading.opened():
            st.caption(f"From the template **{plain(template.name)}**")
        recipe.draw(desk())


def draw_nothing(request: ExportCreate) -> bool:
    """Why there are no rows: filters that leave none, or a desk without any; whether sample data was offered."""
    subject = recipe.subject()
    ids = request.csv_field_options.model_copy(update={"columns": {"id": True}, "column_order": None})
    everything = request.model_copy(update={"options": {}, "csv_field_options": ids})
    if desk().exports.preview(everything, rows=1).total_count:
        st.header(f"No {subject.one} matches", anchor=False)
        st.info("Widen the dates or take a filter out.", icon=":material/filter_alt_off:")
        return False
    offered = subject.resource == "shipment"
    with st.container(border=True):
        st.header(f"No {subject.many} yet", anchor=False)
        st.markdown(f"{subject.empty} {SAMPLES}" if offered else subject.empty)
        if offered:
            samples.draw_offer(desk(), page="exports")
    return offered


def draw_file() -> bool:
    """How many rows, the first of them, and what makes the file or keeps its recipe; whether samples were offered."""
    request = recipe.read()
    found = desk().exports.preview(request)
    offered = False
    if found.total_count:
        preview.draw(found, recipe.subject())
    else:
        offered = draw_nothing(request)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Create export",
            key="exports_create",
            type="secondary" if files.is_latest(request) else "primary",
            disabled=not found.total_count,
            on_click=files.create,
            args=(desk(), request),
        )
        saving.draw(desk(), request)
    return offered


def draw_kept() -> None:
    """What was made, and what can be made again."""
    made, saved = st.tabs([files.FILES_TAB, files.TEMPLATES_TAB], key=files.TABS, on_change="rerun")
    if made.open:
        with made:
            files.draw(desk())
    if saved.open:
        with saved:
            templates.draw(desk())


shell.inside()
problem = load_recipe()
st.title("Exports", anchor=False)
with st.container(key="shell_columns"):
    work, answer = st.columns([4, 8], gap="large")
with work, errors_shown():
    draw_recipe()
with answer:
    samples_offered = False
    if problem:
        show_error(problem)
    with errors_shown():
        samples_offered = draw_file()
    with errors_shown():
        draw_kept()
        if not samples_offered:
            samples.draw_samples(desk(), page="exports")
