"""A bought shipment: its tracking number, and its label to see and to save in any format and size."""

from base64 import b64encode

import streamlit as st

from lib.address.local_time import arrival
from lib.desk.protocol import Desk
from lib.models.labels import ZPL_SIZES, LabelFormat
from lib.models.shipments import LabelSize, Shipment
from lib.shipping.customs import has_invoice
from lib.ui.answers import service_chip
from lib.ui.formats import count, money, plain
from lib.ui.offers import arrival_zone

_SIZES: dict[LabelSize, str] = {
    "4x6": "4 by 6 in",
    "4x8": "4 by 8 in",
    "a6": "A6",
    "letter": "Letter sheet",
    "a4": "A4 sheet",
}
_FORMATS: dict[LabelFormat, str] = {"pdf": "PDF", "zpl": "ZPL (label printer)", "png": "PNG (picture)"}
_PICTURE_WIDTH = 300


def draw_bought(desk: Desk, shipment: Shipment) -> None:
    """What was bought, and the label of it."""
    rate = shipment.purchased_rate
    st.header("Bought", anchor=False)
    if rate is not None:
        st.markdown(
            f"{service_chip(rate)} for **{plain(money(shipment.amount or rate.amount))}** · "
            f"{arrival(shipment.estimated_delivery_at, arrival_zone(shipment))}"
        )
    if shipment.status == "canceled":
        st.warning("**Canceled.** The label is void and must not be used.", icon=":material/block:")
        _draw_facts(shipment)
        return
    if shipment.test_label:
        st.warning(
            "**Test label.** It is marked SAMPLE and no carrier will accept it: no carrier account is connected.",
            icon=":material/info:",
        )
    facts, picture = st.columns([1, 1], gap="medium")
    with facts:
        _draw_facts(shipment)
        draw_downloads(desk, shipment, page="compare")
    with picture:
        st.image(_picture(desk, shipment), alt=_alt(shipment), width=_PICTURE_WIDTH)


def _draw_facts(shipment: Shipment) -> None:
    st.caption("Tracking number")
    st.code(shipment.tracking_number or "None yet", language=None)
    if shipment.payment_reference:
        st.caption(f"Reference: {plain(shipment.payment_reference)}")
    if shipment.order_number:
        st.caption(f"Order: {plain(shipment.order_number)}")


def draw_downloads(desk: Desk, shipment: Shipment, *, page: str) -> None:
    """The label as bought and in other formats, and abroad the invoice; keys of widgets begin with the page's name."""
    _draw_download(desk, shipment, page)
    _draw_other_formats(desk, shipment, page)
    if has_invoice(shipment):
        st.download_button(
            "Commercial invoice (PDF)",
            lambda: desk.shipments.commercial_invoice(shipment.id),
            file_name=f"invoice-{shipment.tracking_number}.pdf",
            mime="application/pdf",
            key=f"{page}_download_invoice",
            icon=":material/receipt_long:",
            help="For customs; it travels with the parcel",
            on_click="ignore",
        )


def _draw_download(desk: Desk, shipment: Shipment, page: str) -> None:
    label = desk.labels.retrieve(shipment.id)
    many = f", {count(len(shipment.parcels), 'label')}" if len(shipment.parcels) > 1 else ""
    st.download_button(
        f"Download {_kind(shipment).lower()} (PDF, {_SIZES[shipment.label_size or '4x6']}{many})",
        label.content,
        file_name=label.filename,
        mime=label.media_type,
        key=f"{page}_download_label",
        type="primary",
        icon=":material/download:",
        on_click="ignore",
    )


@st.fragment
def _draw_other_formats(desk: Desk, shipment: Shipment, page: str) -> None:
    """A fragment, so that choosing redraws nothing else; the file is made when it is asked for."""
    with st.popover("Other formats and sizes", icon=":material/tune:"):
        chosen = st.selectbox("Format", list(_FORMATS), key=f"{page}_label_format", format_func=_FORMATS.__getitem__)
        sizes = list(ZPL_SIZES if chosen == "zpl" else _SIZES)
        size = st.selectbox(
            "Size",
            sizes,
            index=sizes.index(shipment.label_size) if shipment.label_size in sizes else 0,
            key=f"{page}_label_size_{chosen}",
            format_func=_SIZES.__getitem__,
        )
        parcel = _draw_parcel_choice(len(shipment.parcels), chosen, page)
        number = shipment.parcels[parcel - 1].tracking_number if parcel else shipment.tracking_number
        st.download_button(
            f"Download {chosen.upper()}",
            lambda: desk.labels.retrieve(shipment.id, chosen, size, parcel).content,
            file_name=f"{number}.{chosen}",
            key=f"{page}_download_other",
            icon=":material/download:",
            on_click="ignore",
        )


def _draw_parcel_choice(parcels: int, label_format: LabelFormat, page: str) -> int | None:
    """Which parcel's label; a picture holds only one."""
    if parcels == 1:
        return None
    every = [] if label_format == "png" else [0]
    chosen = st.selectbox(
        "Parcel",
        [*every, *range(1, parcels + 1)],
        key=f"{page}_label_parcel_{label_format}",
        format_func=lambda position: f"Parcel {position} of {parcels}" if position else "All parcels",
    )
    return chosen or None


def _picture(desk: Desk, shipment: Shipment) -> str:
    """The first parcel's label, as it prints, as a URL: the browser makes it smaller evenly, Streamlit drops dots."""
    label = desk.labels.retrieve(shipment.id, "png", parcel=1)
    return f"data:{label.media_type};base64,{b64encode(label.content).decode()}"


def _kind(shipment: Shipment) -> str:
    return "Test label" if shipment.test_label else "Live label"


def _alt(shipment: Shipment) -> str:
    kind = "Test label marked SAMPLE" if shipment.test_label else "Label"
    return f"{kind} with tracking number {shipment.tracking_number}"
