"""What is put into the form when the page is drawn next: the template that the address names, or another recipe."""

import streamlit as st

from lib.desk.protocol import Desk
from lib.models.errors import DeskError
from lib.models.export_templates import ExportTemplate
from lib.models.exports import ExportCreate
from lib.ui.exports import recipe

_PARAMETER = "template"
_ASKED = "exports_asked"
_OPENED = "exports_opened"


def ask(request: ExportCreate) -> None:
    """Put that recipe into the form; it is of no template."""
    st.session_state[_ASKED] = request
    close()


def ask_template(template_id: str) -> None:
    """Put that template into the form, and its link into the address."""
    st.session_state.pop(_OPENED, None)
    st.query_params[_PARAMETER] = template_id


def open_saved(template: ExportTemplate) -> None:
    """The form has what this template has just been saved with."""
    st.session_state[_OPENED] = template
    st.query_params[_PARAMETER] = template.id


def close() -> None:
    """The form is of no template any more."""
    st.session_state.pop(_OPENED, None)
    st.query_params.pop(_PARAMETER, None)


def opened() -> ExportTemplate | None:
    """The template that the form began with, as it was then."""
    template: ExportTemplate | None = st.session_state.get(_OPENED)
    return template


def load(desk: Desk) -> None:
    """Put into the form what was asked for, before any of it is drawn. Raises NotFound for a template that is gone."""
    asked = st.session_state.pop(_ASKED, None)
    if asked is not None:
        recipe.load(asked)
    template_id = st.query_params.get(_PARAMETER)
    template = opened()
    if template_id is None or (template is not None and template.id == template_id):
        return
    try:
        template = desk.export_templates.retrieve(template_id)
    except DeskError:
        close()
        raise
    recipe.load(template.recipe)
    st.session_state[_OPENED] = template
