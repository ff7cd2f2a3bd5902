"""What pays for shipments: the methods with what each was charged, adding a card's reference, and the ledger."""

from collections.abc import Mapping, Sequence

import streamlit as st

from lib.desk.protocol import Desk
from lib.models.errors import DeskError, InvalidRequest
from lib.models.lists import MAX_LIMIT, ListQuery
from lib.models.payments import (
    CARD_ID,
    INVOICE_ACCOUNT,
    LedgerTotal,
    PaymentMethod,
    PaymentMethodCreate,
    PaymentMethodUpdate,
    holds_card_number,
)
from lib.ui.formats import money, plain
from lib.ui.ledger import draw_ledger
from lib.ui.messages import show_error
from lib.ui.requests import validated

_ERROR = "payments_error"
_ID, _NAME = "payments_new_id", "payments_new_name"
_ALL = ListQuery(limit=MAX_LIMIT, direction="asc")


def draw_payments(desk: Desk) -> None:
    """Every method with what can be done about it, the fields that add a card, and the ledger."""
    st.header("Payments", anchor=False)
    st.caption(
        "The default pays for a shipment unless another method is chosen when it is bought. Cards stay with your "
        "payment provider; only their reference is kept here."
    )
    if error := st.session_state.pop(_ERROR, None):
        show_error(error)
    methods = desk.payment_methods.list(_ALL).items
    totals = {total.payment_method_id: total for total in desk.ledger.totals(ListQuery())}
    for method in methods:
        with st.container(border=True):
            _draw_method(desk, method, totals.get(method.id))
    _draw_new(desk)
    draw_ledger(desk, _names(methods, list(totals)))


def balance_words(total: LedgerTotal | None) -> str:
    """What a method paid, as Markdown: `$52.10 charged, $26.05 given back`."""
    if total is None:
        return "Nothing charged yet"
    back = -(total.reversed + total.refunded)
    given = f", {money(back)} given back" if back else ""
    return plain(f"{money(total.charged)} charged{given}")


def _names(methods: Sequence[PaymentMethod], charged: Sequence[str]) -> Mapping[str, str]:
    """The names of all methods by their ids; one that was deleted goes by its id."""
    return {identifier: identifier for identifier in charged} | {method.id: method.name for method in methods}


def _draw_method(desk: Desk, method: PaymentMethod, total: LedgerTotal | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        reference = "" if method.kind == "invoice" else f" :gray[{plain(method.id)}]"
        default = " :green-badge[Default]" if method.default else ""
        st.markdown(f"**{plain(method.name)}**{reference}{default}", width="content")
        st.markdown(f"**{plain(money(total.balance if total else 0))}**", width="content")
    st.caption(balance_words(total))
    with st.container(horizontal=True):
        if not method.default:
            st.button(
                "Make default", key=f"payments_default_{method.id}", icon=":material/check:",
                on_click=_update, args=(desk, method.id, {"default": True}),
            )  # fmt: skip
        _draw_rename(desk, method)
        if method.id != INVOICE_ACCOUNT and not method.default:
            with st.popover("Delete", key=f"payments_delete_{method.id}", icon=":material/delete:"):
                st.write(f"**{plain(method.name)}** pays for nothing from then on. Its lines in the ledger stay.")
                st.button(
                    "Delete for good", key=f"payments_confirm_{method.id}", type="primary", on_click=_delete,
                    args=(desk, method.id),
                )  # fmt: skip


def _draw_rename(desk: Desk, method: PaymentMethod) -> None:
    with st.popover("Rename", key=f"payments_rename_{method.id}", icon=":material/edit:"):
        st.text_input("Name", value=method.name, key=f"payments_name_{method.id}", max_chars=60)
        st.button(
            "Save name", key=f"payments_save_{method.id}", type="primary", on_click=_rename,
            args=(desk, method.id),
        )  # fmt: skip


def _draw_new(desk: Desk) -> None:
    with st.container(border=True):
        st.subheader("Add a card", anchor=False)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(
                "Reference at the payment provider", key=_ID, max_chars=100, placeholder="card_xyz123", width=260,
                help="The id your payment provider gave the card. Never the number on the card: it is refused.",
                autocomplete="off",
            )  # fmt: skip
            st.text_input(
                "Name", key=_NAME, max_chars=60, placeholder="Visa ending 4242", width=220, autocomplete="off"
            )
            st.button("Add card", key="payments_add", icon=":material/add:", on_click=_add, args=(desk,))


def _add(desk: Desk) -> None:
    state = st.session_state
    reference, name = (str(state[key] or "").strip() for key in (_ID, _NAME))
    try:
        desk.payment_methods.create(validated(PaymentMethodCreate, {"id": _checked(reference), "name": name}))
    except DeskError as error:
        state[_ERROR] = error
    else:
        state[_ID] = state[_NAME] = ""


def _checked(reference: str) -> str:
    if holds_card_number(reference):
        raise InvalidRequest("A card number is never taken. Give the card's reference instead.", fields=["reference"])
    if not CARD_ID.fullmatch(reference):
        raise InvalidRequest(
            "A reference begins with card_, such as card_xyz123. Your payment provider shows it with the card.",
            fields=["reference"],
        )
    return reference


def _rename(desk: Desk, identifier: str) -> None:
    _update(desk, identifier, {"name": str(st.session_state[f"payments_name_{identifier}"] or "").strip()})


def _update(desk: Desk, identifier: str, changes: Mapping[str, object]) -> None:
    try:
        desk.payment_methods.update(identifier, validated(PaymentMethodUpdate, changes))
    except DeskError as error:
        st.session_state[_ERROR] = error


def _delete(desk: Desk, identifier: str) -> None:
    try:
        desk.payment_methods.delete(identifier)
    except DeskError as error:
        st.session_state[_ERROR] = error
