"""Keeping what the form says as a template: under a new name, or in the one that it came from."""

import streamlit as st

from lib.desk.protocol import Desk
from lib.models.export_templates import ExportTemplate, ExportTemplateCreate, ExportTemplateUpdate
from lib.models.exports import ExportCreate
from lib.ui.exports import files, loading, templates
from lib.ui.formats import plain
from lib.ui.messages import show_error
from lib.ui.requests import validated

_SAVE, _NAME, _ERROR = "exports_save", "exports_save_name", "exports_save_error"
_LETTERS = 255


def draw(desk: Desk, request: ExportCreate) -> None:
    """The button that opens it."""
    opened = loading.opened()
    with st.popover("Save as template", key=_SAVE, icon=":material/bookmark_add:", on_change="rerun"):
        st.caption("Filters, dates and columns under a name. “Last month” is then last month whenever it is made.")
        if opened is not None and opened.recipe != request:
            st.button(
                f"Save changes to {plain(opened.name)}", key="exports_save_changes", on_click=templates.act,
                args=(lambda: _save_changes(desk, opened, request), _ERROR),
            )  # fmt: skip
        st.text_input("Name", key=_NAME, max_chars=_LETTERS, placeholder="Last month for the accounts")
        if error := st.session_state.pop(_ERROR, None):
            show_error(error)
        st.button(
            "Save template", key="exports_save_new", type="primary", on_click=templates.act,
            args=(lambda: _save(desk, request), _ERROR),
        )  # fmt: skip


def _save(desk: Desk, request: ExportCreate) -> None:
    name = str(st.session_state.get(_NAME) or "").strip()
    _saved(desk.export_templates.create(validated(ExportTemplateCreate, {"name": name, "recipe": request})))
    st.session_state[_NAME] = ""


def _save_changes(desk: Desk, template: ExportTemplate, request: ExportCreate) -> None:
    _saved(desk.export_templates.update(template.id, ExportTemplateUpdate(recipe=request)))


def _saved(template: ExportTemplate) -> None:
    loading.open_saved(template)
    st.session_state.update({_SAVE: False, files.TABS: files.TEMPLATES_TAB})
    st.session_state[templates.DONE] = f"{plain(template.name)} is saved."
