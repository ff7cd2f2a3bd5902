"""Discounts: what customers get off the shipping from a cart total on."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from lib.models.errors import InvalidRequest
from lib.models.options import PROVIDERS
from lib.models.team import TeamSettings
from lib.ui.formats import to_cents
from lib.ui.settings.rows import NUMBERS, Row, checked, editor_key, filled_rows, is_empty
from lib.ui.theme import look_of

_FROM, _PERCENT, _AMOUNT, _CARRIERS = "Cart total from, $", "Percent off", "Or amount off, $", "Carriers"
_MOST_DOLLARS = 1_000_000.0


def draw(kept: TeamSettings) -> None:
    """One row per discount."""
    st.caption(
        "From a cart total on, customers pay less for shipping: a percentage or an amount, on the carriers named or on "
        "all. The discount that takes off the most counts; they do not add up."
    )
    rows = [
        (
            each.min_checkout_total / 100,
            each.percent,
            None if each.amount is None else each.amount / 100,
            list(each.providers or []),
        )
        for each in kept.discounts
    ]
    numbers = dict.fromkeys((_FROM, _PERCENT, _AMOUNT), NUMBERS)
    st.session_state["settings_discounts_edited"] = st.data_editor(
        pd.DataFrame(rows, columns=[_FROM, _PERCENT, _AMOUNT, _CARRIERS]).astype(numbers | {_CARRIERS: "object"}),
        key=editor_key("discounts"),
        num_rows="dynamic",
        hide_index=True,
        placeholder="",
        column_config={
            _FROM: st.column_config.NumberColumn(format="dollar", alignment="right"),
            _PERCENT: st.column_config.NumberColumn(format="%.4g %%", alignment="right"),
            _AMOUNT: st.column_config.NumberColumn(format="dollar", alignment="right"),
            _CARRIERS: st.column_config.MultiselectColumn(
                options=PROVIDERS, format_func=lambda code: look_of(code).name, help="None chosen means all."
            ),
        },
        alt="Discounts: from which cart total, how much off, for which carriers",
    )


def read(kept: TeamSettings) -> dict[str, Any]:  # noqa: ARG001
    """Every row that is filled in. Raises InvalidRequest naming the row."""
    rows = filled_rows(st.session_state["settings_discounts_edited"])
    return {"discounts": [discount(position, row) for position, row in enumerate(rows)]}


def discount(position: int, row: Mapping[str, Any]) -> Row:
    """A row as kept, money in cents. Raises InvalidRequest naming the row."""
    at, path = f"Row {position + 1}", "discounts"
    start = checked(row[_FROM], at=at, column=_FROM, field=path, most=_MOST_DOLLARS)
    if is_empty(row[_PERCENT]) == is_empty(row[_AMOUNT]):
        raise InvalidRequest(f"{at}: fill in either “{_PERCENT}” or “{_AMOUNT}”.", fields=[path])
    off: Row = (
        {"amount": to_cents(checked(row[_AMOUNT], at=at, column=_AMOUNT, field=path, most=_MOST_DOLLARS))}
        if is_empty(row[_PERCENT])
        else {"percent": checked(row[_PERCENT], at=at, column=_PERCENT, field=path, most=100.0)}
    )
    carriers = None if is_empty(row[_CARRIERS]) else list(row[_CARRIERS])
    return {"min_checkout_total": to_cents(start), "providers": carriers} | off
