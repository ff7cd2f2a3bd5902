"""Buying a rate: the confirming dialog, what a label still lacks, and the label once it is bought."""

import io

import pypdfium2
import streamlit as st

from lib.desk.protocol import Desk
from lib.models.base import utc_now
from lib.models.errors import DeskError, InvalidRequest
from lib.models.rates import Rate
from lib.models.shipments import Purchase, Shipment
from lib.ui.answers import SELECTED, choose, service_chip
from lib.ui.formats import arrival, money, plain
from lib.ui.messages import show_error
from lib.ui.offers import arrival_zone, when
from lib.ui.quote_form import RECIPIENT, SENDER, Side, read_request
from lib.ui.requests import validated

BUYING = "compare_buying"
_ERROR = "compare_buying_error"
_LABEL_DPI = 144
_POINTS_PER_INCH = 72
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
    """Ask first for what the label lacks, then to confirm the price."""
    missing = _missing(shipment)
    st.markdown(service_chip(rate))
    st.caption(when(rate, shipment))
    if error := st.session_state.get(_ERROR):
        show_error(error)
    if missing:
        _draw_missing(desk, rate, missing)
    else:
        _draw_confirmation(desk, shipment, rate)


def draw_label(desk: Desk, shipment: Shipment) -> None:
    """The bought shipment: tracking number, label to see and to save."""
    rate = shipment.purchased_rate
    timezone = arrival_zone(shipment)
    words = "Test label" if shipment.test_label else "Live label"
    st.header("Bought", anchor=False)
    if rate is not None:
        st.markdown(
            f"{service_chip(rate)} for **{plain(money(shipment.amount or rate.amount))}** · "
            f"{arrival(shipment.estimated_delivery_at, timezone)}"
        )
    if shipment.test_label:
        st.warning(
            f"**{words}.** It is marked SAMPLE and no carrier will accept it: no carrier account is connected.",
            icon=":material/info:",
        )
    facts, picture = st.columns([1, 1], gap="medium")
    with facts:
        st.caption("Tracking number")
        st.code(shipment.tracking_number or "None yet", language=None)
        if shipment.payment_reference:
            st.caption(f"Reference: {plain(shipment.payment_reference)}")
        if shipment.order_number:
            st.caption(f"Order: {plain(shipment.order_number)}")
        label = desk.shipments.label(shipment.id)
        st.download_button(
            f"Download {words.lower()} (PDF, 4 by 6 in)",
            label,
            file_name=f"{shipment.tracking_number or shipment.id}.pdf",
            mime="application/pdf",
            key="compare_download_label",
            type="primary",
            icon=":material/download:",
            on_click="ignore",
        )
    with picture:
        st.image(label_picture(label), alt=_label_alt(shipment), width=300)


@st.cache_data(max_entries=64, show_spinner=False)
def label_picture(pdf: bytes) -> bytes:
    """The first page of a label as PNG."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[0].render(scale=_LABEL_DPI / _POINTS_PER_INCH).to_pil()
    finally:
        document.close()
    out = io.BytesIO()
    picture.save(out, format="PNG")
    return out.getvalue()


def _label_alt(shipment: Shipment) -> str:
    kind = "Test label marked SAMPLE" if shipment.test_label else "Label"
    return f"{kind} with tracking number {shipment.tracking_number}"


def _missing(shipment: Shipment) -> list[tuple[Side, str]]:
    parties = ((SENDER, shipment.sender), (RECIPIENT, shipment.recipient))
    return [(side, field) for side, party in parties for field in party.missing_for_label]


def _draw_missing(desk: Desk, rate: Rate, missing: list[tuple[Side, str]]) -> None:
    st.write("A price needs two ZIP codes; a label also says who and where. Still missing:")
    for side, field in missing:
        st.text_input(
            f"{side.title}: {_LABELS[field]}", key=f"compare_missing_{side.key}_{_FORM_NAMES[field]}", max_chars=255
        )
    if st.button(
        "Continue", key="compare_missing_continue", type="primary", on_click=_complete, args=(desk, rate, missing)
    ):
        st.rerun()


def _complete(desk: Desk, rate: Rate, missing: list[tuple[Side, str]]) -> None:
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
        shipment = desk.shipments.create(read_request())
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


def _draw_confirmation(desk: Desk, shipment: Shipment, rate: Rate) -> None:
    st.metric("Price", money(rate.amount))
    if rate.test_label:
        st.caption(":material/info: Test label: marked SAMPLE, nothing is charged and no carrier will accept it.")
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


def _purchase(desk: Desk, shipment: Shipment, rate: Rate) -> None:
    """The desk keys the purchase by the shipment, so that a second press buys nothing more."""
    state = st.session_state
    data = {
        "rate_id": rate.id,
        "payment_reference": str(state.get("compare_reference") or "").strip() or None,
        "order_number": str(state.get("compare_buy_order") or "").strip() or shipment.order_number,
    }
    try:
        desk.shipments.purchase(shipment.id, validated(Purchase, data))
    except DeskError as error:
        state[_ERROR] = error
        return
    end()
