"""The files: being made with their progress, ready with their links, and what can be done with each.

While one is being made only this part of the page is drawn again.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

import streamlit as st

from lib.desk.protocol import Desk
from lib.models.base import utc_now
from lib.models.errors import DeskError, NotFound
from lib.models.exports import LINKS, Export, ExportCreate
from lib.models.lists import ListQuery, Page
from lib.ui.exports import loading
from lib.ui.exports.output import KIND_WORDS
from lib.ui.exports.paging import draw_pages, page_of
from lib.ui.exports.progress import (
    ENDED_WITHOUT_FILE,
    RUNNING,
    STATUS_WORDS,
    age_words,
    file_words,
    progress_words,
    row_notes,
    share_done,
)
from lib.ui.exports.recipe import recipe_words
from lib.ui.formats import file_size, plain
from lib.ui.messages import errors_shown, show_error

TABS, FILES_TAB, TEMPLATES_TAB = "exports_tabs", "Files", "Templates"
LATEST = "exports_latest"
_LATEST_RECIPE = "exports_latest_recipe"
_IS_WANTED = "exports_latest_is_wanted"
_PAGE = "exports_page"
_ERROR = "exports_files_error"
_NOTE = "exports_files_note"
_LOOK_AGAIN = timedelta(seconds=0.5)
_PAGE_ROWS = 8
# The page of the list, and the exports that are shown.
_Listed = tuple[Page[Export], list[Export]]


def create(desk: Desk, request: ExportCreate) -> None:
    """Queue the export, or follow the one that is already being made from the same request."""
    asked = utc_now()

    def created() -> None:
        export = desk.exports.create(request)
        follow(export, request)
        if export.created_at < asked:
            st.session_state[_NOTE] = "This very file is being made already, so it is not made twice."

    _act(created)


def follow(export: Export, request: ExportCreate | None = None) -> None:
    """Show that export first, with its progress; `request` is what the form said."""
    st.session_state.pop(_NOTE, None)
    st.session_state.update({LATEST: export.id, _LATEST_RECIPE: request, _PAGE: 1, TABS: FILES_TAB})


def is_latest(request: ExportCreate) -> bool:
    """Whether the file asked for last is the one that the form describes; its link is then what is offered first."""
    state = st.session_state
    state[_IS_WANTED] = LATEST in state and state.get(_LATEST_RECIPE) == request
    return bool(state[_IS_WANTED])


def draw(desk: Desk) -> None:
    """The files, newest first, a page at a time."""
    found = _listed(desk)
    moving = _is_moving(found)
    st.fragment(_draw, run_every=_LOOK_AGAIN if moving else None)(desk, [found], watched=moving)


def _draw(desk: Desk, found: list[_Listed], *, watched: bool) -> None:
    """Draw what was just `found`, or when drawn again by itself, what there is by then."""
    state = st.session_state
    with errors_shown():
        page, shown = listed = found.pop() if found else _listed(desk)
        if _is_moving(listed) != watched:
            # The page offers other things now.
            st.rerun()
        if error := state.pop(_ERROR, None):
            show_error(error)
        if not watched:
            state.pop(_NOTE, None)
        elif note := state.get(_NOTE):
            st.info(note, icon=":material/info:")
        if not shown:
            st.caption("No file was made yet.")
        names = _template_names(desk, shown)
        for export in shown:
            _draw_export(desk, export, names.get(export.template_id or ""))
        draw_pages(page, _PAGE)


def _listed(desk: Desk) -> _Listed:
    page = page_of(desk.exports.list, ListQuery(limit=_PAGE_ROWS), _PAGE)
    return page, _with_latest(desk, page)


def _is_moving(listed: _Listed) -> bool:
    return any(export.status in RUNNING for export in listed[1])


def _with_latest(desk: Desk, page: Page[Export]) -> list[Export]:
    """The page, and on the first one what was asked for last, wherever it stands in the list."""
    latest = st.session_state.get(LATEST)
    if latest is None or page.page != 1 or any(export.id == latest for export in page.items):
        return page.items
    try:
        return [desk.exports.retrieve(latest), *page.items]
    except NotFound:
        del st.session_state[LATEST]
        return page.items


def _template_names(desk: Desk, exports: Sequence[Export]) -> dict[str, str]:
    """The names of the templates that made these, by their ids."""
    names = {}
    for template_id in {export.template_id for export in exports if export.template_id}:
        try:
            names[template_id] = desk.export_templates.retrieve(template_id).name
        except NotFound:
            names[template_id] = "a template since deleted"
    return names


def _draw_export(desk: Desk, export: Export, template: str | None) -> None:
    told = [
        f"**{STATUS_WORDS[export.status]}** · {recipe_words(export.resource, export.options)}",
        f":gray[{file_words(export)} · {age_words(export, utc_now())}]",
    ]
    if template:
        told.append(f":gray[By {plain(template)}{', on its schedule' if export.scheduled_at else ''}]")
    told += [f":gray[{note}]" for note in row_notes(export)]
    with st.container(key=f"exports_file_{export.id}", border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown("  \n".join(told), width="content")
            with st.container(horizontal=True, width="content", gap="xsmall"):
                _draw_actions(desk, export)
        if export.status in RUNNING:
            st.progress(share_done(export), text=progress_words(export, utc_now()))
        elif export.status == "failed" and export.error:
            st.markdown(f":red[:material/error: {plain(export.error)}]")


def _draw_actions(desk: Desk, export: Export) -> None:
    if export.status in RUNNING:
        _draw_button("Cancel", ":material/close:", export, lambda: desk.exports.cancel(export.id))
        return
    if export.download_url:
        wanted = export.id == st.session_state.get(LATEST) and st.session_state.get(_IS_WANTED)
        st.link_button(
            "Download CSV", export.download_url, key=f"exports_download_{export.id}", icon=":material/download:",
            type="primary" if wanted else "secondary",
        )  # fmt: skip
    if export.status in ENDED_WITHOUT_FILE:
        _draw_button("Retry", ":material/replay:", export, lambda: follow(desk.exports.retry(export.id)))
    _draw_more(desk, export)


def _draw_more(desk: Desk, export: Export) -> None:
    with st.popover("More", key=f"exports_more_{export.id}"):
        for file in export.files:
            link = getattr(export, LINKS[file.kind])
            if link and file.kind != "csv":
                st.link_button(
                    f"{KIND_WORDS[file.kind]}, {file_size(file.size)}", link, type="tertiary",
                    key=f"exports_{file.kind}_{export.id}", icon=":material/download:",
                )  # fmt: skip
        _draw_button("Put into the form", ":material/edit_note:", export, lambda: _open(export), tertiary=True)
        _draw_button("Delete", ":material/delete:", export, lambda: desk.exports.delete(export.id), tertiary=True)


def _draw_button(
    label: str, icon: str, export: Export, action: Callable[[], object], *, tertiary: bool = False
) -> None:
    key = f"exports_{label.lower().replace(' ', '_')}_{export.id}"
    st.button(label, key=key, icon=icon, type="tertiary" if tertiary else "secondary", on_click=_act, args=(action,))


def _open(export: Export) -> None:
    fields = set(ExportCreate.model_fields)
    loading.ask(ExportCreate.model_validate(export.model_dump(include=fields)))


def _act(action: Callable[[], object]) -> None:
    """Do it, then draw the whole page anew; what it raises is kept for the list to show."""
    try:
        action()
    except DeskError as error:
        st.session_state[_ERROR] = error
    else:
        st.rerun()
