"""One shipment: where it is, what it costs, what is in it, what has happened to it."""

from collections.abc import Sequence

import streamlit as st

from lib.address.local_time import arrival, moment_words
from lib.models.addresses import Party
from lib.models.shipments import Shipment, TrackingUpdate
from lib.models.statuses import COMPLETED
from lib.ui.formats import calendar_day, count, money, plain, pounds
from lib.ui.offers import arrival_zone
from lib.ui.status_words import status_words
from lib.ui.tables import service_name
from lib.ui.theme import look_of

_TIMES = " \N{MULTIPLICATION SIGN} "
_NUMBERS = {
    "order_number": "Order",
    "reference_number": "Reference",
    "payment_reference": "Payment reference",
    "purchase_order": "Purchase order",
    "invoice_number": "Invoice",
    "rma_number": "Return (RMA)",
    "account_id": "Account",
}


def draw_head(shipment: Shipment) -> None:
    """To whom, and how it stands in words."""
    st.header(plain(_who(shipment.recipient)), anchor=False)
    state = status_words(shipment.status)
    kind = "Test label" if shipment.test_label else "Live label" if shipment.test_label is False else "Not bought"
    turned = " · Return" if shipment.type == "inbound" else ""
    st.markdown(f"**{plain(state)}** :gray[· {kind}{turned}]")


def draw_facts(shipment: Shipment) -> None:
    """Carrier, price, the day it arrives, its numbers."""
    rate = shipment.purchased_rate
    if rate is not None:
        look = look_of(rate.provider.id)
        price = plain(money(shipment.amount or rate.amount))
        st.markdown(f":{look.colour}[{look.glyph}] {plain(service_name(rate))} · **{price}**")
        if shipment.estimated_delivery_at is not None and shipment.status not in COMPLETED:
            st.caption(f"Expected {arrival(shipment.estimated_delivery_at, arrival_zone(shipment))}")
    if shipment.tracking_number:
        st.caption("Tracking number")
        st.code(shipment.tracking_number, language=None)
    if shipment.tracking_url:
        st.link_button(
            "Tracking page", shipment.tracking_url, key="shipments_tracking_page", type="tertiary",
            icon=":material/open_in_new:", help="What your customer may see; it opens without signing in",
        )  # fmt: skip
    numbers = [f"{words} {plain(value)}" for name, words in _NUMBERS.items() if (value := getattr(shipment, name))]
    if numbers:
        st.caption(" · ".join(numbers))
    if shipment.tags:
        st.caption(f"Tags: {', '.join(map(plain, shipment.tags))}")
    if shipment.notes:
        st.markdown(plain(shipment.notes))


def draw_parties(shipment: Shipment) -> None:
    """From and to, and the parcels between."""
    for column, (words, party) in zip(
        st.columns(2), (("From", shipment.sender), ("To", shipment.recipient)), strict=True
    ):
        with column:
            st.caption(words)
            st.markdown("  \n".join(_lines(party)))
    several = len(shipment.parcels) > 1
    for position, parcel in enumerate(shipment.parcels, start=1):
        sides = (parcel.length, parcel.width, parcel.height)
        size = _TIMES.join(f"{side:g}" for side in sides if side) + " in" if all(sides) else ""
        package = plain((parcel.type or "").replace("_", " "))
        facts = [package, size, pounds(parcel.weight) if parcel.weight else "", _contents(parcel.contents)]
        number = plain(parcel.tracking_number or "") if several else ""
        told = " · ".join(part for part in (*facts, number) if part)
        st.caption(f"Parcel {position}: {told}" if several else f"Parcel: {told}")


def draw_course(shipment: Shipment) -> None:
    """What has happened, the latest first."""
    if not shipment.tracking_updates:
        return
    st.subheader("Tracking", anchor=False)
    timezone = arrival_zone(shipment)
    for update in sorted(shipment.tracking_updates, key=lambda one: one.created_at, reverse=True):
        st.markdown(_update_line(update, timezone))


def draw_quote_state(shipment: Shipment) -> None:
    """What a shipment that is not bought has to offer."""
    rate = shipment.recommended_rate
    if rate is None:
        st.caption("No carrier offered a price.")
        return
    st.markdown(
        f"{count(len(shipment.rates), 'rate')} from **{plain(money(min(one.amount for one in shipment.rates)))}** "
        f":gray[· quoted {calendar_day(shipment.rates_generated_at.date())}]"
    )


def _update_line(update: TrackingUpdate, timezone: str | None) -> str:
    place = f" · {plain(update.address)}" if update.address else ""
    words = " ".join(part for part in (update.message, update.comment) if part)
    told = f"  \n{plain(words)}" if words else ""
    when = plain(moment_words(update.created_at, timezone))
    return f"**{plain(status_words(update.status))}** :gray[{when}{place}]{told}"


def _contents(contents: Sequence[object]) -> str:
    return count(len(contents), "item") if contents else ""


def _who(party: Party) -> str:
    return party.name or party.business or party.address.city or party.address.postal_code


def _lines(party: Party) -> list[str]:
    address = party.address
    place = f"{address.city}, {address.state_code} {address.postal_code}".strip(" ,")
    country = address.country if address.country_code != "US" else ""
    found = (party.name, party.business, address.line1, address.line2, place, country)
    return [plain(line) for line in found if line]
