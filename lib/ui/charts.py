"""The charts: price against delivery day, and how one price adds up.

Colours come from the theme in the browser: Streamlit paints the n-th trace in the n-th chart colour, so every
figure has one trace per provider in the order of `theme.PROVIDERS`, empty where a provider has nothing to show.
"""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import plotly.graph_objects as go

from lib.address.local_time import arrival, zone_of
from lib.models.rates import Breakdown, Rate
from lib.ui.formats import money
from lib.ui.theme import PROVIDERS, look_of, trace_of

CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "doubleClick": False}
_TRACES = len(PROVIDERS) + 1
# Marks of one day stand side by side within this share of the day's width, so that equal prices do not hide.
_DAY_WIDTH = 0.56
_ROOM_FOR_LABELS = 1.12
_ROOM_BELOW = 0.08
_INK = "rgba(128, 134, 131, 0.9)"
_GRID = "rgba(128, 134, 131, 0.22)"
_BAR_PX = 34
_MOST_DAY_LABELS = 6
# Days beyond this share of the axis have no room for words to their right.
_EDGE = 0.75
# Words reach over about so many days to their right, and are so high, as a share of the price axis.
_LABEL_DAYS = 3
_LABEL_HEIGHT = 0.05


@dataclass(frozen=True, slots=True)
class RateMark:
    """One rate as a mark: its column of the day axis and its price in dollars."""

    rate: Rate
    day: float
    earliest: float | None
    dollars: float


def rates_figure(
    rates: Sequence[Rate], *, timezone: str | None, selected: str | None, badges: Mapping[str, Sequence[str]]
) -> go.Figure:
    """Price in dollars over the day of delivery in the recipient's time zone, one mark per rate.

    Rates without a delivery date are left to the table. `badges` maps rate ids to the words written at the mark.
    A mark's `customdata` is its rate id.
    """
    first, marks = _marks(rates, timezone)
    figure = go.Figure()
    for index in range(_TRACES):
        mine = [mark for mark in marks if trace_of(mark.rate.provider.id) == index]
        figure.add_trace(_provider_trace(index, mine, timezone))
    last_day = max((round(mark.day) for mark in marks), default=0)
    top = max((mark.dollars for mark in marks), default=1.0) * _ROOM_FOR_LABELS
    for mark in marks:
        if mark.rate.id == selected:
            _ring(figure, mark)
        if words := badges.get(mark.rate.id):
            in_the_way = any(_is_right_of(other, mark, top=top) for other in marks)
            _label(figure, mark, " · ".join(words), last_day=last_day, in_the_way=in_the_way)
    _axes(figure, first=first, last_day=last_day)
    figure.update_yaxes(range=[-_ROOM_BELOW * top, top])
    return figure


def price_figure(breakdown: Breakdown, *, provider: str) -> go.Figure:
    """How one price adds up: base and surcharges as steps from left to right, the total below them."""
    steps = _steps(breakdown)
    look = trace_of(provider)
    figure = go.Figure()
    for index in range(_TRACES):
        mine = steps if index == look else []
        figure.add_trace(
            go.Bar(
                orientation="h",
                y=[step.position for step in mine],
                x=[step.amount / 100 for step in mine],
                base=[step.start / 100 for step in mine],
                text=[money(step.amount) for step in mine],
                textposition="outside",
                cliponaxis=False,
                hovertext=[f"{html.escape(step.label)}: {money(step.amount)}" for step in mine],
                hoverinfo="text",
                marker={"opacity": [0.45 if step.is_part else 1.0 for step in mine], "line": {"width": 0}},
                width=0.62,
                showlegend=False,
            )
        )
    reach = max((max(step.start, step.start + step.amount) for step in steps), default=100) / 100
    figure.update_layout(
        height=_BAR_PX * len(steps) + 46,
        margin={"l": 0, "r": 8, "t": 4, "b": 36},
        barmode="overlay",
        dragmode=False,
        xaxis={"title": {"text": "US dollars"}, "range": [0, reach * 1.16], "tickprefix": "$", "gridcolor": _GRID},
        yaxis={
            "tickvals": [step.position for step in steps],
            "ticktext": [html.escape(step.label) for step in steps],
            "autorange": "reversed",
            "showgrid": False,
            "automargin": True,
        },
    )
    figure.update_xaxes(fixedrange=True, zeroline=False)
    figure.update_yaxes(fixedrange=True)
    return figure


def rates_alt(rates: Sequence[Rate]) -> str:
    """What the chart of rates shows, for who cannot see it."""
    if not rates:
        return "Chart of price against delivery day: no rates to show."
    low, high = min(rate.amount for rate in rates), max(rate.amount for rate in rates)
    names = sorted({look_of(rate.provider.id).name for rate in rates})
    return (
        f"Chart of price against delivery day: {len(rates)} rates of {', '.join(names)}, "
        f"from {money(low)} to {money(high)}. The table below it holds the same rates."
    )


def price_alt(breakdown: Breakdown) -> str:
    """How the price adds up, for who cannot see it."""
    parts = "; ".join(f"{step.label} {money(step.amount)}" for step in _steps(breakdown))
    return f"Chart of how the price adds up: {parts}. The table below it gives the rule of each line."


@dataclass(frozen=True, slots=True)
class _Step:
    position: int
    label: str
    start: int
    amount: int
    is_part: bool


def _steps(breakdown: Breakdown) -> list[_Step]:
    """Lines of one kind are one step, whatever parcel they are for; cents."""
    sums: dict[tuple[str, str], int] = {}
    for line in breakdown.lines:
        sums[line.code, line.label] = sums.get((line.code, line.label), 0) + line.amount
    steps = []
    reached = 0
    for position, ((_, label), amount) in enumerate(sums.items()):
        steps.append(_Step(position, label, reached, amount, is_part=True))
        reached += amount
    steps.append(_Step(len(steps), "Total", 0, breakdown.total, is_part=False))
    return steps


def _marks(rates: Sequence[Rate], timezone: str | None) -> tuple[date, list[RateMark]]:
    zone = zone_of(timezone)
    dated = [(rate, rate.service_level.estimated_delivery) for rate in rates]
    local = [(rate, moment.astimezone(zone).date()) for rate, moment in dated if moment is not None]
    if not local:
        return date.min, []
    first = min(moment for _, moment in local)
    present = [look.code for look in PROVIDERS if any(rate.provider.id == look.code for rate, _ in local)]
    marks = []
    for rate, arrives in local:
        place = present.index(rate.provider.id) if rate.provider.id in present else len(present)
        shift = 0.0 if len(present) < 2 else _DAY_WIDTH * (place / (len(present) - 1) - 0.5)  # noqa: PLR2004
        earliest = rate.service_level.earliest_delivery
        early = (earliest.astimezone(zone).date() - first).days + shift if earliest else None
        marks.append(RateMark(rate, (arrives - first).days + shift, early, rate.amount / 100))
    return first, marks


def _provider_trace(index: int, marks: Sequence[RateMark], timezone: str | None) -> go.Scatter:
    look = PROVIDERS[index] if index < len(PROVIDERS) else look_of("other")
    ranges = [mark.day - mark.earliest if mark.earliest is not None else 0.0 for mark in marks]
    return go.Scatter(
        mode="markers",
        name=look.name,
        x=[mark.day for mark in marks],
        y=[mark.dollars for mark in marks],
        customdata=[mark.rate.id for mark in marks],
        hovertext=[_hover(mark.rate, timezone) for mark in marks],
        hoverinfo="text",
        marker={"symbol": look.symbol, "size": 13, "opacity": 0.92, "line": {"width": 0}},
        # Clicking a mark chooses a rate; the ring around it shows that, so the others are not dimmed.
        selected={"marker": {"opacity": 0.92}},
        unselected={"marker": {"opacity": 0.92}},
        error_x={
            "type": "data", "symmetric": False, "array": [0.0] * len(marks), "arrayminus": ranges, "thickness": 1,
            "width": 0, "visible": any(ranges),
        },
        showlegend=bool(marks),
    )  # fmt: skip


def _hover(rate: Rate, timezone: str | None) -> str:
    service = html.escape(rate.service_level.name)
    arrives = arrival(rate.service_level.estimated_delivery, timezone)
    return f"<b>{service}</b><br>{html.escape(rate.provider.name)}<br>{money(rate.amount)}<br>{arrives}"


def _ring(figure: go.Figure, mark: RateMark) -> None:
    figure.add_trace(
        go.Scatter(
            x=[mark.day], y=[mark.dollars], mode="markers", hoverinfo="skip", showlegend=False,
            marker={"symbol": "circle-open", "size": 25, "color": _INK, "line": {"width": 2.5}},
        )
    )  # fmt: skip


def _is_right_of(other: RateMark, mark: RateMark, *, top: float) -> bool:
    """Whether another day's mark is where words beside this one would stand."""
    days = round(other.day) - round(mark.day)
    return 0 < days <= _LABEL_DAYS and abs(other.dollars - mark.dollars) < _LABEL_HEIGHT * top


def _label(figure: go.Figure, mark: RateMark, words: str, *, last_day: int, in_the_way: bool) -> None:
    """Beside the day's marks, above the mark where a later day's is in the way, below it at the right edge."""
    if mark.day > last_day * _EDGE:
        place = {"x": mark.day, "xanchor": "right", "xshift": 10, "yshift": -20}
    elif in_the_way:
        place = {"x": mark.day, "xanchor": "left", "xshift": -6, "yshift": 20}
    else:
        place = {"x": round(mark.day) + _DAY_WIDTH / 2, "xanchor": "left", "xshift": 11}
    figure.add_annotation(y=mark.dollars, text=words, showarrow=False, font={"size": 13}, **place)


def _axes(figure: go.Figure, *, first: date, last_day: int) -> None:
    step = -(-(last_day + 1) // _MOST_DAY_LABELS)
    days = list(range(0, last_day + 1, step))
    figure.update_layout(
        height=390,
        margin={"l": 0, "r": 0, "t": 36, "b": 8},
        dragmode=False,
        clickmode="event+select",
        hovermode="closest",
        legend={
            "orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False,
        },
        xaxis={
            "title": {"text": "Day of delivery"},
            "range": [-0.55, last_day + 0.55],
            "tickvals": days,
            "ticktext": [_day_label(first + timedelta(days=number)) for number in days],
            "tickangle": 0,
            "showgrid": False,
        },
        yaxis={"title": {"text": "Price, US dollars"}, "tickprefix": "$", "gridcolor": _GRID},
    )  # fmt: skip
    figure.update_xaxes(fixedrange=True, zeroline=False)
    figure.update_yaxes(fixedrange=True, zeroline=False)


def _day_label(of: date) -> str:
    return f"{of:%a}<br>{of:%b} {of.day}" if of > date.min else ""
