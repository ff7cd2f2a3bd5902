"""What can be done with a shipment: void it, ship it again, make its return, note something on it."""

from collections.abc import Callable

import streamlit as st

from lib.desk.protocol import Desk
from lib.models.errors import DeskError
from lib.models.shipments import ReturnRequest, Shipment, ShipmentUpdate, TrackingUpdateInput
from lib.models.statuses import COMPLETED, STATUSES
from lib.ui.formats import money, plain
from lib.ui.messages import show_error
from lib.ui.requests import validated
from lib.ui.shipment_list import choose
from lib.ui.status_words import status_words

_ERROR = "shipments_error"
_DONE = "shipments_done"
_FIELDS = {
    "order_number": "Order number",
    "reference_number": "Reference",
    "purchase_order": "Purchase order",
    "invoice_number": "Invoice number",
    "notes": "Note",
}


def draw_outcome() -> None:
    """What came of the last action, once."""
    if error := st.session_state.pop(_ERROR, None):
        show_error(error)
    if words := st.session_state.pop(_DONE, None):
        st.success(words, icon=":material/check:")


def draw_actions(desk: Desk, shipment: Shipment) -> None:
    """The actions that fit the state of the shipment."""
    bought = shipment.purchased_rate is not None
    with st.container(horizontal=True):
        st.button(
            "Ship again",
            key="shipments_duplicate",
            icon=":material/content_copy:",
            help="A new shipment with the same addresses and parcels, at today's prices",
            on_click=_act,
            args=(lambda: _made(desk.shipments.duplicate(shipment.id), "Quoted again with today's prices."),),
        )
        if bought:
            st.button(
                "Make the return",
                key="shipments_return",
                icon=":material/undo:",
                help="Sender and recipient swapped, the same parcels, with a return number",
                on_click=_act,
                args=(lambda: _made(desk.shipments.return_shipment(shipment.id, ReturnRequest()), "Return quoted."),),
            )
        _draw_edit(desk, shipment)
        if bought:
            _draw_update(desk, shipment)
        if bought and shipment.status not in COMPLETED:
            _draw_void(desk, shipment)


def _draw_void(desk: Desk, shipment: Shipment) -> None:
    with st.popover("Void", key="shipments_void", icon=":material/block:"):
        st.write(
            f"The label can no longer be used and {plain(money(shipment.billed_amount or 0))} goes back to the "
            "payment method. This cannot be undone."
        )
        st.button(
            "Void the label",
            key="shipments_void_confirm",
            type="primary",
            on_click=_act,
            args=(lambda: _said(desk.shipments.refund(shipment.id), "The label is void and refunded."),),
        )


def _draw_edit(desk: Desk, shipment: Shipment) -> None:
    with st.popover("Edit numbers and note", key="shipments_edit", icon=":material/edit:"):
        for name, words in _FIELDS.items():
            st.text_input(
                words, value=getattr(shipment, name) or "", key=f"shipments_{name}_{shipment.id}", max_chars=255
            )
        st.button("Save", key="shipments_save", type="primary", on_click=_act, args=(lambda: _saved(desk, shipment),))


def _draw_update(desk: Desk, shipment: Shipment) -> None:
    with st.popover("Add tracking", key="shipments_track", icon=":material/add_location:"):
        st.selectbox(
            "What happened",
            [status for status in STATUSES if status != "rates_generated"],
            key="shipments_new_status",
            format_func=status_words,
        )
        st.text_input("Where (optional)", key="shipments_new_place", max_chars=255, placeholder="City, state")
        st.text_input("Words (optional)", key="shipments_new_message", max_chars=255)
        st.button(
            "Add", key="shipments_add_update", type="primary", on_click=_act, args=(lambda: _tracked(desk, shipment),)
        )


def _act(action: Callable[[], None]) -> None:
    try:
        action()
    except DeskError as error:
        st.session_state[_ERROR] = error


def _made(shipment: Shipment, words: str) -> None:
    choose(shipment.id)
    st.session_state.pop("shipments_table", None)
    st.session_state[_DONE] = words


def _said(_shipment: Shipment, words: str) -> None:
    st.session_state[_DONE] = words


def _saved(desk: Desk, shipment: Shipment) -> None:
    typed = {name: _typed(f"shipments_{name}_{shipment.id}") for name in _FIELDS}
    changed = {name: value for name, value in typed.items() if value != getattr(shipment, name)}
    desk.shipments.update(shipment.id, validated(ShipmentUpdate, changed))
    st.session_state[_DONE] = "Saved."


def _tracked(desk: Desk, shipment: Shipment) -> None:
    update = {
        "status": st.session_state["shipments_new_status"],
        "address": _typed("shipments_new_place"),
        "message": _typed("shipments_new_message"),
    }
    desk.shipments.update(
        shipment.id, ShipmentUpdate(tracking_update=validated(TrackingUpdateInput, update, at="tracking_update"))
    )
    st.session_state[_DONE] = "Tracking updated."


def _typed(key: str) -> str | None:
    return str(st.session_state.get(key) or "").strip() or None
