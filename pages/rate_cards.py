"""Rate cards: load your own prices, see what they change, put them in force, take them away."""

import streamlit as st

from lib.models.errors import DeskError
from lib.models.rate_cards import CardReport, RateCardUpload
from lib.ui import card_form, card_list, card_report, shell
from lib.ui.desk import desk
from lib.ui.formats import plain
from lib.ui.messages import errors_shown, show_error

_ERROR = "cards_error"
_CHECKED = "cards_checked"
_APPLIED = "cards_applied"


def check() -> None:
    """Ask what the file would change; an error stays beside the form."""
    for name in (_ERROR, _CHECKED, _APPLIED):
        st.session_state.pop(name, None)
    try:
        upload = card_form.read_upload()
        st.session_state[_CHECKED] = (card_form.fingerprint(), upload, desk().rate_cards.dry_run(upload))
    except DeskError as error:
        st.session_state[_ERROR] = error


def apply(upload: RateCardUpload) -> None:
    """Put in force exactly what was checked."""
    try:
        st.session_state[_APPLIED] = desk().rate_cards.apply(upload)
    except DeskError as error:
        st.session_state[_ERROR] = error
        return
    st.session_state.pop(_CHECKED, None)
    card_form.forget_file()


def draw_checked() -> None:
    """What the file would change, and the button that does it while the form is still what was checked."""
    checked: tuple[tuple[object, ...], RateCardUpload, CardReport] | None = st.session_state.get(_CHECKED)
    if checked is None:
        return
    seen, upload, report = checked
    with st.container(border=True):
        card_report.draw_report(report)
        if seen != card_form.fingerprint():
            st.info("The form has changed since. See what changes again.", icon=":material/info:")
        elif report.can_be_applied:
            st.button("Put in force", key="cards_apply", type="primary", on_click=apply, args=(upload,))


shell.inside()
st.title("Rate cards", anchor=False)
with st.container(key="shell_columns"):
    work, answer = st.columns([4, 8], gap="large")
with work, errors_shown(), st.container(border=True, key="cards_form"):
    card_form.draw_form(desk(), check=check, is_checked=_CHECKED in st.session_state)
    if error := st.session_state.get(_ERROR):
        show_error(error)
with answer, errors_shown():
    if card := st.session_state.get(_APPLIED):
        words = card_list.state_words(card, card_form.today())
        st.success(f"**{plain(card.name)}** is kept. {words}. Quotes already given keep their prices.")
    draw_checked()
    card_list.draw_list(desk(), beside_report=_CHECKED in st.session_state)
