"""What can be done with a shipment: void it, ship it again, make its return, note something on it."""

from collections.abc import Callable

import streamlit as st

from lib.desk.protocol import Desk
from lib.models.errors import DeskError, InvalidRequest
from lib.models.shipments import ReturnRequest, Shipment, ShipmentUpdate, TrackingUpdateInput
from lib.models.statuses import COMPLETED, STATUSES
from lib.ui.formats import money, plain
from lib.ui.messages import show_error
from lib.ui.requests import validated
from lib.ui.shipment_list import choose, has_label
from lib.ui.status_words import status_words

_ERROR = "shipments_error"
_DONE = "shipments_done"
_VOID, _EDIT, _TRACK, _AGAIN = "shipments_void", "shipments_edit", "shipments_track", "shipments_duplicate"
_FIELDS = {
    "order_number": "Order number",
    "reference_number": "Reference",
    "purchase_order": "Purchase order",
    "invoice_number": "Invoice number",
}
_NOTE = "notes"
_UPDATE = ("status", "address", "message")
# A quote is made and a label voided by their own actions.
_NOT_BY_HAND = ("rates_generated", "canceled")
_LETTERS = 255


def draw_outcome() -> None:
    """What came of the last action, once."""
    if words := st.session_state.pop(_DONE, None):
        st.success(words, icon=":material/check:")


def draw_actions(desk: Desk, shipment: Shipment) -> None:
    """The actions that fit the state of the shipment; what one of them could not do stands under them, once."""
    with st.container(horizontal=True, key="shipments_actions"):
        st.button(
            "Ship again",
            key=_AGAIN,
            icon=":material/content_copy:",
            help="A new shipment with the same addresses and parcels, at today's prices",
            on_click=_act,
            args=(_AGAIN, _ship_again, desk, shipment),
        )
        if has_label(shipment):
            st.button(
                "Make the return",
                key="shipments_return",
                icon=":material/undo:",
                help="Sender and recipient swapped, the same parcels, with a return number",
                on_click=_act,
                args=(_AGAIN, _make_return, desk, shipment),
            )
        _draw_edit(desk, shipment)
        if has_label(shipment):
            _draw_update(desk, shipment)
        if shipment.purchased_rate is not None and shipment.status not in COMPLETED:
            _draw_void(desk, shipment)
    _draw_error(_AGAIN)


def _draw_void(desk: Desk, shipment: Shipment) -> None:
    with st.popover("Void", key=_VOID, icon=":material/block:", on_change="rerun"):
        st.write(
            f"The label can no longer be used, and {plain(money(shipment.billed_amount or 0))} goes back to the "
            "payment method. This cannot be undone."
        )
        _draw_error(_VOID)
        st.button(
            "Void the label",
            key="shipments_void_confirm",
            icon=":material/block:",
            on_click=_act,
            args=(_VOID, _void, desk, shipment),
        )


def _draw_edit(desk: Desk, shipment: Shipment) -> None:
    with st.popover("Edit numbers and note", key=_EDIT, icon=":material/edit:", on_change="rerun"):
        for name, words in _FIELDS.items():
            st.text_input(
                words, getattr(shipment, name) or "", key=_key(shipment, name), max_chars=_LETTERS, persist_state="page"
            )
        st.text_area(
            "Note", shipment.notes or "", key=_key(shipment, _NOTE), max_chars=_LETTERS, height=80, persist_state="page"
        )
        _draw_error(_EDIT)
        st.button("Save", key="shipments_save", on_click=_act, args=(_EDIT, _save, desk, shipment))


def _draw_update(desk: Desk, shipment: Shipment) -> None:
    with st.popover("Add tracking", key=_TRACK, icon=":material/add_location:", on_change="rerun"):
        st.selectbox(
            "What happened",
            [status for status in STATUSES if status not in _NOT_BY_HAND],
            key=_key(shipment, "status"),
            index=None,
            placeholder="Choose",
            format_func=status_words,
        )
        st.text_input("Where (optional)", key=_key(shipment, "address"), max_chars=_LETTERS, placeholder="City, state")
        st.text_input("In your words (optional)", key=_key(shipment, "message"), max_chars=_LETTERS)
        _draw_error(_TRACK)
        st.button("Add", key="shipments_add_update", on_click=_act, args=(_TRACK, _add_update, desk, shipment))


def _draw_error(place: str) -> None:
    """What the action of that place could not do, beside what was typed for it."""
    where, error = st.session_state.get(_ERROR, (None, None))
    if where == place and error is not None:
        del st.session_state[_ERROR]
        show_error(error)


def _act(place: str, action: Callable[[Desk, Shipment], str], desk: Desk, shipment: Shipment) -> None:
    """Do it and close its panel; refused, the panel stays open with the error in it."""
    state = st.session_state
    try:
        state[_DONE] = action(desk, shipment)
    except DeskError as error:
        state[_ERROR] = (place, error)
    else:
        if place != _AGAIN:
            state[place] = False


def _ship_again(desk: Desk, shipment: Shipment) -> str:
    choose(desk.shipments.duplicate(shipment.id).id)
    return "A new shipment, quoted at today's prices."


def _make_return(desk: Desk, shipment: Shipment) -> str:
    choose(desk.shipments.return_shipment(shipment.id, ReturnRequest()).id)
    return "The return, quoted at today's prices."


def _void(desk: Desk, shipment: Shipment) -> str:
    desk.shipments.refund(shipment.id)
    return "The label is void and its price given back."


def _save(desk: Desk, shipment: Shipment) -> str:
    typed = {name: _typed(shipment, name) for name in (*_FIELDS, _NOTE)}
    changed = {name: value for name, value in typed.items() if value != getattr(shipment, name)}
    desk.shipments.update(shipment.id, validated(ShipmentUpdate, changed))
    return "Saved."


def _add_update(desk: Desk, shipment: Shipment) -> str:
    given = {name: _typed(shipment, name) for name in _UPDATE}
    if given["status"] is None:
        raise InvalidRequest("Choose it from the list.", fields=["tracking_update.status"])
    update = validated(TrackingUpdateInput, given, at="tracking_update")
    desk.shipments.update(shipment.id, ShipmentUpdate(tracking_update=update))
    for name in _UPDATE:
        del st.session_state[_key(shipment, name)]
    return "Added to the tracking."


def _key(shipment: Shipment, name: str) -> str:
    return f"shipments_{name}_{shipment.id}"


def _typed(shipment: Shipment, name: str) -> str | None:
    return str(st.session_state.get(_key(shipment, name)) or "").strip() or None
