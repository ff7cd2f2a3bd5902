"""Compare rates: enter a shipment, see every price and delivery day, know why, buy one."""

import streamlit as st

from lib.models.base import utc_now
from lib.models.errors import DeskError, NotFound
from lib.models.shipments import RefreshRequest, Shipment
from lib.ui import answers, bought, buying, quote_form, quote_options, shell
from lib.ui.desk import desk
from lib.ui.enter_key import enter_pressed
from lib.ui.formats import money, plain
from lib.ui.messages import errors_shown, show_error
from lib.ui.offers import BEST_VALUE_RULE, arrival_zone, badge_words, best_offers, remarks
from lib.ui.theme import look_of

_SHIPMENT = "compare_shipment"
_ERROR = "compare_error"


def current_shipment() -> Shipment | None:
    """The shipment of the address, so that a reload or a shared link shows it again."""
    known = st.query_params.get("shipment") or st.session_state.get(_SHIPMENT)
    if not known:
        return None
    try:
        shipment = desk().shipments.retrieve(known)
    except NotFound as error:
        st.session_state.pop(_SHIPMENT, None)
        st.query_params.pop("shipment", None)
        show_error(error)
        return None
    st.session_state[_SHIPMENT] = st.query_params["shipment"] = shipment.id
    return shipment


def get_rates() -> None:
    """Ask the desk for what the form says; an error stays beside the form."""
    st.session_state.pop(_ERROR, None)
    try:
        shipment = desk().shipments.create(quote_form.read_request())
    except DeskError as error:
        st.session_state[_ERROR] = error
    else:
        st.session_state.pop(answers.SELECTED, None)
        st.session_state[_SHIPMENT] = st.query_params["shipment"] = shipment.id
    st.rerun()


def refresh(shipment: Shipment) -> None:
    """Ask for the same shipment again."""
    try:
        desk().shipments.refresh(shipment.id, RefreshRequest())
        st.session_state.pop(answers.SELECTED, None)
    except DeskError as error:
        st.session_state[_ERROR] = error


def start_over() -> None:
    """An empty form and no answer."""
    quote_form.start_over()
    st.query_params.clear()


@st.fragment
def draw_work(has_answer: bool) -> None:
    """The form. A fragment, so that typing redraws nothing else."""
    error = st.session_state.get(_ERROR)
    with st.container(key="compare_form", border=True):
        for side in (quote_form.SENDER, quote_form.RECIPIENT):
            with st.container(gap="xsmall"):
                quote_form.draw_side(desk(), side, error)
        quote_form.draw_parcels(error)
        quote_options.draw_options(error, desk().team.retrieve().default_options)
        if error:
            show_error(error)
        pressed = st.button(
            "Get rates", key="compare_get_rates", type="secondary" if has_answer else "primary", width="stretch"
        )
    if enter_pressed(container="compare_form", key="compare_enter") or pressed:
        get_rates()


def draw_quote(shipment: Shipment) -> None:
    """The rates of a shipment that is not bought yet."""
    timezone = arrival_zone(shipment)
    rates = sorted(shipment.rates, key=lambda rate: (rate.amount, rate.service_level.name))
    is_live = utc_now() < shipment.rates_expire_at
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        answers.draw_freshness(shipment, is_live)
        st.button("Refresh", key="compare_refresh", icon=":material/refresh:", on_click=refresh, args=(shipment,))
    answers.draw_fallback(shipment.notes_on_rates)
    if not rates:
        st.warning("There is no rate for this shipment. The reasons are below.", icon=":material/info:")
        answers.draw_outcomes(shipment.outcomes, shipment.notes_on_rates)
        return
    offers = best_offers(rates)
    if answers.chosen() not in {rate.id for rate in rates}:
        answers.choose((offers.get("Best value") or rates[0]).id)
    answers.draw_offers(offers, shipment=shipment, rule=BEST_VALUE_RULE)
    present = list(dict.fromkeys(rate.provider.id for rate in rates))
    shown = st.pills(
        "Carriers shown",
        present,
        key="compare_filter",
        selection_mode="multi",
        format_func=lambda code: look_of(code).name,
    )
    visible = [rate for rate in rates if not shown or rate.provider.id in shown]
    answers.draw_rates(visible, timezone=timezone, badges=badge_words(rates), remarks=remarks(rates))
    rate = next(rate for rate in rates if rate.id == answers.chosen())
    with st.container(border=True):
        answers.draw_reason(rate, shipment=shipment)
        st.button(
            f"Buy for {plain(money(rate.amount))}",
            key="compare_buy",
            type="primary",
            disabled=not is_live,
            help=None if is_live else "Refresh the prices first",
            on_click=buying.begin,
        )
    answers.draw_outcomes(shipment.outcomes, shipment.notes_on_rates)
    if buying.is_open():
        buying.draw_dialog(desk(), shipment, rate)


shell.inside()
st.title("Compare rates", anchor=False)
with st.container(key="shell_columns"):
    work, answer = st.columns([4, 8], gap="large")
with answer, errors_shown():
    shipment = current_shipment()
    if shipment is not None:
        quote_form.fill_from(shipment, desk().team.retrieve().default_options)
        answers.draw_route(shipment)
    if shipment is None:
        answers.draw_empty()
    elif shipment.purchased_rate is None:
        draw_quote(shipment)
    else:
        bought.draw_bought(desk(), shipment)
        answers.draw_reason(shipment.purchased_rate, shipment=shipment)
        st.button("New shipment", key="compare_new", icon=":material/add:", on_click=start_over)
with work:
    draw_work(shipment is not None)
