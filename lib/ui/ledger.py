"""The ledger on the screen: what was charged and given back, the last first, a page at a time."""

from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from lib.address.local_time import moment_words
from lib.desk.protocol import Desk
from lib.models.lists import ListQuery
from lib.models.payments import LedgerLine, LineKind
from lib.ui.formats import count
from lib.ui.tables import table_height

_METHOD, _PAGE = "payments_ledger_method", "payments_ledger_page"
_PAGE_ROWS = 12
_WORDS: dict[LineKind, str] = {
    "charge": "Label bought",
    "reversal": "Purchase undone",
    "refund": "Label voided",
}


def draw_ledger(desk: Desk, methods: Mapping[str, str]) -> None:
    """The lines of all methods, or of the one chosen; `methods` are their names by their ids."""
    st.subheader("Ledger", anchor=False)
    method = None
    if len(methods) > 1:
        method = st.selectbox(
            "Paid with", list(methods), index=None, key=_METHOD, placeholder="Everything", width=260,
            format_func=lambda identifier: methods.get(identifier, identifier), on_change=_first_page,
        )  # fmt: skip
    filters = {"payment_method_id": method} if method else {}
    page = desk.ledger.list(ListQuery(page=st.session_state.get(_PAGE) or 1, limit=_PAGE_ROWS, filters=filters))
    if not page.total_count:
        st.caption("Nothing was charged yet. The first label you buy is its first line.")
        return
    st.dataframe(
        ledger_frame(page.items, _balances(desk, page.items), methods, st.context.timezone),
        key="payments_ledger",
        hide_index=True,
        height=table_height(len(page.items), most=_PAGE_ROWS),
        column_config={
            "Amount": st.column_config.NumberColumn(format="dollar", alignment="right", width=90),
            "Balance": st.column_config.NumberColumn(
                format="dollar", alignment="right", width=90, help="All that the method had paid by then"
            ),
            "Shipment": st.column_config.LinkColumn(display_text=r"#(.+)$"),
        },
        placeholder="",
        alt="The ledger: when, what for, amount, balance, paid with, shipment, reference",
    )
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(count(page.total_count, "line"), width="content")
        if (pages := -(-page.total_count // _PAGE_ROWS)) > 1:
            st.number_input(f"Page of {pages:,}", 1, pages, key=_PAGE, width=140)


def ledger_frame(
    lines: Sequence[LedgerLine], balances: Sequence[int], methods: Mapping[str, str], timezone: str | None
) -> pd.DataFrame:
    """One row per line; amounts in dollars, below zero what came back. The shipment is a link, named after `#`.

    `balances` are what the method of each line had paid after it, in cents.
    """
    rows = [
        {
            "When": moment_words(line.created_at, timezone),
            "What": _WORDS[line.kind],
            "Amount": line.amount / 100,
            "Balance": balance / 100,
            "Paid with": methods.get(line.payment_method_id, line.payment_method_id),
            "Shipment": f"/shipments?shipment={line.shipment_id}#{line.tracking_number}",
            "Reference": line.reference or "",
        }
        for line, balance in zip(lines, balances, strict=True)
    ]
    return pd.DataFrame(rows, columns=["When", "What", "Amount", "Balance", "Paid with", "Shipment", "Reference"])


def running_balances(lines: Sequence[LedgerLine], until_oldest: Mapping[str, int]) -> list[int]:
    """What the method of each line had paid after it, in cents; the last line comes first.

    `until_oldest` is what every method had paid by the time of the oldest of these lines, all of that time included.
    """
    oldest = min(line.created_at for line in lines)
    balances = Counter(until_oldest)
    for line in lines:
        if line.created_at == oldest:
            balances[line.payment_method_id] -= line.amount
    after = []
    for line in reversed(lines):
        balances[line.payment_method_id] += line.amount
        after.append(balances[line.payment_method_id])
    return after[::-1]


def _balances(desk: Desk, lines: Sequence[LedgerLine]) -> list[int]:
    oldest = min(line.created_at for line in lines).isoformat()
    totals = desk.ledger.totals(ListQuery(filters={"created_at": f"lte:{oldest}"}))
    return running_balances(lines, {total.payment_method_id: total.balance for total in totals})


def _first_page() -> None:
    st.session_state[_PAGE] = 1
