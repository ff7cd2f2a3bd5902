"""What the desk answered: how fresh it is, its best offers, every rate, the reason for one price."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import streamlit as st

from lib.address.formatting import town_line
from lib.models.base import utc_now
from lib.models.rates import Breakdown, ProviderOutcome, Rate
from lib.models.shipments import Shipment
from lib.ui import charts, tables
from lib.ui.formats import ago, calendar_day, count, left, money, plain, pounds
from lib.ui.offers import list_price, when
from lib.ui.option_words import fell_back, in_words, other_notes
from lib.ui.theme import look_of, provider_chip

SELECTED = "compare_selected"
_CHART = "compare_chart"
_TABLE = "compare_table"
_STATES = {
    "filtered": ("", "Taken out by the options"),
    "not_served": ("", "Does not carry this"),
    "timed_out": ("Timed out", "no answer in time; refresh to ask again"),
    "error": ("Error", "no answer; refresh to ask again"),
}
_LOOK_AGAIN = timedelta(seconds=20)


def draw_empty() -> None:
    """What to do while there is no answer yet."""
    with st.container(border=True, key="compare_empty"):
        st.header("Prices appear here", anchor=False)
        st.markdown(
            "Enter two ZIP codes and a weight, then **Get rates**. You see the published prices of USPS, UPS and "
            "FedEx side by side, the day each one arrives, and the reason for every price."
        )


def draw_route(shipment: Shipment) -> None:
    """From where to where, and what."""
    ends = [plain(town_line(party.address)) for party in (shipment.sender, shipment.recipient)]
    st.header(f"{ends[0]} :material/arrow_forward: {ends[1]}", anchor=False)


def draw_offers(offers: Mapping[str, Rate], *, shipment: Shipment, rule: str) -> None:
    """Cheapest, fastest and best value side by side; a click chooses one."""
    for column, (title, rate) in zip(st.columns(len(offers)), offers.items(), strict=True):
        with column, st.container(border=True, height="stretch", gap="xsmall"):
            st.metric(title, money(rate.amount))
            st.markdown(service_chip(rate))
            st.caption(" · ".join(part for part in (when(rate, shipment), list_price(rate)) if part))
            st.button(
                "Chosen" if chosen() == rate.id else "Choose",
                key=f"compare_choose_{title}",
                type="tertiary",
                icon=":material/check:" if chosen() == rate.id else None,
                help=f"Choose {plain(rate.service_level.name)}",
                on_click=choose,
                args=(rate.id,),
            )
    st.caption(plain(rule))


def draw_rates(
    rates: Sequence[Rate],
    *,
    timezone: str | None,
    badges: Mapping[str, Sequence[str]],
    remarks: Mapping[str, Sequence[str]],
) -> None:
    """Chart and table of the same rates; choosing in one chooses in the other."""
    ids = [rate.id for rate in rates]
    st.subheader("Price by delivery day", anchor=False)
    st.plotly_chart(
        charts.rates_figure(rates, timezone=timezone, selected=chosen(), badges=badges),
        key=_CHART,
        on_select=_chosen_in_chart,
        selection_mode="points",
        config=charts.CONFIG,
        alt=charts.rates_alt(rates),
    )
    current = chosen()
    if current in ids:
        st.session_state[_TABLE] = {"selection": {"rows": [ids.index(current)]}}
    st.dataframe(
        tables.rates_frame(rates, timezone=timezone, remarks=remarks),
        key=_TABLE,
        height=tables.table_height(len(rates)),
        column_config=tables.rates_columns(),
        hide_index=True,
        placeholder="Not stated",
        on_select=lambda: _chosen_in_table(ids),
        selection_mode="single-row",
        alt="The same rates as a table: service, price, day and hour of arrival",
    )


def draw_reason(rate: Rate, *, shipment: Shipment) -> None:
    """Why the chosen rate costs what it costs."""
    st.header(f"Why {plain(tables.service_name(rate))} costs {plain(money(rate.amount))}", anchor=False)
    parts = (provider_chip(rate.provider.id), when(rate, shipment), list_price(rate))
    st.caption(" · ".join(part for part in parts if part))
    breakdown = rate.breakdown
    if breakdown is None:
        st.write("This provider gives its price without saying how it adds up.")
        return
    _draw_list(breakdown)
    if len(breakdown.lines) > 1:
        st.plotly_chart(
            charts.price_figure(breakdown, provider=rate.provider.id),
            key="compare_price",
            config=charts.CONFIG,
            alt=charts.price_alt(breakdown),
        )
    with st.container(key="table_lines"):
        st.table(tables.lines_frame(breakdown), border="horizontal", hide_index=True)
    if breakdown.parcels:
        st.subheader("Weight that is charged", anchor=False)
        with st.container(key="table_weights"):
            st.table(tables.weights_frame(breakdown), border="horizontal", hide_index=True)
    for note in breakdown.notes:
        st.caption(plain(in_words(note)))


def draw_fallback(notes: Sequence[str]) -> None:
    """Say that the options took out every rate and all of them are shown."""
    if note := fell_back(notes):
        st.warning(plain(note), icon=":material/filter_alt_off:")


def draw_outcomes(outcomes: Sequence[ProviderOutcome], notes: Sequence[str]) -> None:
    """Per provider what came of the question."""
    st.subheader("What each carrier answered", anchor=False)
    lines = []
    for outcome in sorted(outcomes, key=lambda one: -one.rates):
        look = look_of(outcome.provider)
        lines.append(f":{look.colour}[{look.glyph}] **{plain(outcome.name)}:** {plain(outcome_words(outcome))}")
    st.markdown("\\\n".join(lines))
    if taken := other_notes(notes):
        with st.expander("What was taken for granted", type="compact", key="compare_notes"):
            st.markdown("\n".join(f"- {plain(note)}" for note in taken))


def outcome_words(outcome: ProviderOutcome) -> str:
    """What came of asking one provider: how many rates, or why none."""
    reason = in_words(outcome.reason or "")
    if outcome.status == "rates":
        return " · ".join(part for part in (count(outcome.rates, "rate"), reason) if part)
    state, usual = _STATES[outcome.status]
    said = reason or usual
    return said if not state or said.casefold().startswith(state.casefold()) else f"{state}: {said}"


def freshness(shipment: Shipment) -> str:
    """What was asked, and until when the prices can be bought, in words."""
    weight = sum(parcel.weight or 0 for parcel in shipment.parcels)
    what = count(len(shipment.parcels), "parcel") + (f", {pounds(weight)}" if weight else "")
    now = utc_now()
    if now >= shipment.rates_expire_at:
        return f"{what} · :red[:material/schedule: Expired {ago(shipment.rates_expire_at, now)}]"
    return f"{what} · :material/schedule: Prices can be bought for {left(shipment.rates_expire_at, now)} more"


@st.fragment(run_every=_LOOK_AGAIN)
def draw_freshness(shipment: Shipment, was_live: bool) -> None:
    """The countdown, kept up to date; when it runs out the whole page is drawn anew."""
    st.caption(freshness(shipment))
    if was_live and utc_now() >= shipment.rates_expire_at:
        st.rerun()


def service_chip(rate: Rate) -> str:
    """A rate's service as Markdown behind its provider's coloured glyph."""
    look = look_of(rate.provider.id)
    return f":{look.colour}[{look.glyph}] {plain(tables.service_name(rate))}"


def chosen() -> str | None:
    """The id of the rate chosen on this page."""
    found: str | None = st.session_state.get(SELECTED)
    return found


def choose(rate_id: str) -> None:
    """Make a rate the chosen one."""
    st.session_state[SELECTED] = rate_id


def _chosen_in_chart() -> None:
    points = st.session_state[_CHART].selection.points
    if points and points[0].get("customdata"):
        found = points[0]["customdata"]
        choose(found[0] if isinstance(found, list) else found)


def _chosen_in_table(ids: Sequence[str]) -> None:
    rows = st.session_state[_TABLE].selection.rows
    if rows:
        choose(ids[rows[0]])


def _draw_list(breakdown: Breakdown) -> None:
    until = f" to {calendar_day(breakdown.until)}" if breakdown.until else ""
    period = "" if breakdown.in_period else " :orange-badge[Out of its period]"
    estimate = " :orange-badge[Estimate]" if breakdown.is_estimate else ""
    zone = plain(breakdown.zone)
    zones = {
        "chart": f"Zone **{zone}** (the carrier's zone chart).",
        "distance": f"Zone **{zone}** (distance, an estimate).",
        "none": "The price does not depend on a zone.",
    }
    st.markdown(
        f"Price list **{plain(breakdown.price_list)}**, in force from {calendar_day(breakdown.effective)}{until}."
        f"{period} {zones[breakdown.zone_source]}{estimate}"
    )
