"""Buying a rate: the confirming dialog, and what a label still lacks."""

import streamlit as st

from lib.desk.protocol import Desk
from lib.models.base import utc_now
from lib.models.customs import Customs
from lib.models.errors import DeskError, InvalidRequest
from lib.models.lists import MAX_LIMIT, ListQuery
from lib.models.payments import INVOICE_ACCOUNT
from lib.models.rates import Rate
from lib.models.shipments import Purchase, Shipment
from lib.shipping.customs import declaration, is_international
from lib.ui import customs_form
from lib.ui.answers import SELECTED, choose, service_chip
from lib.ui.formats import money, plain
from lib.ui.messages import show_error
from lib.ui.offers import when
from lib.ui.quote_form import RECIPIENT, SENDER, Side, read_request
from lib.ui.requests import validated

BUYING = "compare_buying"
_ERROR = "compare_buying_error"
_PAYING = "compare_payment_method"
_LABELS = {"name": "name", "address.line1": "street"}
_FORM_NAMES = {"name": "name", "address.line1": "line1"}


def begin() -> None:
    """Open the dialog."""
    st.session_state[BUYING] = True
    st.session_state.pop(_ERROR, None)


def end() -> None:
    """Close the dialog."""
    st.session_state.pop(BUYING, None)
    st.session_state.pop(_ERROR, None)


def is_open() -> bool:
    """Whether the dialog is to be shown."""
    return bool(st.session_state.get(BUYING))


@st.dialog("Buy this label", on_dismiss=end)
def draw_dialog(desk: Desk, shipment: Shipment, rate: Rate) -> None:
    """Ask first for what the label lacks, then for what customs asks, then to confirm the price."""
    missing = _missing(shipment)
    st.markdown(service_chip(rate))
    st.caption(when(rate, shipment))
    if error := st.session_state.get(_ERROR):
        show_error(error)
    if missing:
        _draw_missing(desk, shipment, rate, missing)
    elif customs_form.is_needed(shipment):
        customs_form.draw_form(desk, shipment)
    else:
        _draw_confirmation(desk, shipment, rate)


def _missing(shipment: Shipment) -> list[tuple[Side, str]]:
    parties = ((SENDER, shipment.sender), (RECIPIENT, shipment.recipient))
    return [(side, field) for side, party in parties for field in party.missing_for_label]


def _draw_missing(desk: Desk, shipment: Shipment, rate: Rate, missing: list[tuple[Side, str]]) -> None:
    st.write("A price needs two ZIP codes; a label also says who and where. Still missing:")
    for side, field in missing:
        st.text_input(
            f"{side.title}: {_LABELS[field]}", key=f"compare_missing_{side.key}_{_FORM_NAMES[field]}", max_chars=255
        )
    if st.button(
        "Continue",
        key="compare_missing_continue",
        type="primary",
        on_click=_complete,
        args=(desk, shipment, rate, missing),
    ):
        st.rerun()


def _complete(desk: Desk, asked: Shipment, rate: Rate, missing: list[tuple[Side, str]]) -> None:
    """Put what was missing into the form, ask again with it, and stay at the same service."""
    state = st.session_state
    for side, field in missing:
        name = _FORM_NAMES[field]
        state[f"{side.key}_{name}"] = state.get(f"compare_missing_{side.key}_{name}", "")
    empty = [
        f"{side.party}.{field}" for side, field in missing if not state[f"{side.key}_{_FORM_NAMES[field]}"].strip()
    ]
    try:
        if empty:
            raise InvalidRequest("The label needs this.", fields=empty)
        shipment = desk.shipments.create(read_request().model_copy(update={"customs": _known_of_customs(asked)}))
    except DeskError as error:
        state[_ERROR] = error
        return
    state.pop(_ERROR, None)
    same = next((one for one in shipment.rates if one.service_level.id == rate.service_level.id), None)
    st.query_params["shipment"] = shipment.id
    if same is None:
        state.pop(SELECTED, None)
        end()
    else:
        choose(same.id)


def _known_of_customs(shipment: Shipment) -> Customs | None:
    """The declaration so far: the form knows neither it nor the contents of the parcels."""
    return declaration(shipment) if is_international(shipment) else shipment.customs


def _draw_confirmation(desk: Desk, shipment: Shipment, rate: Rate) -> None:
    st.metric("Price", money(rate.amount))
    _draw_payment(desk, shipment, rate)
    st.text_input("Reference (optional)", key="compare_reference", max_chars=255, placeholder="Cost centre, PO, name")
    if not shipment.order_number:
        st.text_input("Order number (optional)", key="compare_buy_order", max_chars=255)
    expired = utc_now() >= shipment.rates_expire_at
    if expired:
        st.warning("These prices have expired. Close this and refresh them.", icon=":material/schedule:")
    if st.button(
        f"Buy for {plain(money(rate.amount))}",
        key="compare_confirm",
        type="primary",
        disabled=expired,
        width="stretch",
        on_click=_purchase,
        args=(desk, shipment, rate),
    ):
        st.rerun()


def _draw_payment(desk: Desk, shipment: Shipment, rate: Rate) -> None:
    """What pays, to choose where there is more than one, and what that means for this label."""
    methods = {method.id: method for method in desk.payment_methods.list(ListQuery(limit=MAX_LIMIT)).items}
    paying = next((method.id for method in methods.values() if method.default), INVOICE_ACCOUNT)
    if len(methods) > 1:
        paying = st.selectbox(
            "Pay with",
            list(methods),
            index=list(methods).index(paying),
            key=f"{_PAYING}_{shipment.id}",
            format_func=lambda code: methods[code].name,
        )
    booked = f"{plain(money(rate.amount))} is booked to {plain(methods[paying].name)}"
    if rate.test_label:
        booked = f"Test label: marked SAMPLE, and no carrier accepts it or is paid. {booked} in the ledger"
    st.caption(f":material/info: {booked}.")


def _purchase(desk: Desk, shipment: Shipment, rate: Rate) -> None:
    """The desk keys the purchase by the shipment, so that a second press buys nothing more."""
    state = st.session_state
    data = {
        "rate_id": rate.id,
        "payment_method": state.get(f"{_PAYING}_{shipment.id}"),
        "payment_reference": str(state.get("compare_reference") or "").strip() or None,
        "order_number": str(state.get("compare_buy_order") or "").strip() or shipment.order_number,
    }
    try:
        desk.shipments.purchase(shipment.id, validated(Purchase, data))
    except DeskError as error:
        state[_ERROR] = error
        return
    end()
