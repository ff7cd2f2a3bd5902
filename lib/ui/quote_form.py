"""The form a quote is asked with: from, to, parcels. Its values live in session state and outlive errors."""

import functools
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lib.address.countries import HOME_COUNTRY
from lib.desk.protocol import Desk
from lib.models.addresses import Party, PartyInput
from lib.models.errors import DeskError, InvalidRequest
from lib.models.options import ShipmentOptions
from lib.models.parcels import ParcelInput
from lib.models.shipments import QuoteRequest, Shipment
from lib.ui.contact_picker import ContactPicker
from lib.ui.messages import show_field_error
from lib.ui.packages import OWN_BOX, package_choices, package_label
from lib.ui.places import is_zip, place_note
from lib.ui.quote_options import fill_options, read_options
from lib.ui.requests import validated

PARCELS = "compare_parcels"
# A box that fits most orders; nobody has to measure to see a first price.
_USUAL_BOX = {"length": 12.0, "width": 9.0, "height": 6.0}
_TEXTS = ("name", "business", "email", "phone", "line1", "line2", "city", "state")
_LOCATION = "loc_"


@dataclass(frozen=True, slots=True)
class Side:
    """One end of a shipment: `party` on the wire, `title` on the screen, `key` in session state."""

    party: str
    title: str
    key: str


SENDER = Side("sender", "From", "compare_from")
RECIPIENT = Side("recipient", "To", "compare_to")


def draw_side(desk: Desk, side: Side, error: DeskError | None) -> None:
    """Place, then name, contact and street for who needs more than a price."""
    text = st.text_input(
        f"{side.title}: ZIP or address",
        key=f"{side.key}_place",
        live=True,
        max_chars=250,
        placeholder="10018, or a whole address" if side is SENDER else "85282, or a whole address",
        persist_state="session",
    )
    show_field_error(error, f"{side.party}.address", f"{side.party}.address.postal_code", f"{side.party}.address.state")
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(place_note(text or "") or "The ZIP gives city and state", width="content")
        _PICKERS[side].draw(desk, _typed_party(side))
    with st.expander(f"{side.title}: name, contact and street", type="compact", key=f"{side.key}_more"):
        _draw_person(side, error)
        if is_zip(text or ""):
            _draw_street(side, error)
    _PICKERS[side].draw_keeping(desk, _typed_party(side))


def draw_parcels(error: DeskError | None) -> None:
    """Every parcel with its package and weight, and the buttons that add and remove one."""
    numbers = st.session_state.setdefault(PARCELS, [0])
    for position, number in enumerate(numbers):
        _draw_parcel(position, number, alone=len(numbers) == 1, error=error)
    st.button("Add a parcel", key="compare_add_parcel", type="tertiary", icon=":material/add:", on_click=_add_parcel)


def read_request() -> QuoteRequest:
    """What the form asks. Raises InvalidRequest naming the fields that are empty or cannot be right."""
    if empty := _empty_fields():
        raise InvalidRequest("Still needed for a price.", fields=empty)
    parcels = [
        validated(ParcelInput, _parcel_data(number), at=f"parcels.{position}")
        for position, number in enumerate(st.session_state[PARCELS])
    ]
    return QuoteRequest(
        sender=validated(PartyInput, _party_data(SENDER), at="sender"),
        recipient=validated(PartyInput, _party_data(RECIPIENT), at="recipient"),
        parcels=parcels,
        options=read_options(),
        location_id=_location_id(),
        order_number=_typed("compare_order_number"),
    )


def fill_from(shipment: Shipment, defaults: ShipmentOptions) -> None:
    """Put a shipment's values into a form that nobody has touched, as after a reload."""
    state = st.session_state
    if f"{SENDER.key}_place" in state:
        return
    for side, party in ((SENDER, shipment.sender), (RECIPIENT, shipment.recipient)):
        _fill_side(side, party)
        _PICKERS[side].remember(party.contact_id, party)
    if shipment.location_id and not shipment.sender.contact_id:
        _PICKERS[SENDER].remember(shipment.location_id, shipment.sender)
    state[PARCELS] = list(range(len(shipment.parcels)))
    for number, parcel in enumerate(shipment.parcels):
        state[_parcel_key(number, "package")] = parcel.type if parcel.type in package_choices() else OWN_BOX
        for name in ("weight", *_USUAL_BOX):
            value = getattr(parcel, name)
            state[_parcel_key(number, name)] = float(value) if value is not None else _USUAL_BOX.get(name)
        state[_parcel_key(number, "nonstandard")] = parcel.nonstandard_packaging
    fill_options(shipment.options, defaults)
    state["compare_order_number"] = shipment.order_number or ""


def start_over() -> None:
    """Empty the form."""
    for key in [key for key in st.session_state if str(key).startswith("compare_")]:
        del st.session_state[key]


def _fill_side(side: Side, party: Party) -> None:
    address = party.address
    values = {
        "place": address.postal_code if address.country_code == HOME_COUNTRY else address.formatted_address,
        "name": party.name,
        "business": party.business,
        "email": party.email,
        "phone": party.phone,
        "line1": address.line1,
        "line2": address.line2,
        "city": address.city,
        "state": address.state_code,
    }
    for name, value in values.items():
        st.session_state[f"{side.key}_{name}"] = value


_PICKERS = {
    side: ContactPicker(side.key, side.title, fill=functools.partial(_fill_side, side), with_locations=side is SENDER)
    for side in (SENDER, RECIPIENT)
}


def _draw_person(side: Side, error: DeskError | None) -> None:
    left, right = st.columns(2)
    with left:
        _text(side, "name", "Name", autocomplete="name")
        _text(side, "email", "Email", kind="email")
    with right:
        _text(side, "business", "Business", help_text="A business address has no residential surcharge.")
        _text(side, "phone", "Phone", kind="phone")
    show_field_error(error, *(f"{side.party}.{name}" for name in ("name", "email", "business", "phone")))


def _draw_street(side: Side, error: DeskError | None) -> None:
    _text(side, "line1", "Street", autocomplete="address-line1")
    _text(side, "line2", "Apartment, suite or floor", autocomplete="address-line2")
    left, right = st.columns([2, 1])
    with left:
        _text(side, "city", "City", placeholder="From the ZIP")
    with right:
        _text(side, "state", "State", placeholder="From the ZIP")
    show_field_error(error, *(f"{side.party}.address.{name}" for name in ("line1", "line2", "city")))


def _text(
    side: Side,
    name: str,
    label: str,
    *,
    kind: Any = "default",
    autocomplete: str | None = None,
    placeholder: str = "",
    help_text: str | None = None,
) -> None:
    st.text_input(
        f"{side.title}: {label[0].lower()}{label[1:]}",
        key=f"{side.key}_{name}",
        type=kind,
        icon="",
        validate="",
        placeholder=placeholder,
        autocomplete=autocomplete,
        help=help_text,
        max_chars=255,
        persist_state="session",
    )


def _parcel_key(number: int, name: str) -> str:
    return f"compare_parcel_{number}_{name}"


def _draw_parcel(position: int, number: int, *, alone: bool, error: DeskError | None) -> None:
    name = "Parcel" if alone else f"Parcel {position + 1}"
    package, weight = st.columns([3, 2], vertical_alignment="bottom", wrap=False)
    with package:
        chosen = st.selectbox(
            f"{name}: package",
            package_choices(),
            key=_parcel_key(number, "package"),
            format_func=package_label,
            persist_state="session",
        )
    with weight:
        _measure(number, "weight", f"{name}: weight, lb", default=None, placeholder="5")
    if chosen == OWN_BOX:
        with st.container(key=f"compare_sizes_{number}"):
            columns = st.columns(3, wrap=False)
        for column, (side, usual) in zip(columns, _USUAL_BOX.items(), strict=True):
            with column:
                _measure(number, side, f"{side.capitalize()}, in", default=usual)
        st.checkbox(
            "Not a cardboard box",
            key=_parcel_key(number, "nonstandard"),
            help="A tube, a can, a bag, wood, metal: carriers ask more for handling it.",
            persist_state="session",
        )
    show_field_error(error, f"parcels.{position}")
    if not alone:
        st.button(
            f"Remove parcel {position + 1}",
            key=_parcel_key(number, "remove"),
            type="tertiary",
            icon=":material/close:",
            on_click=_remove_parcel,
            args=(number,),
        )


def _measure(number: int, name: str, label: str, *, default: float | None, placeholder: str | None = None) -> None:
    key = _parcel_key(number, name)
    if key not in st.session_state:
        st.session_state[key] = default
    st.number_input(
        label,
        key=key,
        value=None if default is None else "min",
        format="%.4g",
        placeholder=placeholder,
        persist_state="session",
    )


def _add_parcel() -> None:
    numbers = st.session_state[PARCELS]
    st.session_state[PARCELS] = [*numbers, max(numbers) + 1]


def _remove_parcel(number: int) -> None:
    st.session_state[PARCELS] = [kept for kept in st.session_state[PARCELS] if kept != number]


def _typed(key: str) -> str | None:
    return str(st.session_state.get(key) or "").strip() or None


def _party_data(side: Side) -> dict[str, Any]:
    typed = _typed_party(side)
    known = _PICKERS[side].reference(typed)
    return typed | ({"contact_id": known} if known and not known.startswith(_LOCATION) else {})


def _location_id() -> str | None:
    """The location that the parcels leave from, where From was filled in from one."""
    known = _PICKERS[SENDER].reference(_typed_party(SENDER))
    return known if known and known.startswith(_LOCATION) else None


def _typed_party(side: Side) -> dict[str, Any]:
    typed = {name: _typed(f"{side.key}_{name}") for name in _TEXTS}
    where = _typed(f"{side.key}_place") or ""
    parts = {"line1": typed["line1"], "line2": typed["line2"], "city": typed["city"], "state": typed["state"]}
    address: Any = {**parts, "postal_code": where} if is_zip(where) else where
    return {name: typed[name] for name in ("name", "business", "email", "phone")} | {"address": address}


def _empty_fields() -> list[str]:
    state = st.session_state
    places = [f"{side.party}.address.postal_code" for side in (SENDER, RECIPIENT) if not _typed(f"{side.key}_place")]
    weights = [
        f"parcels.{position}.weight"
        for position, number in enumerate(state[PARCELS])
        if not state.get(_parcel_key(number, "package")) and state.get(_parcel_key(number, "weight")) is None
    ]
    return places + weights


def _parcel_data(number: int) -> dict[str, Any]:
    state = st.session_state
    package = state.get(_parcel_key(number, "package")) or OWN_BOX
    weight = state.get(_parcel_key(number, "weight"))
    if package != OWN_BOX:
        return {"type": package} | ({} if weight is None else {"weight": weight})
    sizes = {name: state.get(_parcel_key(number, name)) for name in ("weight", *_USUAL_BOX)}
    return sizes | {"nonstandard_packaging": bool(state.get(_parcel_key(number, "nonstandard")))}
