"""Shipments: find one, see where it is, print its label, void it, ship it again."""

import streamlit as st

from lib.models.errors import NotFound
from lib.models.shipments import Shipment
from lib.ui import bought, quote_form, shell, shipment_actions, shipment_list, shipment_view
from lib.ui.desk import desk
from lib.ui.messages import errors_shown, show_error


def chosen_shipment() -> Shipment | None:
    """The shipment that the address names."""
    shipment_id = shipment_list.chosen_id()
    if shipment_id is None:
        return None
    try:
        return desk().shipments.retrieve(shipment_id)
    except NotFound as error:
        shipment_list.choose(None)
        show_error(error)
        return None


def draw_quote(shipment: Shipment) -> None:
    """A shipment that is not bought yet: its best price, and the way to all of them."""
    shipment_view.draw_quote_state(shipment)
    # Compare rates keeps what was typed there; this shipment takes its place.
    if st.button(
        "Compare its rates",
        key="shipments_compare",
        type="primary",
        icon=":material/arrow_forward:",
        on_click=quote_form.start_over,
    ):
        st.switch_page("pages/compare_rates.py", query_params={"shipment": shipment.id})


def draw_shipment(shipment: Shipment) -> None:
    """The answers column: everything about the chosen one."""
    with st.container(border=True, key="shipments_chosen"):
        shipment_view.draw_head(shipment)
        shipment_actions.draw_outcome()
        if shipment.purchased_rate is None:
            draw_quote(shipment)
        shipment_view.draw_facts(shipment)
        if shipment_list.has_label(shipment):
            bought.draw_downloads(desk(), shipment, page="shipments")
        shipment_view.draw_parties(shipment)
        shipment_actions.draw_actions(desk(), shipment)
        shipment_view.draw_course(shipment)


shell.inside()
st.title("Shipments", anchor=False)
with st.container(key="shell_columns"):
    work, answer = st.columns([7, 5], gap="large")
with work, errors_shown():
    shipment_list.draw_filters()
    shipment_list.draw_list(desk(), shipment_list.find(desk()))
with answer, errors_shown():
    shipment = chosen_shipment()
    if shipment is not None:
        draw_shipment(shipment)
    else:
        st.caption("Choose a shipment to see where it is, print its label or make its return.")
