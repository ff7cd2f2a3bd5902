"""What customs asks of a shipment that crosses a border, as fields to fill in before it is bought."""

from typing import Any, get_args

import streamlit as st

from lib.address.countries import HOME_COUNTRY, country_code, country_codes, country_name
from lib.desk.protocol import Desk
from lib.models.customs import ContentsType, Customs, CustomsItem
from lib.models.errors import DeskError
from lib.models.shipments import Shipment, ShipmentUpdate
from lib.shipping.customs import EEL_THRESHOLD_CENTS, customs_problems, declaration
from lib.ui.formats import money, plain, to_cents
from lib.ui.messages import show_error
from lib.ui.requests import validated

_LETTERS = 255
_ITEM = {"description": "", "quantity": 1, "value": None, "weight": None, "origin_country": HOME_COUNTRY}
_NEEDED = {
    "description": "Say what it is.",
    "value": "Say what one piece is worth.",
    "origin_country": "Choose the country it was made in.",
    "signer": "Say who signs the declaration.",
    "certify": "The signer has to certify that this is right.",
    "eel": "From $2,500 on this number is needed, such as AES X20260101000001.",
}


def is_needed(shipment: Shipment) -> bool:
    """Whether customs still asks for something before the shipment can be bought."""
    return bool(customs_problems(shipment))


def draw_form(desk: Desk, shipment: Shipment) -> None:
    """The declaration, begun with what is known of the contents. Saved, the whole page is drawn anew."""
    _fill_from(shipment)
    missing = st.session_state.get(_key(shipment, "missing"), {})
    st.write("This shipment crosses a border. Customs wants to know what is in it and who says so.")
    st.selectbox(
        "What it is sent as",
        get_args(ContentsType),
        key=_key(shipment, "contents_type"),
        format_func=lambda code: code.replace("_", " ").capitalize(),
        persist_state="session",
    )
    numbers = st.session_state[_key(shipment, "items")]
    for position, number in enumerate(numbers):
        _draw_item(shipment, position, number, alone=len(numbers) == 1, missing=missing)
    st.button(
        "Add an item",
        key="compare_customs_add",
        type="tertiary",
        icon=":material/add:",
        on_click=_add_item,
        args=(shipment,),
    )
    _draw_export_number(shipment, missing)
    st.text_input("Signer's name", key=_key(shipment, "signer"), max_chars=_LETTERS, persist_state="session")
    _draw_needed(missing, "customs.signer")
    st.checkbox("I certify that this declaration is right", key=_key(shipment, "certify"), persist_state="session")
    _draw_needed(missing, "customs.certify")
    if error := st.session_state.get(_key(shipment, "error")):
        show_error(error)
    if st.button("Continue", key="compare_customs_continue", type="primary", on_click=_save, args=(desk, shipment)):
        st.rerun()


def _draw_item(shipment: Shipment, position: int, number: int, *, alone: bool, missing: dict[str, str]) -> None:
    name, path = ("Item" if alone else f"Item {position + 1}"), f"customs.items.{position}"

    def key(field: str) -> str:
        return _item_key(shipment, number, field)

    st.text_input(f"{name}: what it is", key=key("description"), max_chars=_LETTERS, persist_state="session")
    _draw_needed(missing, f"{path}.description")
    with st.container(key=f"compare_sizes_customs_{number}"):
        quantity, value, weight = st.columns(3, wrap=False)
    with quantity:
        st.number_input("Pieces", min_value=1, step=1, key=key("quantity"), persist_state="session")
    with value:
        st.number_input(
            "Worth each, $", value=None, min_value=0.0, format="%.2f", key=key("value"), persist_state="session"
        )
    with weight:
        st.number_input(
            "Weight each, lb", value=None, min_value=0.0, format="%.4g", key=key("weight"),
            placeholder="Optional", persist_state="session",
        )  # fmt: skip
    _draw_needed(missing, f"{path}.value")
    origin, code = st.columns(2)
    with origin:
        st.selectbox(
            f"{name}: made in", country_codes(), index=None, key=key("origin_country"), format_func=country_name,
            placeholder="Choose the country", persist_state="session",
        )  # fmt: skip
    with code:
        st.text_input(
            f"{name}: HS code (optional)", key=key("harmonized_code"), max_chars=_LETTERS, placeholder="0901.21",
            help="The number of the goods in the customs tariff", persist_state="session",
        )  # fmt: skip
    _draw_needed(missing, f"{path}.origin_country")
    if not alone:
        st.button(
            f"Remove item {position + 1}",
            key=key("remove"),
            type="tertiary",
            icon=":material/close:",
            on_click=_remove_item,
            args=(shipment, number),
        )


def _draw_export_number(shipment: Shipment, missing: dict[str, str]) -> None:
    """Asked for only where the worth of the goods asks for it."""
    state = st.session_state
    worth = sum(
        state.get(_item_key(shipment, number, "quantity"), 1)
        * to_cents(state.get(_item_key(shipment, number, "value")) or 0)
        for number in state[_key(shipment, "items")]
    )
    if worth >= EEL_THRESHOLD_CENTS or "customs.eel" in missing:
        st.text_input(
            "ITN of the AES filing", key=_key(shipment, "eel"), max_chars=_LETTERS, persist_state="session",
            help=f"Goods of {money(EEL_THRESHOLD_CENTS)} or more are filed with the census before they leave.",
        )  # fmt: skip
        _draw_needed(missing, "customs.eel")


def _draw_needed(missing: dict[str, str], path: str) -> None:
    if path in missing:
        st.markdown(f":red[:material/error: {plain(missing[path])}]")


def _save(desk: Desk, shipment: Shipment) -> None:
    """Keep the declaration once nothing is missing in it; until then everything typed stays in the fields."""
    state = st.session_state
    for name in ("missing", "error"):
        state.pop(_key(shipment, name), None)
    try:
        customs = validated(Customs, _read(shipment), at="customs")
        problems = customs_problems(shipment.model_copy(update={"customs": customs}))
        if problems:
            state[_key(shipment, "missing")] = {path: _NEEDED[path.rpartition(".")[2]] for path, _ in problems}
        else:
            desk.shipments.update(shipment.id, ShipmentUpdate(customs=customs))
    except DeskError as error:
        state[_key(shipment, "error")] = error


def _read(shipment: Shipment) -> dict[str, Any]:
    kept = declaration(shipment).model_dump(include={"incoterm", "restriction_type", "non_delivery_option"})
    state = st.session_state
    return {
        **kept,
        "contents_type": state[_key(shipment, "contents_type")],
        "signer": _typed(_key(shipment, "signer")),
        "certify": bool(state.get(_key(shipment, "certify"))),
        "eel": _typed(_key(shipment, "eel")),
        "items": [_read_item(shipment, number) for number in state[_key(shipment, "items")]],
    }


def _read_item(shipment: Shipment, number: int) -> dict[str, Any]:
    state = st.session_state
    found = {name: state.get(_item_key(shipment, number, name)) for name in (*_ITEM, "sku")}
    # A space stands for nothing typed, so that all that is missing can be told at once.
    return {
        **found,
        "description": _typed(_item_key(shipment, number, "description")) or " ",
        "value": to_cents(found["value"] or 0),
        "weight": found["weight"] or None,
        "harmonized_code": _typed(_item_key(shipment, number, "harmonized_code")),
    }


def _fill_from(shipment: Shipment) -> None:
    """Put what is known into the fields, once."""
    state = st.session_state
    if _key(shipment, "items") in state:
        return
    known = declaration(shipment)
    state[_key(shipment, "items")] = list(range(max(len(known.items), 1)))
    for name in ("contents_type", "signer", "certify", "eel"):
        state[_key(shipment, name)] = getattr(known, name)
    state[_key(shipment, "signer")] = known.signer or shipment.sender.name
    for number in state[_key(shipment, "items")]:
        _fill_item(shipment, number, known.items[number] if known.items else None)


def _fill_item(shipment: Shipment, number: int, item: CustomsItem | None) -> None:
    values: dict[str, Any] = {**_ITEM, "harmonized_code": "", "sku": None}
    if item is not None:
        values = item.model_dump()
        values["value"] = item.value / 100 if item.value else None
        values["origin_country"] = country_code(item.origin_country) if item.origin_country else None
    for name, value in values.items():
        st.session_state[_item_key(shipment, number, name)] = value


def _add_item(shipment: Shipment) -> None:
    numbers = st.session_state[_key(shipment, "items")]
    st.session_state[_key(shipment, "items")] = [*numbers, max(numbers) + 1]
    _fill_item(shipment, max(numbers) + 1, None)


def _remove_item(shipment: Shipment, number: int) -> None:
    key = _key(shipment, "items")
    st.session_state[key] = [kept for kept in st.session_state[key] if kept != number]


def _key(shipment: Shipment, name: str) -> str:
    return f"compare_customs_{shipment.id}_{name}"


def _item_key(shipment: Shipment, number: int, name: str) -> str:
    return _key(shipment, f"item_{number}_{name}")


def _typed(key: str) -> str | None:
    return str(st.session_state.get(key) or "").strip() or None
