"""Saved recipes: made now, put into the form, shared as a link or a file, made by themselves, deleted."""

import json
from collections.abc import Callable
from urllib.parse import urljoin

import streamlit as st

from lib.address.local_time import moment_words
from lib.desk.protocol import Desk
from lib.exports.templates import as_file
from lib.models.errors import DeskError, InvalidRequest, NotFound
from lib.models.export_templates import ExportTemplate, ExportTemplateCreate, ExportTemplateUpdate
from lib.models.exports import Export
from lib.models.lists import ListQuery
from lib.ui.exports import files, loading
from lib.ui.exports.paging import draw_pages, page_of
from lib.ui.exports.progress import STATUS_WORDS, file_words
from lib.ui.exports.recipe import recipe_words
from lib.ui.exports.schedule import ScheduleForm, schedule_words
from lib.ui.formats import plain
from lib.ui.messages import errors_shown, show_error
from lib.ui.requests import validated

_PAGE, _PAGE_ROWS = "exports_templates_page", 10
_ERROR, DONE = "exports_templates_error", "exports_templates_done"
_UPLOADS = "exports_imports"


@st.fragment
def draw(desk: Desk) -> None:
    """The templates, each to be opened, and the field that takes one in from a file."""
    state = st.session_state
    if error := state.pop(_ERROR, None):
        show_error(error)
    if words := state.pop(DONE, None):
        st.success(words, icon=":material/check:")
    with errors_shown():
        query = ListQuery(limit=_PAGE_ROWS, order_by="name", direction="asc")
        page = page_of(desk.export_templates.list, query, _PAGE)
        if not page.total_count:
            st.caption("None yet. Set up the form, then save it as a template to make the same file again.")
        for template in page.items:
            _draw_template(desk, template)
        draw_pages(page, _PAGE)
        _draw_import(desk)


def read_file(content: bytes) -> ExportTemplateCreate:
    """The template that a file holds. Raises InvalidRequest saying what is wrong with it."""
    try:
        data = json.loads(content)
    except ValueError as error:
        raise InvalidRequest("This is not JSON; choose a file downloaded from a template.", fields=["file"]) from error
    if not isinstance(data, dict):
        raise InvalidRequest("This holds no template; choose a file downloaded from one.", fields=["file"])
    return validated(ExportTemplateCreate, data)


def _draw_template(desk: Desk, template: ExportTemplate) -> None:
    label = f"**{plain(template.name)}** :gray[{schedule_words(template.schedule)}]"
    opened = st.expander(label, key=_opened_key(template), on_change="rerun")
    if not opened.open:
        return
    recipe, last = template.recipe, _last_file(desk, template)
    with opened:
        st.markdown(f"{recipe_words(recipe.resource, recipe.options)}  \n:gray[{_run_words(template, last)}]")
        with st.container(horizontal=True):
            if last is not None and last.download_url:
                st.link_button(
                    "Last file", last.download_url, key=f"exports_last_{template.id}", icon=":material/download:"
                )
            _draw_actions(desk, template)
        _draw_schedule(desk, template)


def _opened_key(template: ExportTemplate) -> str:
    return f"exports_template_{template.id}"


def _last_file(desk: Desk, template: ExportTemplate) -> Export | None:
    """The export that it made last, unless that was deleted."""
    if template.last_export_id is None:
        return None
    try:
        return desk.exports.retrieve(template.last_export_id)
    except NotFound:
        return None


def _run_words(template: ExportTemplate, last: Export | None) -> str:
    zone = st.context.timezone
    told = "Not made yet"
    if template.last_run_at:
        state = f" ({STATUS_WORDS[last.status].lower()}, {file_words(last)})" if last else ""
        told = f"Last made {moment_words(template.last_run_at, zone)}{state}"
    return f"{told}, next {moment_words(template.next_run_at, zone)}" if template.next_run_at else told


def _draw_actions(desk: Desk, template: ExportTemplate) -> None:
    _draw_button("Run now", ":material/play_arrow:", template, lambda: _run(desk, template))
    _draw_button("Put into the form", ":material/edit_note:", template, lambda: loading.ask_template(template.id))
    with st.popover("Share", key=f"exports_share_{template.id}", icon=":material/link:"):
        st.caption("Who opens this link on this desk finds the recipe in the form.")
        st.code(urljoin(st.context.url or "", template.url), language=None, wrap_lines=True)
        name, text = as_file(template)
        st.download_button(
            "Download as a file", text, file_name=name, mime="application/json", on_click="ignore",
            key=f"exports_file_of_{template.id}", icon=":material/download:",
        )  # fmt: skip
    with st.popover("Delete", key=f"exports_delete_{template.id}", icon=":material/delete:"):
        st.write(f"**{plain(template.name)}** is no longer made. Files already made stay for their time.")
        _draw_button("Delete for good", None, template, lambda: _delete(desk, template), primary=True)


def _draw_schedule(desk: Desk, template: ExportTemplate) -> None:
    form = ScheduleForm(template)
    form.draw()
    _draw_button("Save schedule", None, template, lambda: _schedule(desk, template, form))


def _draw_import(desk: Desk) -> None:
    """A template from a file; the field begins anew after each."""
    with st.expander("Add a template from a file", key="exports_import_open", icon=":material/upload_file:"):
        key = f"exports_import_{st.session_state.get(_UPLOADS, 0)}"
        file = st.file_uploader("Template file", type="json", key=key, max_upload_size=1)
        if file is not None:
            _draw_adding(desk, file.getvalue())


def _draw_adding(desk: Desk, content: bytes) -> None:
    with errors_shown():
        request = read_file(content)
        st.markdown(f"**{plain(request.name)}**: {recipe_words(request.recipe.resource, request.recipe.options)}")
        st.button(
            "Add template", key="exports_import_add", type="primary", on_click=act, args=(lambda: _add(desk, request),)
        )


def _draw_button(
    label: str, icon: str | None, template: ExportTemplate, action: Callable[[], None], *, primary: bool = False
) -> None:
    key = f"exports_{label.lower().replace(' ', '_')}_{template.id}"
    st.button(label, key=key, icon=icon, type="primary" if primary else "secondary", on_click=act, args=(action,))


def act(action: Callable[[], None], error_at: str = _ERROR) -> None:
    """Do it, then draw the whole page anew, for the form and the files may have changed too.

    What it raises is kept for the page to show.
    """
    try:
        action()
    except DeskError as error:
        st.session_state[error_at] = error
    else:
        st.rerun()


def _run(desk: Desk, template: ExportTemplate) -> None:
    files.follow(desk.export_templates.run(template.id), template.recipe)


def _delete(desk: Desk, template: ExportTemplate) -> None:
    desk.export_templates.delete(template.id)
    if (opened := loading.opened()) is not None and opened.id == template.id:
        loading.close()
    st.session_state[DONE] = f"{plain(template.name)} is deleted."


def _schedule(desk: Desk, template: ExportTemplate, form: ScheduleForm) -> None:
    kept = desk.export_templates.update(template.id, ExportTemplateUpdate(schedule=form.read()))
    st.session_state.update(
        {DONE: f"{plain(kept.name)} is made {schedule_words(kept.schedule)}.", _opened_key(template): True}
    )


def _add(desk: Desk, request: ExportTemplateCreate) -> None:
    template = desk.export_templates.create(request)
    st.session_state[_UPLOADS] = st.session_state.get(_UPLOADS, 0) + 1
    st.session_state[DONE] = f"{plain(template.name)} is added."
