"""The tables beside the charts, as DataFrames with the columns and widths a person reads."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from lib.address.local_time import clock, zone_of
from lib.models.rates import CUSTOMER_LINES, Breakdown, PriceLine, Rate
from lib.ui.formats import money, number, plain
from lib.ui.option_words import in_words
from lib.ui.theme import look_of

_ROW_PX = 35
_MOST_ROWS = 8


def rates_frame(rates: Sequence[Rate], *, timezone: str | None, remarks: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """One row per rate, in the order given: service, price in dollars, day, hour, remarks.

    The list price has a column where any customer pays another one.
    """
    zone = zone_of(timezone)
    rows = []
    for rate in rates:
        moment = rate.service_level.estimated_delivery
        retail = rate.retail_amount
        rows.append(
            {
                "Service": f"{look_of(rate.provider.id).glyph} {service_name(rate)}",
                "Price": rate.amount / 100,
                "List price": "" if retail is None or retail == rate.amount else money(retail),
                "Arrives": moment.astimezone(zone).date() if moment else None,
                "By": clock(moment, timezone) if moment else "",
                "Note": ", ".join(remarks.get(rate.id, ())),
            }
        )
    columns = ["Service", "Price", "List price", "Arrives", "By", "Note"]
    if not any(row["List price"] for row in rows):
        columns.remove("List price")
    return pd.DataFrame(rows, columns=columns)


def rates_columns() -> dict[str, Any]:
    """How the columns of `rates_frame` are shown: money right-aligned with two decimals, days as people write them."""
    return {
        "Service": st.column_config.TextColumn(width=218),
        "Price": st.column_config.NumberColumn(format="dollar", alignment="right", width=80),
        "List price": st.column_config.TextColumn(alignment="right", width=80),
        "Arrives": st.column_config.DateColumn(format="ddd, MMM D", width=104),
        "By": st.column_config.TextColumn(width=72, alignment="right"),
        "Note": st.column_config.TextColumn(width=168),
    }


def service_name(rate: Rate) -> str:
    """The service with its carrier in front, once: `USPS Priority Mail`, `UPS Ground`."""
    service, carrier = rate.service_level.name, rate.provider.name
    return service if service.casefold().startswith(carrier.casefold()) else f"{carrier} {service}"


def table_height(rows: int, *, most: int = _MOST_ROWS) -> int:
    """Pixels that show a table of so many rows whole, up to `most` rows."""
    return _ROW_PX * (min(max(rows, 1), most) + 1) + 3


def lines_frame(breakdown: Breakdown) -> pd.DataFrame:
    """The lines of a price with the rule of each, and the total; text is safe in Markdown cells.

    Where the customer pays another price than the team, both totals are there.
    """
    customers = [line for line in breakdown.lines if line.code in CUSTOMER_LINES]
    several = len(breakdown.parcels) > 1
    rows = [_line_row(line, several=several) for line in breakdown.lines if line.code not in CUSTOMER_LINES]
    if customers:
        rows.append(_total_row("You pay", breakdown.billed))
        rows += [_line_row(line, several=several) for line in customers]
    rows.append(_total_row("Your customer pays" if customers else "Total", breakdown.total))
    return pd.DataFrame(rows, columns=["Line", "Why", "Amount"])


def _line_row(line: PriceLine, *, several: bool) -> dict[str, str]:
    parcel = f" (parcel {line.parcel + 1})" if several and line.parcel is not None else ""
    return {
        "Line": plain(line.label) + parcel,
        "Why": plain(in_words(line.rule)) + (" *(estimate)*" if line.estimate else ""),
        "Amount": plain(money(line.amount)),
    }


def _total_row(words: str, cents: int) -> dict[str, str]:
    return {"Line": f"**{words}**", "Why": "", "Amount": f"**{plain(money(cents))}**"}


def weights_frame(breakdown: Breakdown) -> pd.DataFrame:
    """How each parcel's billable weight came about, in pounds; text is safe in Markdown cells."""
    rows = [
        {
            "Parcel": str(index + 1),
            "Actual": f"{number(parcel.actual)} lb",
            "Dimensional": "—" if parcel.dimensional is None else f"{number(parcel.dimensional)} lb",
            "Billable": f"**{number(parcel.billable)} lb**",
            "Why": plain(parcel.rule),
        }
        for index, parcel in enumerate(breakdown.parcels)
    ]
    return pd.DataFrame(rows, columns=["Parcel", "Actual", "Dimensional", "Billable", "Why"])
