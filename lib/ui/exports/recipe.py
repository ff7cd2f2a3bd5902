"""The recipe as a whole: the form, what it says as the body of an export, and a body put back into the form."""

from typing import Any

import streamlit as st

from lib.desk.protocol import Desk
from lib.models.exports import CsvFieldOptions, ExportCreate
from lib.ui.exports import columns, look, output
from lib.ui.exports.dates import filter_words
from lib.ui.exports.filters import Options
from lib.ui.exports.subjects import SUBJECTS, Order, Subject
from lib.ui.formats import count, plain
from lib.ui.requests import validated

RESOURCE = "exports_resource"
_ALL_ROWS = "all"
_NOT_SET: tuple[Any, ...] = (None, "", [])
_LIST_WORDS = ("limit", "order_by", "direction")
_MOST_ROWS = 1_000_000_000
_SHOWN_LETTERS = 60


def prepare() -> None:
    """Begin with what a visitor finds."""
    st.session_state.setdefault(RESOURCE, "shipment")
    look.prepare()
    output.prepare()


def subject() -> Subject:
    """What is to be exported."""
    return SUBJECTS[st.session_state[RESOURCE]]


def draw(desk: Desk) -> None:
    """The form: what, which of it, in whose time, which columns."""
    st.selectbox(
        "What to export", list(SUBJECTS), key=RESOURCE, format_func=lambda name: SUBJECTS[name].title,
        persist_state="session",
    )  # fmt: skip
    chosen = subject()
    for one in chosen.first:
        one.draw(desk, chosen.key(one.name))
    _draw_more(desk, chosen)
    look.draw_time()
    columns.draw(chosen)
    look.draw_parts()
    output.draw()


def read() -> ExportCreate:
    """What the form asks for. Raises InvalidRequest naming the field that cannot be right."""
    chosen = subject()
    order = columns.read(chosen)
    fields = {**look.read(), **output.read_look(), "columns": dict.fromkeys(order, True), "column_order": order}
    return ExportCreate(
        resource=chosen.resource,
        options={"limit": _limit(chosen) or _ALL_ROWS, **_narrowing(chosen), **_order_options(chosen)},
        csv_field_options=validated(CsvFieldOptions, fields, at="csv_field_options"),
        **output.read(),
    )


def load(request: ExportCreate) -> None:
    """Put a recipe into the form, before its widgets are drawn.

    Filters that no widget can say are kept beside them, each until it is taken out.
    """
    chosen, state = SUBJECTS[request.resource], st.session_state
    left = {
        name: _text(value) for name, value in request.options.items() if value is not False and value not in _NOT_SET
    }
    for one in chosen.filters:
        for name in one.fill(chosen.key(one.name), left):
            del left[name]
    state[RESOURCE] = chosen.resource
    state[chosen.key("order")] = _order(chosen, left.pop("order_by", ""), left.pop("direction", ""))
    state[chosen.key("limit")] = _whole_number(left.get("limit", ""))
    if state[chosen.key("limit")] or left.get("limit") == _ALL_ROWS:
        del left["limit"]
    state.update({chosen.key("others"): left, chosen.key("others_kept"): list(left)})
    look.load(request.csv_field_options)
    output.load(request)
    columns.load(chosen, request.csv_field_options)


def recipe_words(resource: str, options: Options) -> str:
    """What a recipe is of: `Shipments, created last month, 2 more filters`."""
    told = [SUBJECTS[resource].title if resource in SUBJECTS else plain(resource)]
    if created := options.get("created_at"):
        told.append(f"created {plain(filter_words(str(created)))}")
    others = sum(name not in (*_LIST_WORDS, "created_at") for name in options)
    if others:
        told.append(count(others, "more filter" if created else "filter"))
    return ", ".join(told)


def _draw_more(desk: Desk, chosen: Subject) -> None:
    """The filters that are seldom needed, order and limit; drawn once they are opened."""
    others: dict[str, str] = st.session_state.get(chosen.key("others")) or {}
    # Its words stay the same: with other words it would be another one, and closed.
    more = st.expander("More filters, order and limit", key="exports_more", on_change="rerun")
    if not more.open:
        if used := _count_used(chosen):
            st.caption(f"{used} of them set")
        return
    with more:
        for one in chosen.more:
            one.draw(desk, chosen.key(one.name))
        if others:
            st.multiselect(
                "Other filters", list(others), key=chosen.key("others_kept"), persist_state="session",
                format_func=lambda name: f"{name}: {others.get(name, '')}"[:_SHOWN_LETTERS],
                help="They came with the recipe and have no field here. Take one out with its cross.",
            )  # fmt: skip
        _draw_order(chosen)


def _count_used(chosen: Subject) -> int:
    filters = sum(bool(one.read(chosen.key(one.name))) for one in chosen.more)
    return filters + len(_kept_others(chosen)) + bool(_order_options(chosen)) + bool(_limit(chosen))


def _draw_order(chosen: Subject) -> None:
    order, most = st.columns([3, 2])
    with order:
        st.selectbox(
            "Order", list(chosen.orders), key=chosen.key("order"), format_func=lambda one: chosen.orders[one],
            persist_state="session",
        )  # fmt: skip
    with most:
        st.number_input(
            "Rows at most", 1, _MOST_ROWS, None, key=chosen.key("limit"), placeholder="All", persist_state="session"
        )


def _narrowing(chosen: Subject) -> dict[str, str]:
    told = _kept_others(chosen)
    for one in chosen.filters:
        told |= one.read(chosen.key(one.name))
    return told


def _kept_others(chosen: Subject) -> dict[str, str]:
    state = st.session_state
    others: dict[str, str] = state.get(chosen.key("others")) or {}
    return {name: others[name] for name in state.get(chosen.key("others_kept")) or () if name in others}


def _limit(chosen: Subject) -> int | None:
    limit: int | None = st.session_state.get(chosen.key("limit"))
    return limit


def _order_options(chosen: Subject) -> dict[str, str]:
    order: Order = st.session_state.get(chosen.key("order")) or next(iter(chosen.orders))
    return {} if order == next(iter(chosen.orders)) else dict(zip(("order_by", "direction"), order, strict=True))


def _text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _whole_number(text: str) -> int | None:
    return int(text) if text.isdecimal() and 1 <= int(text) <= _MOST_ROWS else None


def _order(chosen: Subject, order_by: str, direction: str) -> Order:
    """The order that a recipe means: left out, the usual one; without a direction, upwards by anything else."""
    usual = next(iter(chosen.orders))
    by = order_by or usual[0]
    towards = direction or (usual[1] if by == usual[0] else "asc")
    return next((known for known in chosen.orders if known == (by, towards)), usual)
